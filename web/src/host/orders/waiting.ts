import { computed, signal } from '@preact/signals';
import type { Order } from '../../../../src/protocol/order.js';
import { api, everyRow } from '../api.js';
import { remember } from '../people.js';

/** Orders that wait for something: for the host's word, for a refund, or for the customer's banking app. */
const open = signal<ReadonlyMap<string, Order>>(new Map());
const MOST = 2_000;

export const refunds = computed(() => pick((order) => order.status === 'needs_refund'));
export const transfers = computed(() =>
  pick((order) => order.status === 'awaiting_payment' && order.transferOpened === true),
);
export const othersWaiting = computed(
  () => open.value.size - refunds.value.length - transfers.value.length,
);

/** Those that run out first come first. */
function pick(wanted: (order: Order) => boolean): Order[] {
  return [...open.value.values()].filter(wanted).sort((a, b) => a.expiresAt - b.expiresAt);
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

/** What events said while the lists were on their way is newer than the lists. */
let meanwhile: Map<string, Order> | null = null;

/** Takes in an order's new state; true when it has just become the host's to deal with. */
export function noteOrderWaiting(order: Order): boolean {
  meanwhile?.set(order.orderId, order);
  const before = open.value.get(order.orderId);
  const next = new Map(open.value);
  const waits = order.status === 'awaiting_payment' || order.status === 'needs_refund';
  if (waits) next.set(order.orderId, order);
  else next.delete(order.orderId);
  open.value = next;
  return waits && needsHost(order) && (before === undefined || !needsHost(before));
}

function needsHost(order: Order): boolean {
  return order.status === 'needs_refund' || order.transferOpened === true;
}

export function resetWaiting(): void {
  meanwhile = null;
  open.value = new Map();
}
