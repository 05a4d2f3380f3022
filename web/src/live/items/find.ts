import { batch, computed, signal } from '@preact/signals';
import { bookingsByItem, waitsByItem } from '../me.js';
import { type Group, groups } from './groups.js';
import { choseByHand } from './guard.js';

/** What the viewer looks for among the rows. */

export const words = signal('');
export const onlyMine = signal(false);

export function look(change: { words?: string; onlyMine?: boolean }): void {
  choseByHand();
  batch(() => {
    if (change.words !== undefined) words.value = change.words;
    if (change.onlyMine !== undefined) onlyMine.value = change.onlyMine;
  });
}

/** Each word is a part of the name, or the beginning of a code. */
function isFound({ members }: Group, wanted: readonly string[]): boolean {
  return members.some(({ details }) => {
    const name = details.value.name.toLowerCase();
    const code = details.value.code.toLowerCase();
    return wanted.every((word) => name.includes(word) || code.startsWith(word));
  });
}

function isMine({ members }: Group): boolean {
  return members.some(
    ({ itemId }) => bookingsByItem.value.has(itemId) || waitsByItem.value.has(itemId),
  );
}

/** In the host's order, always. */
export const found = computed<readonly Group[]>(() => {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0 && !onlyMine.value) return groups.value;
  return groups.value.filter(
    (group) => isFound(group, wanted) && (!onlyMine.value || isMine(group)),
  );
});

/** Brings the row into view, and the focus to it. */
export function jumpTo(key: string): void {
  look({ words: '', onlyMine: false });
  requestAnimationFrame(() => {
    const row = document.getElementById(`row-${key}`);
    row?.scrollIntoView({ block: 'center' });
    row?.focus({ preventScroll: true });
  });
}
