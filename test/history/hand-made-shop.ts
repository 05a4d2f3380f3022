import type { Device } from '../../bench/history/device.js';
import { type Check, judge } from '../../bench/history/judge.js';
import type { Booking } from '../../src/protocol/booking.js';
import type { Checkout } from '../../src/protocol/checkout.js';
import type { ItemView, Release } from '../../src/protocol/item.js';
import type { Order, OrderStatus } from '../../src/protocol/order.js';
import type { Snapshot } from '../../src/protocol/snapshot.js';
import type { Me } from '../../src/protocol/viewer.js';
import type { WaitlistEntry } from '../../src/protocol/waitlist.js';
import { HandMadeClients, type Tamper } from './hand-made-clients.js';

export const UNITS = 10;
const HOLD_MS = 5_000;
const PENALTY = 3;
const ITEM = { itemId: 'x', sku: 'X', code: 'X', name: 'X', price: 10_000, open: true };

type Bucket = 'available' | 'booked' | 'allocated' | 'sold';

/**
 * What clients would send, be answered and be told by a server that keeps its promises, but for what `tamper` does to it.
 * One item of 10 units; 3 points for each unit that ends.
 */
export class HandMadeShop {
  readonly clients: HandMadeClients;
  readonly stock: ItemView = {
    ...ITEM,
    available: UNITS,
    booked: 0,
    allocated: 0,
    sold: 0,
    revision: 1,
    waiting: 0,
    head: 1,
  };
  private readonly viewers = new Map<string, Me>();
  private sequence = 0;
  private ids = 0;

  constructor(tamper: Tamper = () => 'told') {
    this.clients = new HandMadeClients([ITEM.itemId], tamper);
  }

  /** Another device, in the live from now on. */
  device(viewerId?: string): Device {
    const me = viewerId === undefined ? {} : { me: structuredClone(this.me(viewerId)) };
    const snapshot = { items: [{ ...this.stock }], serverTime: this.clients.serverNow, ...me };
    return this.clients.connect(viewerId, snapshot as Snapshot);
  }

  /** @param overrides what the answer says instead of what is right */
  book(device: Device, quantity = 1, overrides: Partial<Booking> = {}): Booking {
    const viewerId = device.viewerId ?? '';
    const answer = this.clients.send(device, 'booking:create', this.request(quantity));
    this.move('available', 'booked', quantity);
    const booking = this.newBooking(viewerId, quantity, overrides);
    answer({ booking, item: { ...this.stock } });
    this.clients.tell(viewerId, 'booking:updated', { booking }, device);
    this.tellStock();
    return booking;
  }

  /** Sends a request again, and answers it with this. */
  repeat(device: Device, requestId: string, booking: Booking): void {
    const request = { ...this.request(booking.quantity), requestId };
    const answer = this.clients.send(device, 'booking:create', request);
    answer({ booking, item: { ...this.stock } });
  }

  cancel(device: Device, { bookingId }: Booking, quantity: number): void {
    const me = this.me(device.viewerId ?? '');
    const held = me.bookings.find((one) => one.bookingId === bookingId) as Booking;
    const answer = this.clients.send(device, 'booking:cancel', { bookingId, quantity });
    const left = held.quantity - quantity;
    const booking: Booking =
      left > 0 ? { ...held, quantity: left } : { ...held, status: 'cancelled' };
    held.quantity = left;
    me.bookings = me.bookings.filter((one) => one.quantity > 0);
    this.release(me, 'booked', quantity, 'booking_cancelled', () => {
      answer({ booking, reputation: me.reputation });
      this.clients.tell(me.viewerId, 'booking:updated', { booking });
    });
  }

  /** At no cost. */
  cancelByHost(booking: Booking): void {
    const me = this.me(booking.viewerId);
    me.bookings = me.bookings.filter(({ bookingId }) => bookingId !== booking.bookingId);
    const told = { booking: { ...booking, status: 'cancelled' } };
    this.free('booked', booking.quantity, 'booking_cancelled', () =>
      this.clients.tell(me.viewerId, 'booking:updated', told),
    );
  }

  /** Its time is over. */
  lapse({ viewerId, bookingId, expiresAt }: Booking): void {
    this.clients.pass(expiresAt);
    const me = this.me(viewerId);
    const booking = me.bookings.find((one) => one.bookingId === bookingId) as Booking;
    me.bookings = me.bookings.filter((one) => one !== booking);
    const told = { booking: { ...booking, status: 'expired' } };
    this.release(me, 'booked', booking.quantity, 'booking_expired', () =>
      this.clients.tell(viewerId, 'booking:updated', told),
    );
  }

  /** By the host, until a new deadline; what the end cost comes back. */
  restore(booking: Booking): void {
    const me = this.me(booking.viewerId);
    const held = { ...booking, expiresAt: this.clients.serverNow + HOLD_MS };
    this.move('available', 'booked', held.quantity);
    me.bookings.push(held);
    this.moveReputation(me, PENALTY * held.quantity, 'booking_restored');
    this.clients.tell(me.viewerId, 'booking:updated', { booking: { ...held } });
    this.tellStock();
  }

  /** A place in the item's line. */
  wait(device: Device): WaitlistEntry {
    const { waitlist, viewerId } = this.me(device.viewerId ?? '');
    const { requestId, ...wish } = this.request(1);
    const answer = this.clients.send(device, 'waitlist:join', { requestId, ...wish });
    const entry: WaitlistEntry = {
      ...wish,
      entryId: `wl_${this.ids}`,
      viewerId,
      ticket: this.ids,
      status: 'waiting',
      createdAt: this.clients.serverNow,
    };
    waitlist.push(entry);
    this.clients.tell(viewerId, 'waitlist:updated', { entry });
    answer({ entry, item: { ...this.stock } });
    return entry;
  }

  /** The units that it waited for have come free: its viewer holds them. */
  serve(entry: WaitlistEntry): void {
    const { viewerId, quantity, entryId } = entry;
    const me = this.me(viewerId);
    me.waitlist = me.waitlist.filter((one) => one.entryId !== entryId);
    this.move('available', 'booked', quantity);
    const booking = this.newBooking(viewerId, quantity, { source: 'waitlist' });
    this.clients.tell(viewerId, 'booking:updated', { booking });
    this.clients.tell(viewerId, 'waitlist:updated', { entry: { ...entry, status: 'served' } });
    this.tellStock();
  }

  checkout(device: Device): Checkout {
    const me = this.me(device.viewerId ?? '');
    const answer = this.clients.send(device, 'checkout:start', {});
    const lines = me.bookings.map(({ bookingId, itemId, quantity }) => ({
      bookingId,
      itemId,
      quantity,
    }));
    const expiresAt = this.clients.serverNow + HOLD_MS / 2;
    const checkout = { checkoutId: `co_${this.ids++}`, lines, expiresAt } as Checkout;
    me.checkout = checkout;
    answer({ checkout });
    return checkout;
  }

  lapseCheckout({ viewerId = '' }: Device, { checkoutId, expiresAt }: Checkout): void {
    this.clients.pass(expiresAt);
    this.me(viewerId).checkout = null;
    this.clients.tell(viewerId, 'checkout:expired', { checkoutId });
  }

  order(device: Device, { checkoutId, lines }: Checkout): Order {
    const me = this.me(device.viewerId ?? '');
    const { requestId } = this.request(1);
    const command = { checkoutId, paymentMethod: 'qris' as const, requestId };
    const answer = this.clients.send(device, 'order:place', command);
    for (const booking of me.bookings.splice(0))
      this.clients.tell(me.viewerId, 'booking:updated', {
        booking: { ...booking, status: 'ordered' },
      });
    me.checkout = null;
    this.move('booked', 'allocated', unitsOf(lines));
    const order = {
      orderId: `or_${this.ids}`,
      viewerId: me.viewerId,
      lines,
      status: 'awaiting_payment',
      expiresAt: this.clients.serverNow + HOLD_MS,
    } as Order;
    me.orders.push({ ...order });
    this.clients.tell(me.viewerId, 'order:updated', { order });
    answer({ order });
    this.tellStock();
    return order;
  }

  /** @param by who asks for its end, if the viewer does */
  endOrder({ orderId, viewerId, lines, expiresAt }: Order, status: OrderStatus, by?: Device): void {
    const me = this.me(viewerId);
    const answer = by && this.clients.send(by, 'order:cancel', { orderId });
    const order = me.orders.find((one) => one.orderId === orderId) as Order;
    order.status = status;
    const tell = () => {
      answer?.({ order: { ...order }, reputation: me.reputation });
      this.clients.tell(viewerId, 'order:updated', { order: { ...order } });
    };
    if (status === 'expired') this.clients.pass(expiresAt);
    if (status === 'expired' || status === 'cancelled') {
      this.release(me, 'allocated', unitsOf(lines), `order_${status}`, tell);
    } else {
      this.move('allocated', 'sold', unitsOf(lines));
      tell();
      this.tellStock();
    }
  }

  tellStock(): void {
    const { sku, code, name, price, open, ...stock } = this.stock;
    this.clients.tellAll('stock:changed', { liveId: 'l', items: [stock] });
  }

  /** What the records come to, promise by promise; everyone has looked at their own state before. */
  verdict(): Check[] {
    const { history, at } = this.clients;
    for (const me of this.viewers.values())
      history.finally(me.viewerId, structuredClone(me), at + 100);
    const totals = { [ITEM.itemId]: [UNITS] };
    return judge([history.page([this.stock])], { totals, complete: true });
  }

  /** The words of the promises that were broken. */
  broken(): string[] {
    return this.verdict().flatMap(({ kept, promise }) => (kept ? [] : [promise]));
  }

  private request(quantity: number) {
    return { liveId: 'l', itemId: ITEM.itemId, quantity, requestId: `r${this.ids++}` };
  }

  private newBooking(viewerId: string, quantity: number, overrides: Partial<Booking>): Booking {
    const booking: Booking = {
      bookingId: `bk_${this.ids++}`,
      liveId: 'l',
      itemId: ITEM.itemId,
      viewerId,
      quantity,
      unitPrice: ITEM.price,
      status: 'held',
      sequence: ++this.sequence,
      createdAt: this.clients.serverNow,
      expiresAt: this.clients.serverNow + HOLD_MS,
      source: 'viewer',
      ...overrides,
    };
    this.me(viewerId).bookings.push({ ...booking });
    return booking;
  }

  private me(viewerId: string): Me {
    let me = this.viewers.get(viewerId);
    if (!me) {
      const nothing = {
        bookings: [],
        checkout: null,
        orders: [],
        hasOlderOrders: false,
        waitlist: [],
        recipient: null,
      };
      const rights = { mayBook: true, maxBookings: 200, bookingTimeoutMinutes: 15 };
      me = { viewerId, name: viewerId, reputation: 100, status: 'active', rights, ...nothing };
      this.viewers.set(viewerId, me);
    }
    return me;
  }

  private move(from: Bucket, to: Bucket, quantity: number): void {
    this.stock[from] -= quantity;
    this.stock[to] += quantity;
    this.stock.revision++;
  }

  private release(
    me: Me,
    from: Bucket,
    quantity: number,
    reason: Release['reason'],
    tell: () => void,
  ): void {
    this.moveReputation(me, -PENALTY * quantity, reason);
    this.free(from, quantity, reason, tell);
  }

  private free(from: Bucket, quantity: number, reason: Release['reason'], tell: () => void): void {
    this.move(from, 'available', quantity);
    tell();
    this.tellStock();
    const { itemId, available, revision } = this.stock;
    const release = { itemId, quantity, reason, available, revision };
    this.clients.tellAll('stock:released', { liveId: 'l', releases: [release] });
  }

  private moveReputation(me: Me, delta: number, reason: string): void {
    me.reputation += delta;
    const change = { reputation: me.reputation, delta, reason, at: this.clients.serverNow };
    this.clients.tell(me.viewerId, 'reputation:changed', change);
  }
}

function unitsOf(lines: { quantity: number }[]): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}
