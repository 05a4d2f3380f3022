import { batch, computed, signal } from '@preact/signals';
import type { Booking } from '../../../src/protocol/booking.js';
import type { Checkout } from '../../../src/protocol/checkout.js';
import type { Order } from '../../../src/protocol/order.js';
import type { Me, ViewerStatus } from '../../../src/protocol/viewer.js';

/** What the viewer has in this shop. Answers and events of two connections may arrive in any order. */

export const profile = signal<{ viewerId: string; name: string; status: ViewerStatus } | null>(
  null,
);
export const reputation = signal(100);
/** The cart: held bookings, oldest first. */
export const bookings = signal<readonly Booking[]>([]);
export const checkout = signal<Checkout | null>(null);
/** Newest first. */
export const orders = signal<readonly Order[]>([]);

export const cartQuantity = computed(() =>
  bookings.value.reduce((total, booking) => total + booking.quantity, 0),
);
export const cartTotal = computed(() =>
  bookings.value.reduce((total, booking) => total + booking.quantity * booking.unitPrice, 0),
);
export const unpaidOrders = computed(() =>
  orders.value.filter((order) => order.status === 'awaiting_payment'),
);
/** Held bookings of each item, so that a card looks at its own alone. */
export const bookingsByItem = computed(() => {
  const byItem = new Map<string, Booking[]>();
  for (const booking of bookings.value) {
    byItem.set(booking.itemId, [...(byItem.get(booking.itemId) ?? []), booking]);
  }
  return byItem;
});

/** A booking ends once: whatever says "held" after that is old news. */
const ended = new Set<string>();

export function applyMe(me: Me | undefined): void {
  batch(() => {
    profile.value =
      me === undefined ? null : { viewerId: me.viewerId, name: me.name, status: me.status };
    reputation.value = me?.reputation ?? 100;
    bookings.value = me?.bookings ?? [];
    checkout.value = me?.checkout ?? null;
    orders.value = me?.orders ?? [];
  });
}

/** Returns what was known of the booking before, to tell news from repeats. */
export function applyBooking(booking: Booking): Booking | undefined {
  const known = bookings.value.find((other) => other.bookingId === booking.bookingId);
  if (booking.status === 'held') {
    if (!ended.has(booking.bookingId)) keepHeld(booking, known);
    return known;
  }
  ended.add(booking.bookingId);
  batch(() => {
    bookings.value = bookings.value.filter((other) => other.bookingId !== booking.bookingId);
    if (booking.status === 'ordered') leaveCheckoutOf(booking);
  });
  return known;
}

function keepHeld(booking: Booking, known: Booking | undefined): void {
  if (known === undefined) {
    bookings.value = [...bookings.value, booking].sort((a, b) => a.createdAt - b.createdAt);
    return;
  }
  // Only a cancel of a part changes a held booking, and it only takes away.
  const quantity = Math.min(known.quantity, booking.quantity);
  bookings.value = bookings.value.map((other) =>
    other.bookingId === booking.bookingId ? { ...booking, quantity } : other,
  );
}

/** Another tab placed the order: its checkout is this tab's too, and it is over. */
function leaveCheckoutOf(booking: Booking): void {
  const lines = checkout.value?.lines ?? [];
  if (lines.some((line) => line.bookingId === booking.bookingId)) checkout.value = null;
}

/** Returns what was known of the order before. */
export function applyOrder(order: Order): Order | undefined {
  const known = orders.value.find((other) => other.orderId === order.orderId);
  if (known === undefined) {
    orders.value = [order, ...orders.value].sort((a, b) => b.createdAt - a.createdAt);
  } else if (order.status !== 'awaiting_payment' || known.status === 'awaiting_payment') {
    orders.value = orders.value.map((other) => (other.orderId === order.orderId ? order : other));
  }
  return known;
}

export function endCheckout(checkoutId: string): boolean {
  if (checkout.value?.checkoutId !== checkoutId) return false;
  checkout.value = null;
  return true;
}
