import { computed } from '@preact/signals';
import type { ItemEntry } from '../../shared/stock.js';
import { live, stock } from '../state.js';

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

/** What tells a variant from the others of its group. */
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
