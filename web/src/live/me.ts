import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Booking } from '../../../src/protocol/booking.js';
import type { Checkout } from '../../../src/protocol/checkout.js';
import type { Order } from '../../../src/protocol/order.js';
import type { Recipient } from '../../../src/protocol/recipient.js';
import type { Me, ViewerStatus } from '../../../src/protocol/viewer.js';
import type { WaitlistEntry } from '../../../src/protocol/waitlist.js';
import { serverNow } from '../shared/clock.js';
import { rules } from './state.js';

/** What the viewer has in this shop, part by part. */

export const profile = signal<{ viewerId: string; name: string; status: ViewerStatus } | null>(
  null,
);
export const reputation = signal(100);
/** The cart: held bookings, oldest first. */
export const bookings = signal<readonly Booking[]>([]);
export const checkout = signal<Checkout | null>(null);
/** Who got the last parcel, or who is remembered for the next one. */
export const recipient = signal<Recipient | null>(null);
/** What the viewer may do at their reputation; null while nobody is signed in. */
export const rights = signal<Me['rights'] | null>(null);
/** Places in waiting lines, oldest first. */
const waits = signal<readonly WaitlistEntry[]>([]);
/** Newest first. */
export const orders = signal<readonly Order[]>([]);
/** There may be more than these. */
export const hasOlderOrders = signal(false);

export const cartQuantity = computed(() =>
  bookings.value.reduce((total, booking) => total + booking.quantity, 0),
);
export const cartTotal = computed(() =>
  bookings.value.reduce((total, booking) => total + booking.quantity * booking.unitPrice, 0),
);
export const unpaidOrders = computed(() =>
  orders.value.filter((order) => order.status === 'awaiting_payment'),
);
/** When an unpaid order ends: a payment's own expiry goes before the order's. */
export function payBy(order: Order): number {
  return order.payment?.expiresAt ?? order.expiresAt;
}
/** Held bookings of each item, so that a card looks at its own alone. */
export const bookingsByItem = computed(() => {
  const byItem = new Map<string, Booking[]>();
  for (const booking of bookings.value) {
    byItem.set(booking.itemId, [...(byItem.get(booking.itemId) ?? []), booking]);
  }
  return byItem;
});

export const waitsByItem = computed(
  () => new Map(waits.value.map((entry) => [entry.itemId, entry])),
);

export function applyMe(me: Me | null): void {
  batch(() => {
    const known = profile.peek();
    if (known?.viewerId !== me?.viewerId || known?.status !== me?.status) {
      profile.value = me && { viewerId: me.viewerId, name: me.name, status: me.status };
    }
    reputation.value = me?.reputation ?? 100;
    bookings.value = me?.bookings ?? [];
    checkout.value = me?.checkout ?? null;
    recipient.value = me?.recipient ?? null;
    rights.value = me?.rights ?? null;
    waits.value = me?.waitlist ?? [];
    orders.value = me?.orders ?? [];
    hasOlderOrders.value = me?.hasOlderOrders ?? false;
  });
}

/** Until when an item that the viewer has given up cannot be booked again: learnt from what happens here, and from refusals. */

const cooldowns = new Map<string, Signal<number>>();

function untilSignal(itemId: string): Signal<number> {
  let until = cooldowns.get(itemId);
  if (until === undefined) {
    until = signal(0);
    cooldowns.set(itemId, until);
  }
  return until;
}

/** On the server's clock, ms; 0 when nothing is known to stand in the way. */
export function cooldownOf(itemId: string): ReadonlySignal<number> {
  return untilSignal(itemId);
}

export function coolDown(itemId: string, at: unknown): void {
  if (typeof at === 'number') untilSignal(itemId).value = at;
}

/** Some or all of it was let go by the viewer's own doing: by a cancel that was not free, or by a lapse. */
export function coolDownAfter({ itemId, createdAt }: Booking, how: 'cancel' | 'lapse'): void {
  const { rebookCooldownSeconds = 0, freeCancelSeconds = 0 } = rules.peek() ?? {};
  const isFree = how === 'cancel' && serverNow() < createdAt + freeCancelSeconds * 1_000;
  if (rebookCooldownSeconds > 0 && !isFree)
    coolDown(itemId, serverNow() + rebookCooldownSeconds * 1_000);
}
