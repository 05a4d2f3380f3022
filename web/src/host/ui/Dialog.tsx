import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { Outcome } from '../../../../src/client/index.js';
import type { CommandError } from '../../shared/messages.js';
import { hostErrorText } from '../messages/errors.js';
import { shell } from '../messages/shell.js';
import { Icon } from './Icon.js';

/**
 * A modal window. The platform's own dialog keeps the focus inside, closes on Escape and gives the focus back
 * to what opened it.
 */
export function Dialog({
  title,
  onClose,
  wide = false,
  children,
}: {
  title: string;
  onClose: () => void;
  wide?: boolean;
  children: ComponentChildren;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Before the next key can come: who types at once after the shortcut types into the window.
  useLayoutEffect(() => {
    const dialog = element.current;
    const opener = document.activeElement;
    dialog?.showModal();
    const first = dialog?.querySelector<HTMLInputElement>('[data-autofocus]');
    first?.focus();
    first?.select?.();
    return () => {
      dialog?.close();
      // Taken out of the page rather than closed by the platform, it must hand the focus back itself.
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={`dialog${wide ? ' dialog-wide' : ''}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        // A picker of files says so too, when it is put away, and it bubbles.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
    >
      <div class="dialog-head">
        <h2 id={titleId}>{title}</h2>
        <button type="button" class="icon-button" aria-label={shell('close')} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      {children}
    </dialog>
  );
}

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

/** Asks before something that cannot be taken back, does it, and stays open to show why it was refused. */
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
