import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { CommandError } from '../../shared/messages.js';
import { hostErrorText } from '../messages/errors.js';
import { shell } from '../messages/shell.js';

/** The form of a dialog: its fields, why it was refused as a whole, and the buttons. One submission at a time. */
export function SubmitForm({
  yes,
  no = shell('cancel'),
  submit,
  onClose,
  children,
}: {
  /** The word of the button that submits. */
  yes: string;
  no?: string;
  /** Answers why it was refused; null when it was not, or when the fields say why. */
  submit: () => Promise<CommandError | null>;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const busy = useSignal(false);
  const refusal = useSignal<CommandError | null>(null);
  const run = async () => {
    if (busy.peek()) return;
    busy.value = true;
    refusal.value = null;
    refusal.value = await submit();
    busy.value = false;
  };
  return (
    <form
      class="dialog-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <div class="dialog-body">
        {children}
        {refusal.value !== null && (
          <p class="field-error" role="alert">
            {hostErrorText(refusal.value)}
          </p>
        )}
      </div>
      <div class="dialog-foot">
        <button type="button" class="button" onClick={onClose}>
          {no}
        </button>
        <button type="submit" class="button button-primary" aria-disabled={busy.value}>
          {yes}
        </button>
      </div>
    </form>
  );
}
