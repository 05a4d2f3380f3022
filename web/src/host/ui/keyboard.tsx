import { signal } from '@preact/signals';
import { go, PAGES } from '../route.js';
import { singleKeysOn } from '../state/prefs.js';

export const helpOpen = signal(false);

/** What each key does now: pages lay theirs over the console's. */
const layers: Record<string, () => void>[] = [];

/** Adds a page's keys for as long as it is shown. */
export function onKeys(keys: Record<string, () => void>): () => void {
  layers.push(keys);
  return () => {
    const index = layers.indexOf(keys);
    if (index >= 0) layers.splice(index, 1);
  };
}

/** Keys that may act again and again while they are held down. */
const REPEATED = ['j', 'k', 'ArrowDown', 'ArrowUp'];
/** Whether the focus was last moved by Tab: then Space and Enter are the focused control's. */
let focusByKeyboard = false;

function handle(event: KeyboardEvent): void {
  if (event.key === 'Tab') focusByKeyboard = true;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey) return;
  // A window has its own keys, and who types into a field means letters.
  if (document.querySelector('dialog[open]') !== null || isTyping(event.target)) return;
  if (event.altKey) {
    const page = PAGES[Number(event.code.replace('Digit', '')) - 1];
    if (page !== undefined) {
      event.preventDefault();
      go(page);
    }
    return;
  }
  if (!singleKeysOn.value) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.repeat && !REPEATED.includes(key)) return;
  if (key === ' ' && !takesSpace(event.target)) return;
  if (key.startsWith('Arrow') && isScrolling(event.target)) return;
  const act = layers
    .map((keys) => keys[key])
    .reverse()
    .find((found) => found !== undefined);
  if (act === undefined) return;
  event.preventDefault();
  act();
}

/** A button that was clicked keeps the focus without anybody knowing; Space is the page's all the same. */
function takesSpace(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || target === document.body) return true;
  if (target.id === 'main') return true;
  if (focusByKeyboard) return false;
  target.blur();
  return true;
}

function isScrolling(target: EventTarget | null): boolean {
  return (
    focusByKeyboard && target instanceof HTMLElement && target.closest('.panel-list') === target
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}

/** Listens for the life of the page. */
export function startKeyboard(): void {
  onKeys({
    '?': () => {
      helpOpen.value = true;
    },
  });
  addEventListener('keydown', handle);
  addEventListener('pointerdown', () => {
    focusByKeyboard = false;
  });
}

/** The letter that does the same as the button; shown only, for `aria-keyshortcuts` says it. */
export function KeyHint({ letter }: { letter: string }) {
  if (!singleKeysOn.value) return null;
  return (
    <span class="key" aria-hidden="true">
      {letter}
    </span>
  );
}
