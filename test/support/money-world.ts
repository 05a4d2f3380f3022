import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { HostOrder, Page } from '../../src/protocol/http.js';
import type { OrderStatus, PaymentMethod, PaymentNotice } from '../../src/protocol/order.js';
import type { SettingsPatch } from '../../src/protocol/settings.js';
import type { HostBooking } from '../../src/protocol/snapshot.js';
import { shopKey } from '../../src/store/keys.js';
import { untilAuditOk } from './audit.js';
import { type HostClient, hostSocket } from './client.js';
import { type Host, host, type Stage } from './host.js';
import type { Midtrans } from './midtrans-server.js';
import { type Buyer, buyer, noticesOf, refundsOf } from './orders.js';
import type { RedisServer } from './redis-server.js';
import type { TestServer } from './server.js';
import { until } from './until.js';

/** What can happen to money. Numbers choose among whatever is there at that moment. */
export type Step =
  | { do: 'book'; viewer: number; item: number; quantity: number }
  | { do: 'buy'; viewer: number; item: number; method: PaymentMethod }
  | { do: 'pay'; viewer: number; order: number; method: PaymentMethod }
  | { do: 'settle'; payment: number; amount?: string }
  | { do: 'giveBack'; payment: number; word: 'refund' | 'chargeback' }
  | { do: 'refund'; order: number; restock: boolean }
  | { do: 'refundDone'; refund: number }
  | { do: 'letGo' | 'restore'; booking: number }
  | { do: 'cancel' | 'hostCancel' | 'confirm' | 'due'; order: number }
  | { do: 'restock'; item: number; quantity: number }
  | { do: 'price'; item: number; price: number }
  | { do: 'settings'; patch: SettingsPatch };

/** What becomes of a notice of money. */
const MONEY: PaymentNotice['outcome'][] = ['paid', 'needs_refund', 'refunded'];

const NEXT: Record<OrderStatus, OrderStatus[]> = {
  awaiting_payment: ['awaiting_payment', 'paid', 'expired', 'cancelled'],
  expired: ['expired', 'paid', 'needs_refund', 'refunded'],
  cancelled: ['cancelled', 'paid', 'needs_refund', 'refunded'],
  paid: ['paid', 'refunded'],
  needs_refund: ['needs_refund', 'refunded'],
  refunded: ['refunded'],
};

/** Ends an order's time at once, if it still runs; its alarm rings as it would have by itself. */
const MAKE_DUE = `
if redis.call('HGET', KEYS[1] .. ':order:' .. ARGV[1], 'status') ~= 'awaiting_payment' then return end
redis.call('HSET', KEYS[1] .. ':order:' .. ARGV[1], 'expiresAt', '1')
redis.call('ZADD', KEYS[1] .. ':deadlines', 'XX', 1, 'order:' .. ARGV[1])
local id = redis.call('HGET', KEYS[1] .. ':order:' .. ARGV[1], 'paymentId')
redis.call('ZADD', KEYS[1] .. ':payments:open', 'XX', 1, id)`;

/** One shop on several servers, its viewers, and a gateway that it shares with other such shops. */
export class MoneyWorld {
  readonly settled = new Set<string>();
  readonly givenBack = new Set<string>();
  private readonly redis: RedisServer;
  private readonly midtrans: Midtrans;
  private readonly sellers: Host[];
  private readonly stage: Stage;
  private readonly console: HostClient;
  private readonly buyers: Buyer[];
  private readonly chargedBefore: number;

  private constructor(
    outside: { redis: RedisServer; midtrans: Midtrans },
    inside: { sellers: Host[]; stage: Stage; console: HostClient; buyers: Buyer[] },
  ) {
    ({ redis: this.redis, midtrans: this.midtrans } = outside);
    ({ sellers: this.sellers, stage: this.stage, buyers: this.buyers } = inside);
    this.console = inside.console;
    this.chargedBefore = this.midtrans.charged().length;
  }

  static async open(
    redis: RedisServer,
    midtrans: Midtrans,
    servers: TestServer[],
  ): Promise<MoneyWorld> {
    const [first] = servers as [TestServer];
    const seller = host(first);
    const stage = await seller.stage(4, 2);
    const booking = { cancelPenaltyPerItem: 7, expiryPenaltyPerItem: 5, paidRewardPerItem: 3 };
    await seller.settings({ booking });
    const sellers = servers.map((server) => host(server, seller.shop));
    const buyers = await Promise.all(
      [0, 1, 2].map((i) =>
        buyer(servers[i % servers.length] ?? first, seller.shop, stage, `v${i}`),
      ),
    );
    const console = await hostSocket(first, seller.shop);
    await console.ask('live:join', { liveId: stage.liveId });
    return new MoneyWorld({ redis, midtrans }, { sellers, stage, console, buyers });
  }

  /** Does one thing; refusals are as good as acceptance, silence and INTERNAL are not. */
  async do(step: Step): Promise<void> {
    const order = 'order' in step ? pick(this.orders(), step.order) : undefined;
    switch (step.do) {
      case 'book':
        return this.book(step.viewer, step.item, step.quantity);
      case 'buy':
        await this.book(step.viewer, step.item, 1);
        return this.place(step.viewer, step.method);
      case 'pay':
        return this.ask(step.viewer, 'order:pay', { orderId: order, paymentMethod: step.method });
      case 'cancel':
        await Promise.all([0, 1, 2].map((v) => this.ask(v, 'order:cancel', { orderId: order })));
        return;
      case 'hostCancel':
        return this.call('POST', `/orders/${order}/cancel`);
      case 'confirm':
        return this.call('POST', `/orders/${order}/confirm-payment`);
      case 'due':
        return this.makeDue(order);
      case 'settle':
        return this.settle(step.payment, step.amount);
      case 'giveBack':
        return this.giveBack(step.payment, step.word);
      case 'refund': {
        const body = { restock: step.restock, requestId: randomUUID() };
        return this.call('POST', `/orders/${order}/refund`, body);
      }
      case 'refundDone': {
        const refund = pick(await refundsOf(this.seller, 'open'), step.refund);
        const body = { requestId: randomUUID() };
        return this.call('POST', `/refunds/${refund?.refundId ?? 'rf_none'}/done`, body);
      }
      case 'letGo':
        return this.call('POST', `/bookings/${await this.booking(step.booking)}/cancel`);
      case 'restore': {
        const body = { requestId: randomUUID() };
        return this.call('POST', `/bookings/${await this.booking(step.booking)}/restore`, body);
      }
      case 'restock':
        return this.call('POST', `/items/${this.itemId(step.item)}/restock`, {
          quantity: step.quantity,
          requestId: randomUUID(),
        });
      case 'price':
        return this.call('PATCH', `/items/${this.itemId(step.item)}`, { price: step.price });
      case 'settings':
        return this.call('PATCH', '/settings', step.patch);
    }
  }

  /** Holds at every moment: stock, reputations, orders, payments and invoices agree with their records. */
  async check(): Promise<void> {
    await untilAuditOk(this.seller);
    await this.checkInvoices();
    for (const [orderId, statuses] of this.histories()) {
      statuses.reduce((before, after) => {
        expect(NEXT[before], `${orderId}: ${statuses.join(' → ')}`).toContain(after);
        return after;
      });
    }
  }

  /** Whatever money has moved at the gateway has one outcome here, also where no notice of it came. */
  async finish(): Promise<void> {
    this.midtrans.notifier.dropping = false;
    await this.midtrans.notifier.idle();
    const client = await this.redis.client();
    const key = `${shopKey(this.seller.shop)}:payments:open`;
    for (const value of this.settled)
      await client.zAdd(key, { score: 1, value }, { condition: 'XX' });
    for (const paymentId of this.settled) {
      const outcomes = await until(`payment ${paymentId} has an outcome`, async () => {
        const found = (await noticesOf(this.seller, paymentId)).map(({ outcome }) => outcome);
        return found.some((outcome) => MONEY.includes(outcome)) && found;
      });
      const settled = outcomes.filter(
        (outcome) => outcome === 'paid' || outcome === 'needs_refund',
      );
      expect(settled.length, outcomes.join()).toBeLessThanOrEqual(1);
    }
    await this.check();
    for (const { client: socket } of this.buyers) socket.drop();
    this.console.drop();
  }

  /** One for each order that was ever paid: from 1 on, without a gap and without a double. */
  private async checkInvoices(): Promise<void> {
    const { items } = await this.seller.get<Page<HostOrder>>('/orders?limit=200');
    const numbers = items.flatMap(({ invoiceNumber }) => invoiceNumber?.slice(-6) ?? []).sort();
    expect(numbers).toEqual(numbers.map((_, i) => String(i + 1).padStart(6, '0')));
    for (const { orderId, paidAt, invoiceNumber } of items) {
      expect({ orderId, paid: paidAt !== undefined }).toEqual({
        orderId,
        paid: invoiceNumber !== undefined,
      });
    }
  }

  /** Any booking of the shop, whatever became of it. */
  private async booking(n: number): Promise<string> {
    const { items } = await this.seller.get<Page<HostBooking>>('/bookings?limit=200');
    return pick(items, n)?.bookingId ?? 'bk_none';
  }

  private get seller(): Host {
    return pick(this.sellers, 0) as Host;
  }

  private book(viewer: number, item: number, quantity: number): Promise<void> {
    const wish = { liveId: this.stage.liveId, itemId: this.itemId(item), quantity };
    return this.ask(viewer, 'booking:create', { ...wish, requestId: randomUUID() });
  }

  /** Everything in the cart, with the command sent twice. */
  private async place(viewer: number, paymentMethod: PaymentMethod): Promise<void> {
    const { client } = pick(this.buyers, viewer) as Buyer;
    const ack = await client.emit('checkout:start', {});
    if (!ack.ok) return expect(ack.error.code).not.toBe('INTERNAL');
    const { checkoutId } = ack.data.checkout;
    const request = { checkoutId, paymentMethod, requestId: randomUUID() };
    const answers = [this.ask(viewer, 'order:place', request)];
    answers.push(this.ask(viewer, 'order:place', request));
    await Promise.all(answers);
  }

  private async settle(payment: number, amount?: string): Promise<void> {
    const paymentId = pick(this.charged(), payment);
    if (paymentId === undefined || this.givenBack.has(paymentId)) return;
    this.settled.add(paymentId);
    this.midtrans.payments.settle(paymentId, amount === undefined ? {} : { amount });
  }

  /** What has come in goes back to the payer, at the gateway. */
  private async giveBack(payment: number, word: 'refund' | 'chargeback'): Promise<void> {
    const paymentId = pick([...this.settled], payment);
    if (paymentId === undefined || this.givenBack.has(paymentId)) return;
    this.givenBack.add(paymentId);
    this.midtrans.payments.setStatus(paymentId, word);
  }

  private async makeDue(order: string | undefined): Promise<void> {
    if (order === undefined) return;
    const client = await this.redis.client();
    await client.eval(MAKE_DUE, { keys: [shopKey(this.seller.shop)], arguments: [order] });
    client.destroy();
  }

  private async ask(viewer: number, name: string, payload: object): Promise<void> {
    const ack = await (pick(this.buyers, viewer) as Buyer).client.send(name, payload);
    if (!ack.ok) expect(ack.error.code, `${name}: ${JSON.stringify(ack)}`).not.toBe('INTERNAL');
  }

  private async call(method: string, path: string, body?: unknown): Promise<void> {
    const through = pick(this.sellers, path.length) as Host;
    const answer = await through.call(method, path, body);
    expect(answer.status, JSON.stringify(answer.body)).not.toBe(500);
  }

  private itemId(item: number): string {
    return pick(this.stage.items, item)?.itemId ?? '';
  }

  /** Orders as the host has heard of them so far, with every status that they came to. */
  private histories(): Map<string, OrderStatus[]> {
    const histories = new Map<string, OrderStatus[]>();
    for (const { order } of this.console.heard('order:updated')) {
      histories.set(order.orderId, [...(histories.get(order.orderId) ?? []), order.status]);
    }
    return histories;
  }

  private orders(): string[] {
    return [...this.histories().keys()];
  }

  /** Payments that the gateway knows of, of this shop alone. */
  private charged(): string[] {
    return this.midtrans.charged().slice(this.chargedBefore);
  }
}

function pick<T>(list: T[], n: number): T | undefined {
  return list[n % list.length];
}
