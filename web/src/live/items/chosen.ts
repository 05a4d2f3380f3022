import { type Signal, signal } from '@preact/signals';
import type { ItemEntry } from '../../shared/stock.js';
import { bookingsByItem, waitsByItem } from '../me.js';
import type { Group } from './groups.js';
import { choseByHand } from './guard.js';

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
