import { computed, signal } from '@preact/signals';
import type { Order } from '../../../../src/protocol/order.js';
import { api, everyRow } from './api.js';
import { remember } from './people.js';
import { isOwner } from './session.js';

/** Orders that wait for something: for the host's word, for a refund, or for the customer's banking app. */
const open = signal<ReadonlyMap<string, Order>>(new Map());
const MOST = 2_000;

/** Money of theirs must go back to the buyer. */
export const refunds = computed(() => pick(isRefundDue));
/** To be confirmed when the money is there: what buyers say they have sent comes first, the earliest before all. */
export const transfers = computed(() =>
  pick(isTransferAwaited).sort((a, b) => claimedAt(a) - claimedAt(b)),
);
export const othersWaiting = computed(
  () => pick((order) => !isRefundDue(order) && !isTransferAwaited(order)).length,
);

/** Those that run out first come first. */
function pick(wanted: (order: Order) => boolean): Order[] {
  return [...open.value.values()].filter(wanted).sort((a, b) => a.expiresAt - b.expiresAt);
}

export function isRefundDue({ status, refunds: its }: Order): boolean {
  return status === 'needs_refund' || its?.some((refund) => refund.status === 'open') === true;
}

function isTransferAwaited({ status, transferOpened }: Order): boolean {
  return status === 'awaiting_payment' && transferOpened === true;
}

function claimedAt({ payment }: Order): number {
  return payment?.claimedAt ?? Number.MAX_SAFE_INTEGER;
}

/** The order as last received, while it waits for something. */
export function waitingOrder(orderId: string): Order | undefined {
  return open.peek().get(orderId);
}

export async function loadWaiting(): Promise<void> {
  const heardMeanwhile = new Map<string, Order>();
  meanwhile = heardMeanwhile;
  const [awaiting, refund] = await Promise.all([
    everyRow((page) => api.orders({ ...page, status: 'awaiting_payment' }), { most: MOST }),
    everyRow((page) => api.orders({ ...page, status: 'needs_refund' }), { most: MOST }),
  ]);
  if (meanwhile !== heardMeanwhile) return;
  meanwhile = null;
  if (!awaiting.ok || !refund.ok) return;
  const rows = [...awaiting.data, ...refund.data];
  open.value = new Map(rows.map((order) => [order.orderId, order]));
  for (const order of heardMeanwhile.values()) noteOrderWaiting(order);
  remember(...rows.map((order) => order.viewer));
}

/**
 * Money also goes back of orders that are paid, or await another payment; there are few, and their refunds name them.
 * Helpers may not ask for refunds.
 */
export async function loadOwedBeside(): Promise<void> {
  if (!isOwner.value) return;
  const owed = await everyRow((page) => api.refunds({ ...page, status: 'open' }), { most: MOST });
  if (!owed.ok) return;
  for (const orderId of new Set(owed.data.map((refund) => refund.orderId))) {
    if (waitingOrder(orderId) !== undefined) continue;
    const outcome = await api.order(orderId);
    if (!outcome.ok) return;
    remember(outcome.data.order.viewer);
    noteOrderWaiting(outcome.data.order);
  }
}

/** What events said while the lists were on their way is newer than the lists. */
let meanwhile: Map<string, Order> | null = null;

/** Takes in an order's new state; true when it has just become the host's to deal with. */
export function noteOrderWaiting(order: Order): boolean {
  meanwhile?.set(order.orderId, order);
  const before = open.value.get(order.orderId);
  const next = new Map(open.value);
  const waits = order.status === 'awaiting_payment' || isRefundDue(order);
  if (waits) next.set(order.orderId, order);
  else next.delete(order.orderId);
  open.value = next;
  return waits && needsHost(order) && (before === undefined || !needsHost(before));
}

function needsHost(order: Order): boolean {
  return isRefundDue(order) || order.transferOpened === true;
}

/** Chosen in the list of orders, as it was filtered: who comes back from printing goes on with them, to mark them as packed. */
export const chosenOrders = { ids: signal<ReadonlySet<string>>(new Set()), filter: '' };

export function resetWaiting(): void {
  chosenOrders.ids.value = new Set();
  meanwhile = null;
  open.value = new Map();
}

/** What a transfer is expected to be of: with the unique part, where the shop has them. */
export function amountDue({ payment, total }: Order): number {
  return payment?.method === 'bank_transfer' ? payment.amount : total;
}

/** The codes of orders that expect the same amount, by that amount. */
export type SameAmounts = ReadonlyMap<number, readonly string[]>;

export function sameAmounts(orders: readonly Order[]): SameAmounts {
  const codes = new Map<number, string[]>();
  for (const order of orders) {
    const amount = amountDue(order);
    codes.set(amount, [...(codes.get(amount) ?? []), order.code]);
  }
  return new Map([...codes].filter(([, those]) => those.length > 1));
}
