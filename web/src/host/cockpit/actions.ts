import { newRequestId, type Outcome } from '../../../../src/client/index.js';
import type { ItemView } from '../../../../src/protocol/item.js';
import type { Live } from '../../../../src/protocol/live.js';
import { announce } from '../../shared/announce.js';
import { number } from '../../shared/format.js';
import { common } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { cockpit } from '../messages/cockpit.js';
import { hostErrorText } from '../messages/errors.js';
import { shell } from '../messages/shell.js';
import { api } from '../state/api.js';
import { runUnlessUndone } from '../state/pending.js';
import { learn, live, stock } from '../state/room.js';
import { noteLive } from '../state/shop.js';
import { movedByHand, nextUp, select } from './selection.js';

/** What the seller does in the cockpit: sends it, shows the answer at once, and says what came of it. */

export const closeKey = (itemId: string) => `close:${itemId}`;

type Named = Pick<ItemView, 'itemId' | 'name'>;
/** Said on camera, and short enough for any message. */
type Coded = Named & Pick<ItemView, 'code'>;

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

export async function startLive({ liveId, status }: Live): Promise<Outcome<unknown>> {
  return await report(api.startLive(liveId), (data) => {
    took(data.live);
    return cockpit(status === 'ended' ? 'reopened' : 'started');
  });
}

export async function endLive(liveId: string): Promise<Outcome<unknown>> {
  return await report(api.endLive(liveId), (data) => {
    took(data.live);
    return cockpit('ended');
  });
}

export async function togglePin(item: Named): Promise<void> {
  const current = live.peek();
  if (current === null) return;
  const pinned = current.pinnedItemId === item.itemId;
  movedByHand(item.itemId);
  const outcome = await api.patchLive(current.liveId, {
    pinnedItemId: pinned ? null : item.itemId,
  });
  if (!outcome.ok) {
    toast(hostErrorText(outcome.error), 'bad');
    return;
  }
  took(outcome.data.live);
  // It is plain to see, and happens every minute.
  announce(pinned ? cockpit('itemUnpinned') : cockpit('itemPinned', { name: item.name }));
}

/** Shows the viewers the next item. */
export async function pinNext(): Promise<void> {
  const next = nextUp.peek();
  if (next !== null) await togglePin(next.details.peek());
}

/** Puts an item at the end of the live that the cockpit is in, and in the seller's hand. */
export async function featureItem(item: Named): Promise<void> {
  const current = live.peek();
  if (current === null) return;
  const itemIds = [...current.itemIds, item.itemId];
  const outcome = await api.patchLive(current.liveId, { itemIds });
  if (outcome.ok) {
    took(outcome.data.live);
    select(item.itemId);
    return;
  }
  toast(`${cockpit('notFeatured', { name: item.name })} ${hostErrorText(outcome.error)}`, 'bad', {
    action: { label: common('retry'), run: () => void featureItem(item) },
  });
}

/** Opening is harmless and happens at once; closing turns viewers away, and can be undone for five seconds. */
export function toggleOpen(item: Coded & { open: boolean }): void {
  if (item.open) {
    runUnlessUndone(closeKey(item.itemId), cockpit('closing', { code: item.code }), () => {
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

/** Request ids of steps whose answer was lost, by item and amount: pressing again is then the same command. */
const unanswered = new Map<string, string>();

/** Adds at once, for there is no time for a window while selling; a slip can be undone from the message. */
export async function addStock(item: Coded, quantity: number): Promise<void> {
  const step = `${item.itemId} ${quantity}`;
  const requestId = unanswered.get(step) ?? newRequestId();
  unanswered.delete(step);
  const hadWaiting = (stock.get(item.itemId)?.stock.peek().waiting ?? 0) > 0;
  const outcome = await api.restock(item.itemId, { quantity, requestId });
  const isUnknown =
    !outcome.ok && (outcome.error.code === 'TIMEOUT' || outcome.error.code === 'OFFLINE');
  if (isUnknown) unanswered.set(step, requestId);
  if (!outcome.ok) {
    toast(hostErrorText(outcome.error), 'bad');
    return;
  }
  learn(outcome.data);
  const { available, waiting } = outcome.data.item;
  const words = { code: item.code, count: number(available), waiting: number(waiting) };
  const undoIt = { label: shell('undo'), run: () => void addStock(item, -quantity) };
  toast(
    cockpit(hadWaiting && quantity > 0 ? 'stockToLine' : 'stockNow', words),
    'good',
    quantity > 0 ? { action: undoIt } : {},
  );
}
