import type { Outcome } from '../../../../src/client/index.js';
import type { ItemView } from '../../../../src/protocol/item.js';
import type { Live } from '../../../../src/protocol/live.js';
import { number, rupiah } from '../../shared/format.js';
import { toast } from '../../shared/toast.js';
import { api } from '../api.js';
import { noteLive } from '../lives/lives.js';
import { cockpit } from '../messages/cockpit.js';
import { hostErrorText } from '../messages/errors.js';
import { runUnlessUndone } from '../pending.js';
import { learn, live } from './room.js';

/** What the seller does in the cockpit: sends it, shows the answer at once, and says what came of it. */

export const endKey = (liveId: string) => `end:${liveId}`;
export const closeKey = (itemId: string) => `close:${itemId}`;

type Named = Pick<ItemView, 'itemId' | 'name'>;

async function report<Data>(
  sent: Promise<Outcome<Data>>,
  done: (data: Data) => string,
): Promise<Outcome<Data>> {
  const outcome = await sent;
  if (outcome.ok) toast(done(outcome.data), 'good');
  else toast(hostErrorText(outcome.error), 'bad');
  return outcome;
}

function took(updated: Live): void {
  noteLive(updated);
  learn({ live: updated });
}

export async function startLive(liveId: string): Promise<void> {
  await report(api.startLive(liveId), (data) => {
    took(data.live);
    return cockpit('started');
  });
}

export function endLive(liveId: string): void {
  runUnlessUndone(endKey(liveId), cockpit('ending'), () => {
    void report(api.endLive(liveId), (data) => {
      took(data.live);
      return cockpit('ended');
    });
  });
}

export async function togglePin(item: Named): Promise<void> {
  const current = live.peek();
  if (current === null) return;
  const pinned = current.pinnedItemId === item.itemId;
  await report(
    api.patchLive(current.liveId, { pinnedItemId: pinned ? null : item.itemId }),
    (data) => {
      took(data.live);
      return pinned ? cockpit('itemUnpinned') : cockpit('itemPinned', { name: item.name });
    },
  );
}

/** Opening is harmless and happens at once; closing turns viewers away, and can be undone for five seconds. */
export function toggleOpen(item: Named & { open: boolean }): void {
  if (item.open) {
    runUnlessUndone(closeKey(item.itemId), cockpit('closing', { name: item.name }), () => {
      void setOpen(item, false);
    });
  } else {
    void setOpen(item, true);
  }
}

async function setOpen(item: Named, open: boolean): Promise<void> {
  await report(api.patchItem(item.itemId, { open }), (data) => {
    learn(data);
    return cockpit(open ? 'itemOpened' : 'itemClosed', { name: item.name });
  });
}

export async function changePrice(item: Named, price: number): Promise<Outcome<unknown>> {
  const outcome = await api.patchItem(item.itemId, { price });
  if (outcome.ok) {
    learn(outcome.data);
    toast(cockpit('priceChanged', { name: item.name, price: rupiah(price) }), 'good');
  }
  return outcome;
}

/**
 * The request id is the caller's, who keeps it until there is an answer: pressing again after a lost answer
 * then adds nothing twice.
 */
export async function restock(
  item: Named,
  quantity: number,
  requestId: string,
): Promise<Outcome<{ item: ItemView }>> {
  const outcome = await api.restock(item.itemId, { quantity, requestId });
  if (outcome.ok) {
    learn(outcome.data);
    const count = number(outcome.data.item.available);
    toast(cockpit('restocked', { name: item.name, count }), 'good');
  }
  return outcome;
}
