import { computed, effect, signal } from '@preact/signals';
import { featured, live } from '../state/room.js';

/** What the seller looks at beside the pinned item; pinning another leads back to the pinned one. */
const chosen = signal<{ itemId: string; whilePinned: string | null } | null>(null);

const pinnedItemId = computed(() => live.value?.pinnedItemId ?? null);

/** The item that keys and the big buttons act on: the chosen one, else the pinned one, else the first. */
export const selected = computed(() => {
  const wanted =
    chosen.value !== null && chosen.value.whilePinned === pinnedItemId.value
      ? chosen.value.itemId
      : pinnedItemId.value;
  return featured.value.find((entry) => entry.itemId === wanted) ?? featured.value[0] ?? null;
});

/** The open item that follows the pinned one in the live's order; before anything is pinned, the first. */
export const nextUp = computed(() => {
  const entries = featured.value;
  const current = entries.findIndex((entry) => entry.itemId === pinnedItemId.value);
  return entries.slice(current + 1).find((entry) => entry.details.value.open) ?? null;
});

/** The item that this seller, and nobody else, is bringing on show. */
let byHand: string | null = null;
/** When an item that somebody else put there came on show, `performance.now()`. */
let cameFromElsewhere = Number.NEGATIVE_INFINITY;
/** So long after the item on show has changed by itself, a tap may still mean the one before, ms. */
const STRAY_TAP_MS = 600;

export function movedByHand(itemId: string): void {
  byHand = itemId;
}

let onShow: string | null = null;
effect(() => {
  const itemId = selected.value?.itemId ?? null;
  if (onShow !== null && itemId !== null && itemId !== onShow && itemId !== byHand) {
    cameFromElsewhere = performance.now();
  }
  if (itemId !== onShow) byHand = null;
  onShow = itemId;
});

/** Whether a tap on the item on show may have been meant for the one that was there a moment ago. */
export function isStrayTap(): boolean {
  return performance.now() - cameFromElsewhere < STRAY_TAP_MS;
}

export function select(itemId: string): void {
  movedByHand(itemId);
  chosen.value = { itemId, whilePinned: pinnedItemId.peek() };
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
export type Sheet = 'restock' | 'price' | 'bookFor';
export const sheet = signal<
  { what: Sheet; itemId: string; writer?: Writer } | { what: 'add' } | null
>(null);

/** Whom to book for: who wrote a comment, by their account at its source. */
export interface Writer {
  name: string;
  handle: string;
  source: string;
}

export function openSheet(what: Sheet): void {
  const entry = selected.peek();
  if (entry !== null) sheet.value = { what, itemId: entry.itemId };
}
