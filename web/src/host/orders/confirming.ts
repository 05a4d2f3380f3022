import type { Order } from '../../../../src/protocol/order.js';
import type { CommandError } from '../../shared/messages.js';
import { api, patiently } from '../api.js';
import { noteOrderWaiting, waitingOrder } from './waiting.js';

/** What became of one transfer: `already` by somebody else, `over` when the order had ended, `gone` when its stock had. */
export interface Confirmed {
  order: Order;
  outcome: 'paid' | 'already' | 'over' | 'gone' | 'failed';
  error?: CommandError;
}

/** At once: more would only queue in the server. */
const WORKERS = 4;

/** Confirms each transfer by itself, so that one that cannot be confirmed keeps no other back. */
export async function confirmMany(
  orders: readonly Order[],
  onProgress: (done: number) => void,
): Promise<Confirmed[]> {
  const left = [...orders];
  const confirmed: Confirmed[] = [];
  const work = async () => {
    for (let order = left.shift(); order !== undefined; order = left.shift()) {
      confirmed.push(await confirmOne(order));
      onProgress(confirmed.length);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return confirmed;
}

async function confirmOne(order: Order): Promise<Confirmed> {
  // News may have come since it was chosen; a confirmation of what has ended would be late money.
  const isOpen = waitingOrder(order.orderId)?.status === 'awaiting_payment';
  const outcome = await (isOpen
    ? patiently(() => api.confirmPayment(order.orderId))
    : api.order(order.orderId));
  if (!outcome.ok) return { order, outcome: 'failed', error: outcome.error };
  const now = outcome.data.order;
  noteOrderWaiting(now);
  if (now.status === 'paid') return { order: now, outcome: isOpen ? 'paid' : 'already' };
  return { order: now, outcome: now.status === 'needs_refund' ? 'gone' : 'over' };
}
