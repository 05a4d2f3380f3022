import type { Booking } from '../../src/protocol/booking.js';
import type { Ack } from '../../src/protocol/commands.js';
import type { StockView } from '../../src/protocol/item.js';
import type { Order, PaymentMethod } from '../../src/protocol/order.js';
import type { Me } from '../../src/protocol/viewer.js';
import { Connection } from '../client/connection.js';
import type { Random } from '../faults/random.js';
import type { EveningClock } from './clock.js';

/** Where people meet, and in which time they live. */
export interface Evening {
  url: string;
  shopId: string;
  liveId: string;
  clock: EveningClock;
  random: Random;
  /** From now on nobody does anything more. */
  over: boolean;
}

/** What a person does when something happens; each has some of these. */
export interface Habits {
  /** The seller shows an item and opens it. */
  shown?(itemId: string): Promise<void>;
  /** Units are theirs, by their own booking or from the waiting line. */
  got?(booking: Booking): Promise<void>;
  /** A hold of theirs lapsed. */
  lapsed?(booking: Booking): Promise<void>;
  /** More of an item than before can be booked. */
  rose?(itemId: string): Promise<void>;
  /** Somebody's hold or order ended. */
  released?(itemId: string): Promise<void>;
}

let requests = 0;

/** One account in one browser, with everything that it holds. */
export class Person {
  readonly viewerId: string;
  readonly holds = new Map<string, Booking>();
  readonly unpaid = new Map<string, Order>();
  readonly evening: Evening;
  habits: Habits = {};
  /** Unit-minutes that were held and not paid. */
  idle = 0;
  private idleSince = 0;
  private readonly stock = new Map<string, StockView>();
  private connection: Connection | undefined;
  /** Checkouts of one person follow each other. */
  private till: Promise<unknown> = Promise.resolve();
  private readonly onChange: () => void;

  /** @param onChange what they hold has changed */
  constructor(viewerId: string, evening: Evening, onChange: () => void) {
    this.viewerId = viewerId;
    this.evening = evening;
    this.onChange = onChange;
  }

  async arrive(token: string): Promise<void> {
    const { url, shopId, liveId } = this.evening;
    const event = (name: string, payload: string) => this.heard(name, payload);
    this.connection = await Connection.open({ url, token }, { event });
    const joined = await this.ask<{ items: StockView[] }>('live:join', { shopId, liveId });
    if (!joined.ok) throw new Error(`cannot join: ${joined.error.code}`);
    for (const item of joined.data.items) this.stock.set(item.itemId, item);
  }

  leave(): void {
    this.connection?.destroy();
  }

  available(itemId: string): number {
    return this.stock.get(itemId)?.available ?? 0;
  }

  /** What is held or ordered and not paid. */
  get lines(): { itemId: string; quantity: number }[] {
    return [...this.holds.values(), ...[...this.unpaid.values()].flatMap(({ lines }) => lines)];
  }

  /** Units of it. */
  get units(): number {
    return this.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  }

  book(itemId: string, quantity: number): Promise<Ack<{ booking: Booking }>> {
    return this.take('booking:create', itemId, quantity);
  }

  wait(itemId: string, quantity: number): Promise<Ack<unknown>> {
    return this.take('waitlist:join', itemId, quantity);
  }

  /** As many as the shop lets this account have, up to `most`. */
  async grab(itemId: string, most = this.available(itemId)): Promise<number> {
    for (let wish = Math.min(most, 1_000), tries = 0; wish >= 1 && tries < 4; tries++) {
      const answer = await this.book(itemId, wish);
      if (answer.ok) return wish;
      const { limit, held = 0, available } = (answer.error.details ?? {}) as Record<string, number>;
      const { code } = answer.error;
      if (code === 'INSUFFICIENT_STOCK') wish = available ?? 0;
      else if (code === 'MAX_ITEM_QUANTITY' || code === 'CART_FULL') wish = (limit ?? 0) - held;
      else return 0;
    }
    return 0;
  }

  /** Orders everything that is held. */
  order(paymentMethod: PaymentMethod): Promise<Order | undefined> {
    const next = this.till.then(async () => {
      if (this.holds.size === 0) return undefined;
      const checkout = await this.ask<{ checkout: { checkoutId: string } }>('checkout:start', {});
      if (!checkout.ok) return undefined;
      const { checkoutId } = checkout.data.checkout;
      const request = { checkoutId, paymentMethod, requestId: `c${++requests}` };
      const placed = await this.ask<{ order: Order }>('order:place', request);
      return placed.ok ? placed.data.order : undefined;
    });
    this.till = next;
    return next;
  }

  async pay(): Promise<void> {
    const order = await this.order('qris');
    if (!order?.payment || order.status === 'paid') return;
    const url = new URL(`/sandbox/qris/${order.payment.paymentId}/pay`, this.evening.url);
    await (await fetch(url, { method: 'POST' })).arrayBuffer();
  }

  async me(): Promise<Me> {
    const answer = await this.ask<Me>('me:get', {});
    if (!answer.ok) throw new Error(`me:get: ${answer.error.code}`);
    return answer.data;
  }

  /** Counts what was held until now. */
  settle(): void {
    const { now } = this.evening.clock;
    this.idle += this.units * (now - this.idleSince);
    this.idleSince = now;
  }

  private async take<Data>(event: string, itemId: string, quantity: number): Promise<Ack<Data>> {
    const { liveId } = this.evening;
    const requestId = `r${++requests}`;
    const answer = await this.ask<Data>(event, { liveId, itemId, quantity, requestId });
    const { booking } = (answer.ok ? answer.data : {}) as { booking?: Booking };
    // What others of this person's sockets are told is in the answer to this one.
    if (booking) this.updated(booking);
    return answer;
  }

  private ask<Data>(event: string, payload: unknown): Promise<Ack<Data>> {
    if (!this.connection) throw new Error('not there yet');
    return this.connection.request<Data>(event, payload);
  }

  private heard(name: string, payload: string): void {
    if (this.evening.over) return;
    if (name === 'booking:updated') this.updated(JSON.parse(payload).booking);
    else if (name === 'order:updated') this.ordered(JSON.parse(payload).order);
    else if (name === 'stock:changed') this.stockChanged(JSON.parse(payload).items);
    else if (name === 'stock:released' && this.habits.released)
      for (const { itemId } of JSON.parse(payload).releases)
        this.does(this.habits.released(itemId));
  }

  private updated(booking: Booking): void {
    this.settle();
    const { bookingId, status } = booking;
    const known = this.holds.has(bookingId);
    if (status === 'held') this.holds.set(bookingId, booking);
    else this.holds.delete(bookingId);
    this.onChange();
    if (status === 'held' && !known) this.does(this.habits.got?.(booking));
    if (status === 'expired' && known) this.does(this.habits.lapsed?.(booking));
  }

  private ordered(order: Order): void {
    this.settle();
    if (order.status === 'awaiting_payment') this.unpaid.set(order.orderId, order);
    else this.unpaid.delete(order.orderId);
    this.onChange();
  }

  private stockChanged(items: StockView[]): void {
    for (const item of items) {
      const before = this.stock.get(item.itemId);
      if (before && before.revision >= item.revision) continue;
      this.stock.set(item.itemId, item);
      if (item.available > (before?.available ?? 0)) this.does(this.habits.rose?.(item.itemId));
    }
  }

  private does(action: Promise<void> | undefined): void {
    action?.catch((error: unknown) => {
      if (!this.evening.over) throw error;
    });
  }
}
