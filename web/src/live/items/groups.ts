import { computed, type Signal, signal } from '@preact/signals';
import type { ItemEntry } from '../../shared/stock.js';
import { bookingsByItem, waitsByItem } from '../me.js';
import { live, stock } from '../state.js';
import { choseByHand } from './guard.js';

/** Items that are one thing in several variants: their names are the same before " / ". One item may be all there is. */
export interface Group {
  /** Of the first one. */
  key: string;
  name: string;
  members: readonly ItemEntry[];
}

const SEPARATOR = ' / ';

function stemOf(name: string): string {
  const at = name.indexOf(SEPARATOR);
  return at <= 0 ? name : name.slice(0, at);
}

/** What distinguishes a variant from the others of its group. */
export function variantOf(name: string): string {
  const at = name.indexOf(SEPARATOR);
  return at <= 0 ? name : name.slice(at + SEPARATOR.length);
}

/** The live's items in the host's order, each group where its first one stands. */
export const groups = computed<readonly Group[]>(() => {
  const known = new Map(stock.entries.value.map((entry) => [entry.itemId, entry]));
  const byStem = new Map<string, ItemEntry[]>();
  for (const itemId of live.value?.itemIds ?? []) {
    // Items that the page does not know yet come with the snapshot that is then asked for.
    const entry = known.get(itemId);
    if (entry === undefined) continue;
    const stem = stemOf(entry.details.value.name);
    byStem.set(stem, [...(byStem.get(stem) ?? []), entry]);
  }
  return [...byStem].flatMap(([stem, members]) => {
    const [first] = members;
    if (first === undefined) return [];
    const name = members.length > 1 ? stem : first.details.value.name;
    return [{ key: first.itemId, name, members }];
  });
});

export function groupOf(itemId: string): Group | undefined {
  return groups.value.find(({ members }) => members.some((entry) => entry.itemId === itemId));
}

/** Which variant of each group the viewer has picked. Nothing else changes it: a size must not slip under a thumb. */

const picks = new Map<string, Signal<string | null>>();

function pickSignal(key: string): Signal<string | null> {
  let pick = picks.get(key);
  if (pick === undefined) {
    pick = signal<string | null>(null);
    picks.set(key, pick);
  }
  return pick;
}

export function pick(group: Group, itemId: string): void {
  choseByHand();
  pickSignal(group.key).value = itemId;
}

/** The one picked; else the one that the viewer has something of; of several none, until they say which. */
export function chosenOf(group: Group): ItemEntry | undefined {
  const { members } = group;
  if (members.length === 1) return members[0];
  const picked = pickSignal(group.key).value;
  return (
    members.find(({ itemId }) => itemId === picked) ??
    members.find(({ itemId }) => bookingsByItem.value.has(itemId)) ??
    members.find(({ itemId }) => waitsByItem.value.has(itemId))
  );
}
