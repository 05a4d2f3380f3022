import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Outcome } from '../../../../src/client/index.js';
import type { CommandError } from '../../shared/messages.js';
import { hostErrorText } from '../messages/errors.js';
import { shell } from '../messages/shell.js';
import { Dialog } from './Dialog.js';

/** The form of a dialog: its fields, why it was refused as a whole, and the buttons. One submission at a time. */
export function SubmitForm({
  yes,
  no = shell('cancel'),
  danger = false,
  focusYes = false,
  byButton = false,
  submit,
  onClose,
  children,
}: {
  /** The word of the button that submits. */
  yes: string;
  no?: string;
  danger?: boolean;
  /** Enter answers yes, as soon as it is let go of. */
  focusYes?: boolean;
  /** Enter in a field does not answer. */
  byButton?: boolean;
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
    // biome-ignore lint/a11y/noNoninteractiveElementInteractions: what a key does in its fields is the form's matter
    <form
      class="dialog-form"
      noValidate
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !mayAnswer(event, byButton)) event.preventDefault();
      }}
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
        <button
          type="submit"
          class={`button ${danger ? 'button-danger' : 'button-primary'}`}
          aria-disabled={busy.value}
          data-autofocus={focusYes || undefined}
        >
          {yes}
        </button>
      </div>
    </form>
  );
}

/** Whether this Enter may: the one that opened the window may still be held down. A text of many lines has a use of its own for it. */
function mayAnswer({ target, repeat }: KeyboardEvent, byButton: boolean): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return !repeat && !(byButton && target instanceof HTMLInputElement);
}

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
  const submit = async () => {
    const outcome = await run();
    if (!outcome.ok) return outcome.error;
    onClose();
    return null;
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <SubmitForm yes={yes} no={no} danger={danger} submit={submit} onClose={onClose} byButton>
        {children}
      </SubmitForm>
    </Dialog>
  );
}
