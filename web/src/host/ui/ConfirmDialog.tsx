import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Outcome } from '../../../../src/client/index.js';
import type { CommandError } from '../../shared/messages.js';
import { hostErrorText } from '../messages/errors.js';
import { Dialog } from './Dialog.js';

/** Asks before something that cannot be taken back, does it, and stays open to tell if it was refused. */
export function ConfirmDialog({
  title,
  yes,
  no,
  danger = false,
  run,
  onClose,
  children,
}: {
  title: string;
  yes: string;
  no: string;
  danger?: boolean;
  run: () => Promise<Outcome<unknown>>;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const busy = useSignal(false);
  const error = useSignal<CommandError | null>(null);
  const confirm = async () => {
    busy.value = true;
    const outcome = await run();
    busy.value = false;
    if (outcome.ok) onClose();
    else error.value = outcome.error;
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="dialog-body">
        {children}
        {error.value !== null && (
          <p class="field-error" role="alert">
            {hostErrorText(error.value)}
          </p>
        )}
      </div>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={onClose}>
          {no}
        </button>
        <button
          type="button"
          class={`button ${danger ? 'button-danger' : 'button-primary'}`}
          disabled={busy.value}
          onClick={() => void confirm()}
        >
          {yes}
        </button>
      </div>
    </Dialog>
  );
}
