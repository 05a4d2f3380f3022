import { computed, effect, signal } from '@preact/signals';
import { Api, settle } from '../../../../src/client/index.js';
import type { Order } from '../../../../src/protocol/order.js';
import type { CommandError } from '../../shared/messages.js';
import { hasOlderOrders, orders, profile } from '../me.js';
import { token } from '../session.js';
import { client } from '../state.js';

/** Orders that are too old for the state of the viewer, which has the newest 20: read page by page, when asked for. */

const NEWEST = 20;

interface Older {
  viewerId: string;
  orders: readonly Order[];
  /** Where the next page begins; null when there is none. */
  cursor: string | null | undefined;
}

const older = signal<Older | null>(null);
/** Of whoever is signed in now. */
const own = computed(() =>
  older.value?.viewerId === profile.value?.viewerId ? older.value : null,
);

/** All that is known, newest first. */
export const allOrders = computed(() => {
  const known = new Set(orders.value.map((order) => order.orderId));
  return [...orders.value, ...(own.value?.orders ?? []).filter((one) => !known.has(one.orderId))];
});
export const hasOlder = computed(
  () => (hasOlderOrders.value || orders.value.length >= NEWEST) && own.value?.cursor !== null,
);

/** Reads on until there is something that was not known. Answers why that did not go. */
export async function loadOlder(): Promise<CommandError | null> {
  const viewerId = profile.peek()?.viewerId;
  const before = allOrders.peek().length;
  while (viewerId !== undefined && hasOlder.peek() && allOrders.peek().length === before) {
    const api = new Api({ token: token.peek() });
    const cursor = own.peek()?.cursor;
    const outcome = await settle(api.call('GET /me/orders', { query: { cursor, limit: NEWEST } }));
    if (!outcome.ok) return outcome.error;
    const { items, nextCursor } = outcome.data;
    // As they are now, so that a newer order does not push out one that no page has had.
    const kept = own.peek()?.orders ?? [];
    older.value = { viewerId, orders: [...kept, ...items], cursor: nextCursor };
  }
  return null;
}

/** Takes in an event about an order that is on one of those pages. */
function updateOlder(order: Order): void {
  const known = older.peek();
  if (!known?.orders.some(({ orderId }) => orderId === order.orderId)) return;
  const changed = known.orders.map((one) => (one.orderId === order.orderId ? order : one));
  older.value = { ...known, orders: changed };
}

// From here and not from where the other events are taken: this is loaded when orders are first looked at.
effect(() => {
  client.value?.on('order:updated', ({ order }) => updateOlder(order));
});
