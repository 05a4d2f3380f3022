import type { Booking } from '../protocol/booking.js';
import type { Checkout } from '../protocol/checkout.js';
import type { LiveEvents } from '../protocol/events.js';
import type { Order, OrderPlace, PaymentMethod } from '../protocol/order.js';
import type { Rules, Snapshot } from '../protocol/snapshot.js';
import type { Me, MeUpdate, ReputationChange, ViewerChange } from '../protocol/viewer.js';
import type { WaitlistEntry } from '../protocol/waitlist.js';
import type { CommandOptions } from './command.js';
import { Connection, type ConnectionOptions } from './connection.js';
import { settle } from './errors.js';
import { LiveClient, type StateEvents } from './live-client.js';
import { MeState } from './me.js';

export interface ViewerOptions extends ConnectionOptions {
  shopId: string;
  liveId: string;
}

/** The server's events, where it helps with what was known before, and what happens to the state. */
export interface ViewerEvents
  extends StateEvents,
    Omit<
      LiveEvents,
      'booking:updated' | 'order:updated' | 'checkout:expired' | 'waitlist:updated'
    > {
  'booking:updated': (news: { booking: Booking }, before: Booking | undefined) => void;
  'order:updated': (news: { order: Order }, before: Order | undefined) => void;
  'checkout:expired': (news: { checkoutId: string }, before: Checkout | undefined) => void;
  'waitlist:updated': (news: { entry: WaitlistEntry }, before: WaitlistEntry | undefined) => void;
  /** What the viewer has changed. */
  me: (me: Me | null) => void;
}

/** `order:place` and `order:pay` ask a payment provider, ms. */
const PAYMENT_TIMEOUT_MS = 15_000;
const PAYMENT_PATIENCE_MS = 25_000;
/** So often `me:get` is asked again while news keeps coming in between. */
const MOST_REFRESHES = 5;

/** Opens a live as a viewer and stays in it until `close()`. Without a token it may watch and nothing else. */
export function connectViewer(options: ViewerOptions): ViewerClient {
  return new ViewerClient(options);
}

export class ViewerClient extends LiveClient<'/live', Snapshot, ViewerEvents> {
  readonly shopId: string;
  readonly liveId: string;
  private readonly mine = new MeState();
  private currentRules: Rules | null = null;
  /** The events that go to the viewer alone, and how each is taken in; each answers what was known before. */
  private readonly takers: Readonly<Record<string, (news: never) => unknown>> = {
    'booking:updated': (news: { booking: Booking }) => this.mine.applyBooking(news.booking),
    'order:updated': (news: { order: Order }) => this.mine.applyOrder(news.order),
    'checkout:expired': (news: { checkoutId: string }) => this.mine.endCheckout(news.checkoutId),
    'reputation:changed': ({ reputation }: ReputationChange) => this.mine.patch({ reputation }),
    'waitlist:updated': (news: { entry: WaitlistEntry }) => this.mine.applyEntry(news.entry),
    'me:replaced': ({ me }: { me: Me }) => this.mine.replace(me),
    'viewer:updated': (change: ViewerChange) => this.mine.patch(change),
  };
  /** How many events about the viewer were received: a snapshot that was on its way meanwhile may lack the last of it. */
  private heard = 0;

  constructor({ shopId, liveId, ...options }: ViewerOptions) {
    super(new Connection('/live', options));
    this.shopId = shopId;
    this.liveId = liveId;
    this.setPhase('joining');
  }

  /** What the viewer has in this shop; null while unknown, and for who only watches. Replaced with every change. */
  get me(): Me | null {
    return this.mine.me;
  }

  /** What to know before booking. */
  get rules(): Rules | null {
    return this.currentRules;
  }

  /**
   * Books at the price and stock of now. A request id of one's own makes it safe to call again after `TIMEOUT`.
   * @throws LiveholdError
   */
  async book(itemId: string, quantity = 1, requestId?: string): Promise<Booking> {
    const { liveId } = this;
    const wish = { liveId, itemId, quantity, ...(requestId === undefined ? {} : { requestId }) };
    return (await this.connection.command('booking:create', wish)).booking;
  }

  /** Takes a place in the line of an item that is sold out. @throws LiveholdError */
  async wait(itemId: string, quantity = 1): Promise<WaitlistEntry> {
    const { liveId } = this;
    const wish = { liveId, itemId, quantity };
    return (await this.connection.command('waitlist:join', wish)).entry;
  }

  /** Gives up a place in line. @throws LiveholdError */
  async stopWaiting(entryId: string): Promise<WaitlistEntry> {
    return (await this.connection.command('waitlist:leave', { entryId })).entry;
  }

  /** Gives units back, or all of the booking. @throws LiveholdError */
  async cancelBooking(bookingId: string, quantity?: number): Promise<Booking> {
    const part = quantity === undefined ? { bookingId } : { bookingId, quantity };
    return (await this.connection.command('booking:cancel', part)).booking;
  }

  /** Over all bookings that are held. @throws LiveholdError */
  async startCheckout(): Promise<Checkout> {
    return (await this.connection.command('checkout:start', {})).checkout;
  }

  /** The viewer is out of it at once; nothing that the server has to say of it changes that. */
  async leaveCheckout(checkoutId: string): Promise<void> {
    if (this.mine.endCheckout(checkoutId) !== undefined) this.emit('me', this.me);
    await settle(this.connection.command('checkout:leave', { checkoutId }));
  }

  /** @throws LiveholdError */
  async placeOrder(
    checkoutId: string,
    paymentMethod: PaymentMethod,
    wishes: OrderWishes = {},
  ): Promise<Order> {
    const wish = { checkoutId, paymentMethod, ...wishes };
    return (await this.connection.command('order:place', wish, PAYMENT)).order;
  }

  /** A new payment for an unpaid order, or the other way of paying. @throws LiveholdError */
  async payOrder(orderId: string, paymentMethod: PaymentMethod): Promise<Order> {
    const wish = { orderId, paymentMethod };
    return (await this.connection.command('order:pay', wish, PAYMENT)).order;
  }

  /** "I have transferred": for the host to see. @throws LiveholdError */
  async claimTransfer(orderId: string): Promise<Order> {
    return (await this.connection.command('order:transferred', { orderId })).order;
  }

  /** Remembers who the next parcel goes to; null forgets it. @throws LiveholdError */
  async rememberRecipient(recipient: MeUpdate['recipient']): Promise<void> {
    await this.connection.command('me:update', { recipient });
  }

  /** @throws LiveholdError */
  async cancelOrder(orderId: string): Promise<Order> {
    return (await this.connection.command('order:cancel', { orderId })).order;
  }

  protected join(): Promise<Snapshot> {
    this.heard = 0;
    const { shopId, liveId } = this;
    return this.connection.command('live:join', { shopId, liveId });
  }

  protected override applySnapshot(snapshot: Snapshot): void {
    this.currentRules = snapshot.rules ?? null;
    this.mine.replace(snapshot.me ?? null);
    this.emit('me', this.me);
    super.applySnapshot(snapshot);
    if (this.heard > 0 && this.me !== null) void this.refreshMe();
  }

  protected override receive(event: string, payload: unknown): void {
    const take = this.takers[event];
    if (take === undefined) {
      super.receive(event, payload);
      return;
    }
    const was = this.me;
    const before = take(payload as never);
    this.heard += 1;
    if (this.me !== was) this.emit('me', this.me);
    this.emit(event, payload, before);
  }

  /** The viewer's own booking is sent to all of their sockets but the one that made it, which has the answer. */
  protected override takeAnswer(event: string, data: unknown): void {
    super.takeAnswer(event, data);
    const { booking, entry, order, checkout, reputation, recipient } = data as AnswerParts;
    const was = this.me;
    if (booking !== undefined) this.mine.applyBooking(booking);
    if (entry !== undefined) this.mine.applyEntry(entry);
    if (order !== undefined) this.mine.applyOrder(order);
    if (checkout !== undefined) this.mine.patch({ checkout });
    if (reputation !== undefined && event !== 'me:get') this.mine.patch({ reputation });
    if (recipient !== undefined && event === 'me:update') this.mine.patch({ recipient });
    if (order?.recipient && event === 'order:place')
      this.mine.patch({ recipient: order.recipient });
    // Also what changes nothing yet: a snapshot that is on its way may have been read before it.
    if (!READS.has(event) && Object.keys(data as AnswerParts).some(isAnswerPart)) this.heard += 1;
    if (this.me !== was) this.emit('me', this.me);
  }

  /** News that came while a snapshot was on its way may be newer or older than it: asks until it is quiet. */
  private async refreshMe(): Promise<void> {
    for (let round = 0; round < MOST_REFRESHES && this.connection.isOnline; round += 1) {
      this.heard = 0;
      const outcome = await settle(this.connection.command('me:get', {}));
      if (!outcome.ok) return;
      if (this.heard > 0) continue;
      this.mine.replace(outcome.data);
      this.emit('me', this.me);
      return;
    }
  }
}

const PAYMENT: CommandOptions = { timeoutMs: PAYMENT_TIMEOUT_MS, patienceMs: PAYMENT_PATIENCE_MS };

/** How an order is to be delivered, and to whom; a request id of one's own makes it safe to call again. */
export type OrderWishes = Partial<
  Pick<OrderPlace, 'delivery' | 'recipient' | 'note' | 'requestId'>
>;

/** Answers that are the viewer's state themselves. */
const READS: ReadonlySet<string> = new Set(['live:join', 'me:get']);

function isAnswerPart(name: string): boolean {
  return ['booking', 'entry', 'order', 'checkout', 'reputation', 'recipient'].includes(name);
}

interface AnswerParts {
  recipient?: Me['recipient'];
  booking?: Booking;
  entry?: WaitlistEntry;
  order?: Order;
  checkout?: Checkout;
  reputation?: number;
}
