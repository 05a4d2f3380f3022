import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { CommandError } from '../../shared/messages.js';
import { Dialog } from '../ui/Dialog.js';

/** A form in a panel of the settings: its fields and one button. One submission at a time. */
export function PanelForm({
  yes,
  adds = false,
  quiet = false,
  isReady,
  submit,
  children,
}: {
  /** The word of the button that submits. */
  yes: string;
  /** In a frame of its own above the list that it adds to. */
  adds?: boolean;
  quiet?: boolean;
  isReady: boolean;
  /** Answers why it was refused, or null. */
  submit: () => Promise<CommandError | null>;
  /** The fields; they show why the last submission was refused. */
  children: (refusal: CommandError | null) => ComponentChildren;
}) {
  const isBusy = useSignal(false);
  const refusal = useSignal<CommandError | null>(null);
  const run = async () => {
    if (isBusy.peek()) return;
    isBusy.value = true;
    refusal.value = await submit();
    isBusy.value = false;
  };
  return (
    <form
      class={adds ? 'add-form' : undefined}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      {children(refusal.value)}
      <p class="panel-actions">
        <button
          type="submit"
          class={`button${quiet ? '' : ' button-primary'}`}
          disabled={isBusy.value || !isReady}
        >
          {yes}
        </button>
      </p>
    </form>
  );
}

/** Shows what cannot be looked up again, such as a secret: until it has been kept. */
export function ShownOnce({
  title,
  done,
  onClose,
  children,
}: {
  title: string;
  done: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="dialog-body">{children}</div>
      <div class="dialog-foot">
        <button type="button" class="button button-primary" onClick={onClose}>
          {done}
        </button>
      </div>
    </Dialog>
  );
}
