import { batch, computed, signal } from '@preact/signals';
import type { Booking } from '../../../src/protocol/booking.js';
import type { Checkout } from '../../../src/protocol/checkout.js';
import type { Order } from '../../../src/protocol/order.js';
import type { Me, ViewerStatus } from '../../../src/protocol/viewer.js';

/** What the viewer has in this shop, part by part. */

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

export function applyMe(me: Me | null): void {
  batch(() => {
    const known = profile.peek();
    if (known?.viewerId !== me?.viewerId || known?.status !== me?.status) {
      profile.value = me && { viewerId: me.viewerId, name: me.name, status: me.status };
    }
    reputation.value = me?.reputation ?? 100;
    bookings.value = me?.bookings ?? [];
    checkout.value = me?.checkout ?? null;
    orders.value = me?.orders ?? [];
  });
}
