import { computed, signal } from '@preact/signals';
import { featured } from './room.js';

const chosen = signal<string | null>(null);

/** The item that keys and the big buttons act on: the chosen one while it is featured, else the first. */
export const selected = computed(
  () => featured.value.find((entry) => entry.itemId === chosen.value) ?? featured.value[0] ?? null,
);

export function select(itemId: string): void {
  chosen.value = itemId;
}

/** Selects the neighbour `by` places on and brings it into view. */
export function selectNeighbour(by: 1 | -1): void {
  const entries = featured.peek();
  const current = entries.findIndex((entry) => entry.itemId === selected.peek()?.itemId);
  selectNth(Math.min(entries.length - 1, Math.max(0, current + by)));
}

export function selectNth(index: number): void {
  const entry = featured.peek()[index];
  if (entry === undefined) return;
  select(entry.itemId);
  document.getElementById(rowId(entry.itemId))?.scrollIntoView({ block: 'nearest' });
}

export const rowId = (itemId: string) => `item-${itemId}`;

/** The window that is open over the cockpit; keys open them as well as buttons do. */
export type Sheet = 'restock' | 'price';
export const sheet = signal<{ what: Sheet; itemId: string } | null>(null);

export function openSheet(what: Sheet): void {
  const entry = selected.peek();
  if (entry !== null) sheet.value = { what, itemId: entry.itemId };
}
