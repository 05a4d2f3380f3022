import { useSignal } from '@preact/signals';
import { announce } from '../shared/announce.js';
import { common } from '../shared/messages.js';

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
