import type { Device } from '../../bench/history/device.js';
import { History } from '../../bench/history/history.js';
import { type Check, judge } from '../../bench/history/judge.js';
import type { Booking } from '../../src/protocol/booking.js';
import type { Checkout } from '../../src/protocol/checkout.js';
import type { ItemView, Release } from '../../src/protocol/item.js';
import type { Order, OrderStatus } from '../../src/protocol/order.js';
import type { Snapshot } from '../../src/protocol/snapshot.js';
import type { Me } from '../../src/protocol/viewer.js';

export const UNITS = 10;
export const HOLD_MS = 5_000;
/** The server's clock is ahead of the clients' by this. */
const SKEW_MS = 1_000_000;
const PENALTY = 3;

type Fate = 'told' | 'lost' | 'twice';

/** Decides over each notification of each device. */
export type Tamper = (device: Device, name: string, payload: unknown) => Fate;

/**
 * A shop that exists only in the records of its clients: what they would send, be answered and be told by a server that
 * keeps its promises, but for what `tamper` does to it. One item of 10 units; 3 points for each unit that ends.
 */
export class HandMadeShop {
  readonly itemId = 'x';
  readonly history = new History([this.itemId]);
  /** The clients' clock, ms. */
  at = 1_000;
  readonly stock: ItemView = {
    itemId: this.itemId,
    sku: 'X',
    code: 'X',
    name: 'X',
    price: 10_000,
    open: true,
    available: UNITS,
    booked: 0,
    allocated: 0,
    sold: 0,
    revision: 1,
    waiting: 0,
    head: 1,
  };
  private readonly devices: Device[] = [];
  private readonly viewers = new Map<string, Me>();
  private readonly tamper: Tamper;
  private sequence = 0;
  private ids = 0;

  constructor(tamper: Tamper = () => 'told') {
    this.tamper = tamper;
  }

  get serverNow(): number {
    return this.at + SKEW_MS;
  }

  /** Another device, in the live from now on. */
  device(viewerId?: string): Device {
    const device = this.history.device(viewerId);
    this.history.connected(device, this.at);
    this.devices.push(device);
    const sent = this.history.sent(device, 'live:join', { shopId: 's', liveId: 'l' }, this.at);
    const me = viewerId === undefined ? undefined : structuredClone(this.me(viewerId));
    const snapshot = { items: [{ ...this.stock }], serverTime: this.serverNow, ...(me && { me }) };
    this.history.answered(sent, { ok: true, data: snapshot as Snapshot }, this.at);
    return device;
  }

  drop(device: Device): void {
    this.history.disconnected(device);
    this.devices.splice(this.devices.indexOf(device), 1);
  }

  /** @param overrides what the answer says instead of what is right */
  book(device: Device, quantity = 1, overrides: Partial<Booking> = {}): Booking {
    const viewerId = device.viewerId ?? '';
    const request = { liveId: 'l', itemId: this.itemId, quantity, requestId: `r${this.ids++}` };
    const sent = this.history.sent(device, 'booking:create', request, this.at++);
    this.move('available', 'booked', quantity);
    const booking: Booking = {
      bookingId: `bk_${this.ids}`,
      liveId: 'l',
      itemId: this.itemId,
      viewerId,
      quantity,
      unitPrice: 10_000,
      status: 'held',
      sequence: ++this.sequence,
      createdAt: this.serverNow,
      expiresAt: this.serverNow + HOLD_MS,
      source: 'viewer',
      ...overrides,
    };
    this.me(viewerId).bookings.push({ ...booking });
    const data = { booking, item: { ...this.stock } };
    this.history.answered(sent, { ok: true, data }, this.at++);
    this.tell(viewerId, 'booking:updated', { booking }, device);
    this.tellStock();
    return booking;
  }

  /** Sends a request again, and answers it with this. */
  repeat(device: Device, requestId: string, booking: Booking): void {
    const { itemId, quantity } = booking;
    const request = { liveId: 'l', itemId, quantity, requestId };
    const sent = this.history.sent(device, 'booking:create', request, this.at++);
    const data = { booking, item: { ...this.stock } };
    this.history.answered(sent, { ok: true, data }, this.at++);
  }

  cancel(device: Device, { bookingId }: Booking, quantity: number): void {
    const me = this.me(device.viewerId ?? '');
    const held = me.bookings.find((one) => one.bookingId === bookingId) as Booking;
    const sent = this.history.sent(device, 'booking:cancel', { bookingId, quantity }, this.at++);
    const left = held.quantity - quantity;
    const booking: Booking =
      left > 0 ? { ...held, quantity: left } : { ...held, status: 'cancelled' };
    held.quantity = left;
    me.bookings = me.bookings.filter((one) => one.quantity > 0);
    this.release(me, 'booked', quantity, 'booking_cancelled', () => {
      const data = { booking, reputation: me.reputation };
      this.history.answered(sent, { ok: true, data }, this.at++);
      this.tell(me.viewerId, 'booking:updated', { booking });
    });
  }

  /** Its time is over. */
  lapse({ viewerId, bookingId, expiresAt }: Booking): void {
    this.at = Math.max(this.at, expiresAt - SKEW_MS + 1);
    const me = this.me(viewerId);
    const booking = me.bookings.find((one) => one.bookingId === bookingId) as Booking;
    me.bookings = me.bookings.filter((one) => one !== booking);
    this.release(me, 'booked', booking.quantity, 'booking_expired', () =>
      this.tell(viewerId, 'booking:updated', { booking: { ...booking, status: 'expired' } }),
    );
  }

  checkout(device: Device): Checkout {
    const me = this.me(device.viewerId ?? '');
    const sent = this.history.sent(device, 'checkout:start', {}, this.at++);
    const lines = me.bookings.map(({ bookingId, quantity }) => ({
      bookingId,
      itemId: this.itemId,
      quantity,
    }));
    const expiresAt = this.serverNow + HOLD_MS / 2;
    const checkout = { checkoutId: `co_${this.ids++}`, lines, expiresAt } as Checkout;
    me.checkout = checkout;
    this.history.answered(sent, { ok: true, data: { checkout } }, this.at++);
    return checkout;
  }

  lapseCheckout(device: Device, { checkoutId, expiresAt }: Checkout): void {
    this.at = Math.max(this.at, expiresAt - SKEW_MS + 1);
    this.me(device.viewerId ?? '').checkout = null;
    this.tell(device.viewerId ?? '', 'checkout:expired', { checkoutId });
  }

  order(device: Device, { checkoutId, lines }: Checkout): Order {
    const me = this.me(device.viewerId ?? '');
    const requestId = `r${this.ids++}`;
    const payload = { checkoutId, paymentMethod: 'qris' as const, requestId };
    const sent = this.history.sent(device, 'order:place', payload, this.at++);
    for (const booking of me.bookings)
      this.tell(me.viewerId, 'booking:updated', { booking: { ...booking, status: 'ordered' } });
    me.bookings = [];
    me.checkout = null;
    this.move('booked', 'allocated', unitsOf(lines));
    const order = {
      orderId: `or_${this.ids}`,
      viewerId: me.viewerId,
      lines,
      status: 'awaiting_payment',
      expiresAt: this.serverNow + HOLD_MS,
    } as Order;
    me.orders.push({ ...order });
    this.tell(me.viewerId, 'order:updated', { order });
    this.history.answered(sent, { ok: true, data: { order } }, this.at++);
    this.tellStock();
    return order;
  }

  endOrder({ orderId, viewerId, lines, expiresAt }: Order, status: OrderStatus): void {
    const me = this.me(viewerId);
    if (status === 'expired') this.at = Math.max(this.at, expiresAt - SKEW_MS + 1);
    const order = me.orders.find((one) => one.orderId === orderId) as Order;
    order.status = status;
    const tell = () => this.tell(viewerId, 'order:updated', { order: { ...order } });
    if (status === 'expired') {
      this.release(me, 'allocated', unitsOf(lines), 'order_expired', tell);
      return;
    }
    this.move('allocated', 'sold', unitsOf(lines));
    tell();
    this.tellStock();
  }

  /** Units that the server makes of nothing, or loses. */
  corrupt(units: number): void {
    this.stock.available += units;
    this.stock.revision++;
    this.tellStock();
  }

  /** What the records come to, promise by promise; everyone has looked at their own state before. */
  verdict(): Check[] {
    for (const me of this.viewers.values())
      this.history.finally(me.viewerId, structuredClone(me), this.at + 100);
    const totals = { [this.itemId]: [UNITS] };
    return judge([this.history.page([this.stock])], { totals, complete: true });
  }

  /** The words of the promises that were broken. */
  broken(): string[] {
    return this.verdict().flatMap(({ kept, promise }) => (kept ? [] : [promise]));
  }

  private me(viewerId: string): Me {
    let me = this.viewers.get(viewerId);
    if (!me) {
      const nothing = { bookings: [], checkout: null, orders: [], waitlist: [] };
      const rights = { mayBook: true, maxBookings: 200, bookingTimeoutMinutes: 15 };
      me = { viewerId, name: viewerId, reputation: 100, status: 'active', rights, ...nothing };
      this.viewers.set(viewerId, me);
    }
    return me;
  }

  private move(
    from: 'available' | 'booked' | 'allocated',
    to: 'available' | 'booked' | 'allocated' | 'sold',
    quantity: number,
  ): void {
    this.stock[from] -= quantity;
    this.stock[to] += quantity;
    this.stock.revision++;
  }

  private release(
    me: Me,
    from: 'booked' | 'allocated',
    quantity: number,
    reason: Release['reason'],
    tell: () => void,
  ): void {
    this.move(from, 'available', quantity);
    me.reputation -= PENALTY * quantity;
    const { reputation } = me;
    const change = { reputation, delta: -PENALTY * quantity, reason, at: this.serverNow };
    this.tell(me.viewerId, 'reputation:changed', change);
    tell();
    this.tellStock();
    const { itemId, available, revision } = this.stock;
    const release = { itemId, quantity, reason, available, revision };
    this.tellAll('stock:released', { liveId: 'l', releases: [release] });
  }

  private tell(viewerId: string, name: string, payload: unknown, except?: Device): void {
    for (const device of this.devices)
      if (device.viewerId === viewerId && device !== except) this.deliver(device, name, payload);
  }

  private tellStock(): void {
    const { itemId, available, booked, allocated, sold, revision, waiting, head } = this.stock;
    const item = { itemId, available, booked, allocated, sold, revision, waiting, head };
    this.tellAll('stock:changed', { liveId: 'l', items: [item] });
  }

  private tellAll(name: string, payload: unknown): void {
    for (const device of this.devices) this.deliver(device, name, payload);
  }

  private deliver(device: Device, name: string, payload: unknown): void {
    const times = { told: 1, lost: 0, twice: 2 }[this.tamper(device, name, payload)];
    for (let i = 0; i < times; i++)
      this.history.heard(device, name, JSON.stringify(payload), this.at);
  }
}

function unitsOf(lines: { quantity: number }[]): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}
