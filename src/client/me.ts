import type { Booking } from '../protocol/booking.js';
import type { Checkout } from '../protocol/checkout.js';
import type { Order, OrderStatus } from '../protocol/order.js';
import type { Me } from '../protocol/viewer.js';
import type { WaitlistEntry } from '../protocol/waitlist.js';

/** Which of two states of one booking came later, seen from the booking itself, for answers and events overtake each other. */
export function laterBooking<B extends Booking>(one: B, other: B): B {
  // Nothing extends a deadline, but the host may restore an ended booking, with a new one.
  if (one.expiresAt !== other.expiresAt) return one.expiresAt > other.expiresAt ? one : other;
  const held = (booking: B) => booking.status === 'held';
  if (held(one) !== held(other)) return held(one) ? other : one;
  // Only a cancel of a part changes a held booking, and it only takes away.
  return other.quantity < one.quantity ? other : one;
}

/** How far an order has come: money may arrive after its end, and goes back after it has arrived. */
const ORDER_STEPS: Record<OrderStatus, number> = {
  awaiting_payment: 0,
  expired: 1,
  cancelled: 1,
  paid: 2,
  needs_refund: 2,
  refunded: 3,
};

/** Ended bookings are remembered, so that older news does not bring them back; a viewer has a few at a time. */
const MOST_ENDED = 500;
const MOST_ORDERS = 20;

/** What the viewer has, as an object that is replaced with every change; parts that stay the same stay the same objects. */
export class MeState {
  me: Me | null = null;
  private readonly ended = new Map<string, Booking>();
  private readonly endedEntries = new Set<string>();

  replace(me: Me | null): void {
    this.me = me;
  }

  patch(part: Partial<Me>): void {
    if (this.me !== null) this.me = { ...this.me, ...part };
  }

  /** Answers what was known of it as held before. */
  applyBooking(heard: Booking): Booking | undefined {
    const bookings = this.me?.bookings ?? [];
    const { bookingId } = heard;
    const before = bookings.find((other) => other.bookingId === bookingId);
    const known = before ?? this.ended.get(bookingId);
    const now = known === undefined ? heard : laterBooking(known, heard);
    if (now === known) return before;
    const others = bookings.filter((other) => other.bookingId !== bookingId);
    if (now.status === 'held') {
      this.ended.delete(bookingId);
      this.patch({ bookings: [...others, now].sort((a, b) => a.createdAt - b.createdAt) });
    } else {
      this.end(now);
      if (before !== undefined) this.patch({ bookings: others });
      if (now.status === 'ordered') this.dropOrdered(new Set([bookingId]));
    }
    return before;
  }

  /** An entry that has ended does not wait again. Answers what was known of it as waiting before. */
  applyEntry(heard: WaitlistEntry): WaitlistEntry | undefined {
    const waitlist = this.me?.waitlist ?? [];
    const before = waitlist.find((other) => other.entryId === heard.entryId);
    const others = waitlist.filter((other) => other.entryId !== heard.entryId);
    const waits = heard.status === 'waiting' && !this.endedEntries.has(heard.entryId);
    if (heard.status !== 'waiting') this.endedEntries.add(heard.entryId);
    this.patch({ waitlist: waits ? [...others, heard] : others });
    return before;
  }

  /** Answers what was known of it before. */
  applyOrder(heard: Order): Order | undefined {
    const orders = this.me?.orders ?? [];
    const before = orders.find((other) => other.orderId === heard.orderId);
    if (before !== undefined && ORDER_STEPS[heard.status] < ORDER_STEPS[before.status])
      return before;
    const others = orders.filter((other) => other.orderId !== heard.orderId);
    const sorted = [heard, ...others].sort((a, b) => b.createdAt - a.createdAt);
    this.patch({ orders: sorted.slice(0, MOST_ORDERS) });
    if (before === undefined) this.dropOrdered(new Set(heard.lines.map((line) => line.bookingId)));
    return before;
  }

  /** Answers the checkout if it was this one; undefined when another, or none, is open. */
  endCheckout(checkoutId: string): Checkout | undefined {
    const checkout = this.me?.checkout;
    if (checkout?.checkoutId !== checkoutId) return undefined;
    this.patch({ checkout: null });
    return checkout;
  }

  private end(booking: Booking): void {
    this.ended.set(booking.bookingId, booking);
    const [oldest] = this.ended.keys();
    if (this.ended.size > MOST_ENDED && oldest !== undefined) this.ended.delete(oldest);
  }

  /** What became an order, here or in another tab, is in the cart no more, and the checkout over it is over. */
  private dropOrdered(bookingIds: ReadonlySet<string>): void {
    const { bookings = [], checkout } = this.me ?? {};
    if (bookings.some((booking) => bookingIds.has(booking.bookingId))) {
      this.patch({ bookings: bookings.filter((booking) => !bookingIds.has(booking.bookingId)) });
    }
    if (checkout?.lines.some((line) => bookingIds.has(line.bookingId)))
      this.patch({ checkout: null });
  }
}
