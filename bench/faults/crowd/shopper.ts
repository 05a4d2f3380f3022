import { setTimeout as delay } from 'node:timers/promises';
import type { Booking } from '../../../src/protocol/booking.js';
import type { Order, PaymentMethod } from '../../../src/protocol/order.js';
import type { AckOf, PayloadOf } from '../../history/history.js';
import type { Random } from '../random.js';
import type { Line } from './line.js';

/** What a sound client repeats with the same request id. */
const REPEATED = new Set(['STORE_UNAVAILABLE', 'RATE_LIMITED', 'PAYMENT_UNAVAILABLE']);
const AGAIN_MS = 60;
/** How long what has no definite answer is asked again after the shop has closed, ms. */
const LAST_WORD_MS = 15_000;
/** So many of the last bookings are asked for once more at the end. */
const REPEATED_AT_END = 5;

/** What a viewer does beside what the live offers. */
export interface Till {
  /** The customer's bank: moves the money of an order, and tries until it has. */
  pay(order: Order): Promise<void>;
}

type Insistent = 'booking:create' | 'waitlist:join' | 'order:place';
const SOLD_OUT = new Set(['SOLD_OUT', 'INSUFFICIENT_STOCK']);

/** What becomes of a booking, chosen as it is asked for: plans follow from the seed, whatever comes between. */
interface Plan {
  wish: PayloadOf<'booking:create'>;
  /** What is sold out is waited for. */
  waits: boolean;
  fate: 'lapse' | 'cancel' | 'buy';
  decideMs: number;
  method: PaymentMethod;
  orderFate: 'lapse' | 'cancel' | 'pay' | 'pay otherwise';
  settleMs: number;
  pauseMs: number;
}

/** A viewer who books without pause: half of it lapses, some is cancelled, some is bought and most of that is paid. */
export class Shopper {
  readonly id: string;
  private readonly line: Line;
  private readonly random: Random;
  private readonly stage: { liveId: string; itemIds: string[] };
  private readonly till: Till;
  private readonly running = new Set<Promise<void>>();
  private readonly accepted: PayloadOf<'booking:create'>[] = [];
  private buying = false;
  private closing = false;
  private closedAt = Number.POSITIVE_INFINITY;
  private turn = 0;

  constructor(
    id: string,
    line: Line,
    stage: { liveId: string; itemIds: string[] },
    till: Till,
    random: Random,
  ) {
    this.id = id;
    this.line = line;
    this.stage = stage;
    this.till = till;
    this.random = random;
  }

  start(): void {
    this.track(this.shop());
  }

  /** Resolves when nothing of what was begun waits for an answer. */
  async stop(): Promise<void> {
    this.closing = true;
    this.closedAt = performance.now();
    while (this.running.size > 0) await Promise.all(this.running);
  }

  /** Sends the last accepted requests once more: each must answer what it answered before. */
  async repeat(): Promise<void> {
    for (const wish of this.accepted.slice(-REPEATED_AT_END)) {
      await this.insist('booking:create', wish);
    }
  }

  private async shop(): Promise<void> {
    while (!this.closing) {
      const plan = this.plan();
      const ack = await this.insist('booking:create', plan.wish);
      if (ack?.ok) {
        this.accepted.push(plan.wish);
        this.track(this.decide(ack.data.booking, plan));
      } else if (plan.waits && ack && SOLD_OUT.has(ack.error.code)) {
        const requestId = `${plan.wish.requestId}-wait`;
        await this.insist('waitlist:join', { ...plan.wish, requestId });
      }
      await delay(plan.pauseMs);
    }
  }

  private plan(): Plan {
    const { random } = this;
    const { liveId, itemIds } = this.stage;
    const quantity = random.chance(0.3) ? 2 : 1;
    const requestId = `${this.id}-${this.turn++}`;
    return {
      wish: { liveId, itemId: random.pick(itemIds), quantity, requestId },
      waits: random.chance(0.3),
      fate: random.pick(['lapse', 'lapse', 'lapse', 'cancel', 'buy', 'buy']),
      decideMs: random.whole(30, 500),
      method: random.chance(0.6) ? 'qris' : 'bank_transfer',
      orderFate: random.pick(['lapse', 'cancel', 'pay', 'pay', 'pay otherwise']),
      settleMs: random.whole(30, 600),
      pauseMs: random.whole(40, 160),
    };
  }

  private async decide({ bookingId }: Booking, plan: Plan): Promise<void> {
    if (plan.fate === 'lapse') return;
    await delay(plan.decideMs);
    if (plan.fate === 'cancel') await this.line.ask('booking:cancel', { bookingId });
    else if (!this.buying) await this.buy(plan);
  }

  /** Everything in the cart. */
  private async buy(plan: Plan): Promise<void> {
    this.buying = true;
    try {
      const started = await this.line.ask('checkout:start', {});
      if (!started?.ok) return;
      const { checkoutId } = started.data.checkout;
      const requestId = `${plan.wish.requestId}-order`;
      const request = { checkoutId, paymentMethod: plan.method, requestId };
      const placed = await this.insist('order:place', request);
      if (placed?.ok) this.track(this.settle(placed.data.order, plan));
    } finally {
      this.buying = false;
    }
  }

  private async settle(order: Order, { orderFate, settleMs, method }: Plan): Promise<void> {
    if (orderFate === 'lapse') return;
    await delay(settleMs);
    const { orderId } = order;
    if (orderFate === 'cancel') await this.line.ask('order:cancel', { orderId });
    else if (orderFate === 'pay') await this.till.pay(order);
    else {
      const paymentMethod = method === 'qris' ? 'bank_transfer' : 'qris';
      const ack = await this.line.ask('order:pay', { orderId, paymentMethod });
      if (ack?.ok) await this.till.pay(ack.data.order);
    }
  }

  /** Repeats the request until the answer is definite, on whatever connection there is. */
  private async insist<Name extends Insistent>(
    name: Name,
    payload: PayloadOf<Name>,
  ): Promise<AckOf<Name> | undefined> {
    for (;;) {
      const ack = await this.line.ask(name, payload);
      if (ack && (ack.ok || !REPEATED.has(ack.error.code))) return ack;
      if (performance.now() > this.closedAt + LAST_WORD_MS) return ack;
      await delay(AGAIN_MS);
    }
  }

  private track(work: Promise<void>): void {
    const tracked = work.finally(() => this.running.delete(tracked));
    this.running.add(tracked);
  }
}
