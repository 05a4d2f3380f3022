import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { announce } from '../shared/announce.js';
import { Icon } from '../shared/Icon.js';
import { type CommandError, common, errorText } from '../shared/messages.js';
import { LanguageButton, ThemeButton } from '../shared/Preferences.js';
import { say } from './messages.js';

/** What several sheets have in them. */

interface Step<Args extends unknown[]> {
  busy: ReadonlySignal<boolean>;
  error: ReadonlySignal<CommandError | null>;
  run: (...args: Args) => void;
}

/** A step of the purchase as a button needs it: one at a time, busy until answered, then the refusal if any. */
export function useStep<Args extends unknown[]>(
  action: (...args: Args) => Promise<CommandError | null>,
): Step<Args> {
  const busy = useSignal(false);
  const error = useSignal<CommandError | null>(null);
  const mounted = useRef(true);
  useEffect(
    () => () => {
      mounted.current = false;
    },
    [],
  );
  const run = async (...args: Args) => {
    if (busy.peek()) return;
    busy.value = true;
    error.value = null;
    const refusal = await action(...args);
    if (!mounted.current) return;
    busy.value = false;
    error.value = refusal;
  };
  return { busy, error, run: (...args) => void run(...args) };
}

/** Why a step was refused, beside the button that asked for it. */
export function Refusal({ error }: { error: CommandError | null }) {
  return (
    <div role="alert">
      {error !== null && (
        <p class="refusal">
          <Icon name="alert" size={18} />
          {errorText(error)}
        </p>
      )}
    </div>
  );
}

/** For `ref`: a question has the focus, and with it is in sight, on the answer that changes nothing. */
export function takeFocus(button: HTMLElement | null): void {
  button?.focus();
}

/** How long the button says that it has copied. */
const SHOWN_MS = 2_500;

/** Copies what has to be typed elsewhere without a mistake. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const isCopied = useSignal(false);
  const copy = async () => {
    if (!(await copied(text))) return;
    isCopied.value = true;
    announce(common('copied'));
    setTimeout(() => {
      isCopied.value = false;
    }, SHOWN_MS);
  };
  return (
    <button
      type="button"
      class="button copy"
      aria-label={isCopied.value ? `${common('copied')}: ${label}` : label}
      onClick={() => void copy()}
    >
      {common(isCopied.value ? 'copied' : 'copy')}
    </button>
  );
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedBySelection(text);
  }
}

/** Where a page has no clipboard: without https, and in browsers inside of apps. */
function copiedBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.className = 'visually-hidden';
  // Within the sheet, or its focus trap would take the selection away.
  const focused = document.activeElement;
  (focused?.parentElement ?? document.body).append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}

/** In the sheet of the account, and in that of signing in for who has none. */
export function Preferences() {
  return (
    <section class="account-part">
      <h3>{say('preferences')}</h3>
      <p class="preferences">
        <LanguageButton />
        <ThemeButton />
      </p>
    </section>
  );
}
