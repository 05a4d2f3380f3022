import { signal } from '@preact/signals';
import { singleKeysOn } from '../prefs.js';
import { go, PAGES } from '../route.js';

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

function handle(event: KeyboardEvent): void {
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
  const act = layers
    .map((keys) => keys[key])
    .reverse()
    .find((found) => found !== undefined);
  if (act === undefined) return;
  event.preventDefault();
  act();
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
}
