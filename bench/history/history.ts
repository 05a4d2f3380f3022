import type { Booking } from '../../src/protocol/booking.js';
import type { Checkout } from '../../src/protocol/checkout.js';
import type { LiveCommands } from '../../src/protocol/commands.js';
import type { ItemView, StockView } from '../../src/protocol/item.js';
import type { Order } from '../../src/protocol/order.js';
import type { Snapshot } from '../../src/protocol/snapshot.js';
import type { Me } from '../../src/protocol/viewer.js';
import type { WaitlistEntry } from '../../src/protocol/waitlist.js';
import { CLOCK_TOLERANCE_MS, type Device, newDevice } from './device.js';
import { Findings } from './findings.js';
import { type HistoryPage, pageOf } from './page.js';
import type { Request } from './requests.js';
import { StockHistory } from './stock.js';
import { ViewerHistory } from './viewer.js';

type Name = keyof LiveCommands;
export type PayloadOf<N extends Name> = Parameters<LiveCommands[N]>[0];
export type AckOf<N extends Name> = Parameters<Parameters<LiveCommands[N]>[1]>[0];

/** A command on its way. */
export interface Sent<N extends Name = Name> {
  readonly device: Device;
  readonly name: N;
  readonly payload: PayloadOf<N>;
  readonly sentAt: number;
  readonly request: Request | undefined;
}

/** What answers to commands hold. */
interface Made {
  booking?: Booking;
  /** Beside a booking or an entry that was asked for. */
  item?: ItemView;
  entry?: WaitlistEntry;
  checkout?: Checkout;
  order?: Order;
}

/** What must be the same when a request is repeated. */
function effectOf({ booking, item, entry, order }: Made): string {
  if (!booking) return entry?.entryId ?? order?.orderId ?? '';
  const { bookingId, quantity, sequence, createdAt, expiresAt } = booking;
  return item ? [bookingId, quantity, sequence, createdAt, expiresAt].join(' ') : bookingId;
}

/**
 * What the clients of one process sent, were answered and were told, folded as it comes: memory follows bookings and
 * viewers, not events. It knows of the server what clients see and nothing else. Times called `at` are ms of one clock
 * that never goes back and is the same for all clients of a machine.
 */
export class History {
  private readonly stock: StockHistory;
  private readonly viewers = new Map<string, ViewerHistory>();
  /** Without a token. */
  private readonly watchers: Device[] = [];
  /** What was wrong as it came. */
  private readonly running = new Findings();
  private readonly restocks: { itemId: string; quantity: number }[] = [];
  private readonly onLapse: (ms: number) => void;
  private deadline = 0;
  /** The server's clock less ours, ms, from the answer that took least time. */
  private skew = 0;
  private shortest = Number.POSITIVE_INFINITY;
  /** How far off that may be: half of the time that the answer took, ms. */
  private doubt = 0;

  /** @param onLapse told how long after its deadline each lapse of a booking or an order was told, ms */
  constructor(itemIds: string[], onLapse: (ms: number) => void = () => {}) {
    this.stock = new StockHistory(itemIds);
    this.onLapse = onLapse;
  }

  /** The latest deadline that anything was given, ms of the clients' clock. */
  get lastDeadline(): number {
    return this.deadline - this.skew;
  }

  /** `stock:changed` heard by all clients together. */
  get frames(): number {
    return this.stock.frames;
  }

  /** From here on units may come free: who is in the live by now, and stays, must hear of all of them. */
  begin(): void {
    this.stock.begin();
  }

  /** A connection is about to be made. @param viewerId undefined without a token */
  device(viewerId?: string): Device {
    const sight = this.stock.newSight();
    if (viewerId !== undefined) return this.viewer(viewerId).device(sight);
    const watcher = newDevice(undefined, this.watchers.length, sight);
    this.watchers.push(watcher);
    return watcher;
  }

  /** It stands: from here on it is told. */
  connected(device: Device, at: number): void {
    device.from = at;
  }

  /** The connection has ended. */
  disconnected(device: Device): void {
    device.lost = true;
    this.stock.left(device.sight);
  }

  /** A command leaves. What comes of it goes to `answered`. */
  sent<N extends Name>(device: Device, name: N, payload: PayloadOf<N>, at: number): Sent<N> {
    const viewer = this.viewerOf(device);
    const { bookingId, orderId, requestId } = payload as Record<string, string | undefined>;
    viewer?.sent(at);
    device.commands.sent++;
    device.commands.open++;
    if (name === 'live:leave') this.stock.left(device.sight);
    if (name === 'booking:cancel' && bookingId) viewer?.bookings.cancelling(bookingId, at);
    if (name === 'order:cancel' && orderId) viewer?.cancellingOrder(orderId, at);
    const request = requestId ? viewer?.requests.sent(requestId, device.index, at) : undefined;
    return { device, name, payload, sentAt: at, request };
  }

  /** The answer to a command. */
  answered<N extends Name>(sent: Sent<N>, ack: AckOf<N>, at: number): void {
    const viewer = this.viewerOf(sent.device);
    sent.device.commands.open--;
    if (ack.ok) this.accepted(sent, ack.data, viewer, at);
    else if (sent.request) viewer?.requests.refused(sent.request, ack.error.code);
  }

  /** An event. @param payload its one argument as JSON text */
  heard(device: Device, name: string, payload: string, at: number): void {
    const viewer = this.viewerOf(device);
    if (name === 'stock:changed') this.stock.changed(device.sight, payload);
    else if (name === 'stock:released') this.stock.released(device.sight, payload);
    else if (name === 'item:updated')
      this.stock.note(device.sight, (JSON.parse(payload) as { item: ItemView }).item);
    else if (viewer) this.heardPrivately(viewer, device, name, payload, at);
  }

  /** The host has put units into stock. */
  restocked(itemId: string, quantity: number): void {
    if (quantity > 0) this.restocks.push({ itemId, quantity });
  }

  /** An answer to the host says what a booking has become. */
  hostAnswered(booking: Booking, at: number): void {
    this.viewer(booking.viewerId).bookings.answered(booking, at);
  }

  /** A viewer's own state when all is over. @param sentAt when it was asked for */
  finally(viewerId: string, me: Me, sentAt: number): void {
    this.viewer(viewerId).final = {
      me,
      serverTime: sentAt + this.skew - this.doubt - CLOCK_TOLERANCE_MS,
    };
  }

  /** Everything that can be said without the clients of other processes. @param stock as the server says it is */
  page(stock: StockView[]): HistoryPage {
    const { viewers, watchers, running, restocks } = this;
    return pageOf(
      { viewers: viewers.values(), watchers, stock: this.stock, running, restocks },
      stock,
    );
  }

  private accepted(sent: Sent, data: unknown, viewer: ViewerHistory | undefined, at: number): void {
    if (sent.name === 'live:join') this.joined(sent, data as Snapshot, viewer, at);
    if (!viewer || sent.name === 'live:join' || sent.name === 'me:get') return;
    const made = data as Made;
    const { booking, item, entry, checkout, order } = made;
    for (const one of [booking, checkout, order])
      this.deadline = Math.max(this.deadline, one?.expiresAt ?? 0);
    const first =
      !sent.request || viewer.requests.accepted(sent.request, effectOf(made), this.running);
    if (item) this.stock.count(item);
    if (booking && item && sent.request) {
      if (first)
        viewer.bookings.accepted(booking, sent.request, item.revision, at, this.skew + this.doubt);
    } else if (booking) viewer.bookings.answered(booking, at);
    // What a repeat answers may have been done when it was asked for first.
    const askedAt = sent.request?.sentAt ?? sent.sentAt;
    if (entry) viewer.waits.answered(entry, askedAt);
    if (checkout) viewer.checkouts.started(checkout, sent.sentAt);
    if (order) viewer.orderAnswered(order, askedAt, at, this.skew + this.doubt);
    const { checkoutId } = sent.payload as { checkoutId?: string };
    if (checkoutId) viewer.checkouts.ended(checkoutId, order ? 'ordered' : 'left');
  }

  private joined(
    { device, sentAt }: Sent,
    { items, serverTime, me }: Snapshot,
    viewer: ViewerHistory | undefined,
    at: number,
  ): void {
    const took = at - sentAt;
    if (took < this.shortest) {
      this.shortest = took;
      this.doubt = took / 2;
      this.skew = serverTime + this.doubt - at;
    }
    this.stock.joined(device.sight, items);
    if (me) viewer?.joined(device, me, at + this.skew + this.doubt);
  }

  private heardPrivately(
    viewer: ViewerHistory,
    device: Device,
    name: string,
    payload: string,
    at: number,
  ): void {
    const now = { at, serverNow: at + this.skew + this.doubt };
    let late: number | undefined;
    if (name === 'booking:updated') late = viewer.bookingUpdated(device, payload, now);
    else if (name === 'order:updated') late = viewer.orderUpdated(device, payload, now);
    else if (name === 'checkout:expired') viewer.checkoutExpired(device, payload, at);
    else if (name === 'waitlist:updated') viewer.waitUpdated(device, payload, at);
    else if (name === 'reputation:changed') viewer.reputationChanged(device, payload);
    else if (name === 'viewer:updated') viewer.notified(device, name, payload);
    if (late !== undefined) this.onLapse(late);
  }

  private viewer(viewerId: string): ViewerHistory {
    let viewer = this.viewers.get(viewerId);
    if (!viewer) {
      viewer = new ViewerHistory(viewerId, this.running);
      this.viewers.set(viewerId, viewer);
    }
    return viewer;
  }

  private viewerOf({ viewerId }: Device): ViewerHistory | undefined {
    return viewerId === undefined ? undefined : this.viewers.get(viewerId);
  }
}
