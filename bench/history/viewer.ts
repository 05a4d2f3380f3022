import { hash } from 'node:crypto';
import type { Booking } from '../../src/protocol/booking.js';
import type { Order } from '../../src/protocol/order.js';
import type { Me, ReputationChange } from '../../src/protocol/viewer.js';
import type { WaitlistEntry } from '../../src/protocol/waitlist.js';
import { FOR_EVER, ViewerBookings } from './bookings.js';
import { ViewerCheckouts } from './checkouts.js';
import {
  CLOCK_TOLERANCE_MS,
  type Device,
  type FinalState,
  newDevice,
  type ViewerState,
} from './device.js';
import type { Findings } from './findings.js';
import { type OrderHistory, ViewerOrders } from './orders.js';
import { Requests } from './requests.js';
import type { Sight } from './stock.js';
import { ViewerWaits } from './waits.js';

/** A moment, by the clients' clock and by the server's. */
interface Moment {
  at: number;
  serverNow: number;
}

/** One viewer over all of their devices: what they sent, and what was answered and told to them. */
export class ViewerHistory implements ViewerState {
  readonly viewerId: string;
  readonly devices: Device[] = [];
  readonly requests = new Requests();
  readonly bookings = new ViewerBookings();
  readonly checkouts = new ViewerCheckouts();
  readonly orders = new ViewerOrders();
  readonly waits = new ViewerWaits();
  final: FinalState | undefined;
  /** What was wrong as it came; the rest is judged at the end. */
  private readonly running: Findings;
  /** When the first command of any device was sent. */
  private firstSentAt = FOR_EVER;

  constructor(viewerId: string, running: Findings) {
    this.viewerId = viewerId;
    this.running = running;
  }

  get unanswered(): number {
    return this.requests.unanswered;
  }

  device(sight: Sight): Device {
    const device = newDevice(this.viewerId, this.devices.length, sight);
    this.devices.push(device);
    return device;
  }

  /** The viewer's own state in an answer to `live:join`. @param serverNow when the answer came, epoch ms */
  joined(device: Device, me: Me, serverNow: number): void {
    device.snapshot ??= { me, serverNow };
    device.reputation ??= me.reputation;
  }

  sent(at: number): void {
    this.firstSentAt = Math.min(this.firstSentAt, at);
  }

  /** An answer that shows an order. */
  orderAnswered(order: Order, sentAt: number, at: number, skew: number): void {
    this.keepHeld(this.orders.answered(order, sentAt), order, at, skew);
  }

  /** The viewer has asked to end an order: from here on its units may be someone else's. */
  cancellingOrder(orderId: string, at: number): void {
    const entry = this.orders.all.get(orderId);
    if (!entry) return;
    entry.heldUntil = Math.min(entry.heldUntil ?? at, at);
    entry.cancelling = true;
    for (const { bookingId } of entry.order.lines) this.bookings.cancelling(bookingId, at);
  }

  /** Answers how long after its deadline a booking's lapse was told, ms. */
  bookingUpdated(device: Device, payload: string, { at, serverNow }: Moment): number | undefined {
    const { booking } = JSON.parse(payload) as { booking: Booking };
    const isNew = this.bookings.heard(device, booking, at);
    if (!isNew) count(device, 'booking', payload);
    if (booking.status !== 'expired') return undefined;
    this.running.checked('order');
    if (booking.expiresAt < device.lastLapsed) {
      const detail = `${booking.bookingId} of ${this.viewerId} after a later deadline`;
      this.running.broken('order', 'bookings that lapsed', detail);
    }
    device.lastLapsed = booking.expiresAt;
    return this.lapsed('booking', booking.bookingId, booking.expiresAt, serverNow);
  }

  /** Answers how long after its deadline an order's end was told, ms. */
  orderUpdated(device: Device, payload: string, { at, serverNow }: Moment): number | undefined {
    const { order } = JSON.parse(payload) as { order: Order };
    count(device, 'order', payload);
    const entry = this.orders.heard(device, order, payload, at);
    this.keepHeld(entry, order, at, serverNow - at);
    if (order.status !== 'expired') return undefined;
    return this.lapsed('order', order.orderId, order.expiresAt, serverNow);
  }

  checkoutExpired(device: Device, payload: string, at: number): void {
    const { checkoutId } = JSON.parse(payload) as { checkoutId: string };
    count(device, 'checkout', payload);
    this.checkouts.heard(device, checkoutId, at);
  }

  reputationChanged(device: Device, payload: string): void {
    const { reputation, delta, at } = JSON.parse(payload) as ReputationChange;
    count(device, 'reputation', payload);
    const known = device.reputation;
    device.reputation = reputation;
    // What a snapshot has already is also told if it was on its way.
    if (known === undefined || (device.snapshot && at <= device.snapshot.serverNow)) return;
    this.running.checked('reputation');
    if (known + delta === reputation) return;
    const detail = `${this.viewerId}, device ${device.index}: ${known} and ${delta} is not ${reputation}`;
    this.running.broken('reputation', 'a step missing or twice', detail);
  }

  waitUpdated(device: Device, payload: string, at: number): void {
    const { entry } = JSON.parse(payload) as { entry: WaitlistEntry };
    count(device, 'wait', payload);
    this.waits.heard(device, entry, at);
  }

  /** A notification that stands by itself: only its place among the others is kept. */
  notified(device: Device, name: string, payload: string): void {
    count(device, name, payload);
  }

  judge(findings: Findings): void {
    this.bookings.judge(this, findings);
    this.waits.judge(this, findings);
    this.checkouts.judge(this, findings);
    this.orders.judge(this, findings);
    this.judgeReputation(findings);
    this.judgeOrder(findings);
  }

  private judgeReputation(findings: Findings): void {
    if (!this.final) return;
    const { reputation } = this.final.me;
    for (const { index, lost, reputation: known } of this.devices) {
      if (lost || known === undefined) continue;
      findings.checked('reputation');
      if (known === reputation) continue;
      const detail = `${this.viewerId}, device ${index}: told ${known}, is ${reputation}`;
      findings.broken('reputation', 'the last one', detail);
    }
  }

  /** Devices that were there all the time heard the same in the same order. Whether all was heard is judged elsewhere. */
  private judgeOrder(findings: Findings): void {
    const [first, ...others] = this.devices.filter(
      ({ lost, from }) => !lost && from <= this.firstSentAt,
    );
    for (const { heard, index } of others) {
      if (!first || heard.count !== first.heard.count) continue;
      findings.checked('order', heard.count);
      if (heard.digest === first.heard.digest) continue;
      const detail = `${this.viewerId}, devices ${first.index} and ${index}`;
      findings.broken('order', 'differs between devices', detail);
    }
  }

  private lapsed(what: string, id: string, expiresAt: number, serverNow: number): number {
    const lateness = serverNow - expiresAt;
    this.running.checked('early');
    if (lateness < -CLOCK_TOLERANCE_MS) {
      const detail = `${id} of ${this.viewerId}, ${Math.round(-lateness)} ms before its deadline`;
      this.running.broken('early', what, detail);
    }
    return Math.max(0, lateness);
  }

  /**
   * An order holds the units of its bookings until its own deadline, and for ever once it is paid. A device whose server
   * stood still may hear only now what another knows to be over: what is late gives nothing back.
   */
  private keepHeld(entry: OrderHistory, order: Order, at: number, skew: number): void {
    const { status, expiresAt, lines } = order;
    const { heldUntil = FOR_EVER, cancelling } = entry;
    if (status === 'awaiting_payment')
      entry.heldUntil = Math.min(heldUntil, expiresAt - skew - CLOCK_TOLERANCE_MS);
    // By someone else, from some moment before now on.
    else if (status === 'cancelled' && !cancelling) entry.heldUntil = 0;
    if (entry.heldUntil === undefined) return;
    // What is paid late was free in between.
    if (status === 'paid' && heldUntil > at) entry.heldUntil = FOR_EVER;
    for (const { bookingId, quantity } of lines) {
      const booking = this.bookings.all.get(bookingId);
      // Units that were given back before are not the order's.
      if (booking && quantity === booking.quantity) booking.heldUntil = entry.heldUntil;
    }
  }
}

function count({ heard }: Device, kind: string, payload: string): void {
  heard.count++;
  heard.digest = hash('sha1', `${heard.digest}${kind}${payload}`);
}
