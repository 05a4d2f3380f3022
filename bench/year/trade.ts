import type { Booking } from '../../src/protocol/booking.js';
import type { ItemView } from '../../src/protocol/item.js';
import type { Live } from '../../src/protocol/live.js';
import type { Order } from '../../src/protocol/order.js';
import { signToken } from '../../test/support/tokens.js';
import { Connection } from '../client/connection.js';
import type { Random } from '../faults/random.js';

/** What a day has, for each order of it. */
const SHARES = {
  /** Orders by QRIS; the others are transfers that the host confirms. */
  qris: 0.2,
  /** Orders that are never paid, that the buyer cancels, and that are paid back. */
  unpaid: 0.05,
  cancelled: 0.05,
  refunded: 0.02,
  /** Bookings beside them that the viewer cancels, or lets lapse. */
  dropped: 0.15,
  lapsed: 0.15,
  /** Comments that book. */
  comments: 0.05,
};

const ITEMS = 8;
/** Who writes comments. */
const AUTHORS = 10;
const AT_ONCE = 24;
/** What lapses does so within the day or soon after, minutes. */
const HOLD_MINUTES = 3 / 60;

export interface TradeOptions {
  url: string;
  shopId: string;
  /** Viewers who buy on many days: more than do something on one. */
  regulars: number;
  /** Share of the orders that are of people who come once. */
  newcomers: number;
  random: Random;
}

/** A shop, its regulars with a connection each, and what happens in it day by day. */
export class Trade {
  private readonly options: TradeOptions;
  private readonly items: ItemView[] = [];
  private readonly regulars: Connection[] = [];
  private readonly token: string;
  private serial = 0;
  orders = 0;
  /** What was refused or failed, by its code. */
  readonly refusals = new Map<string, number>();

  constructor(options: TradeOptions) {
    this.options = options;
    this.token = signToken({ sub: 'host', shop: options.shopId, role: 'host', name: 'Host' });
  }

  async open(): Promise<void> {
    await this.call('PATCH', '/settings', {
      order: {
        checkoutTimeoutMinutes: HOLD_MINUTES,
        onlineCheckoutAutoExpireMinutes: HOLD_MINUTES,
      },
      booking: {
        bookingTimeoutMinutes: HOLD_MINUTES,
        cancelPenaltyPerItem: 1,
        expiryPenaltyPerItem: 1,
        paidRewardPerItem: 1,
      },
    });
    for (let i = 0; i < ITEMS; i++) {
      const item = {
        sku: `SKU-${i}`,
        code: `K${i}`,
        name: `Kemeja ${i}`,
        price: 85_000,
        stock: 100,
      };
      this.items.push((await this.call<{ item: ItemView }>('POST', '/items', item)).item);
    }
    for (let i = 0; i < this.options.regulars; i++) this.regulars.push(await this.arrive(`r${i}`));
  }

  close(): void {
    for (const connection of this.regulars) connection.destroy();
  }

  /** A live with so many orders, and all that goes with them. */
  async day(orders: number): Promise<void> {
    const { random } = this.options;
    const itemIds = this.items.map(({ itemId }) => itemId);
    const { live } = await this.call<{ live: Live }>('POST', '/lives', { title: 'Live', itemIds });
    await this.call('POST', `/lives/${live.liveId}/start`, {});
    const waiting = random.shuffled(this.regulars);
    const work: (() => Promise<void>)[] = [];
    const often = (share: number) => Math.floor(orders * share + random.next());
    for (let i = 0; i < orders; i++) {
      const regular = random.chance(this.options.newcomers) ? undefined : waiting.pop();
      work.push(() => this.purchase(live.liveId, regular));
    }
    for (let i = often(SHARES.dropped); i > 0; i--) {
      const one = waiting.pop();
      if (one) work.push(() => this.drop(live.liveId, one));
    }
    for (let i = often(SHARES.lapsed); i > 0; i--) {
      const one = waiting.pop();
      if (one) work.push(async () => void (await this.book(live.liveId, one)));
    }
    for (let i = often(SHARES.comments); i > 0; i--) work.push(() => this.comment(live.liveId));
    const left = random.shuffled(work);
    const worker = async () => {
      for (let one = left.pop(); one; one = left.pop())
        await one().catch((error: unknown) => this.refuse(String(error)));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    for (const itemId of itemIds) await this.refill(itemId);
    await this.call('POST', `/lives/${live.liveId}/end`, {});
  }

  /** One that nobody has seen before buys once and leaves. */
  private async purchase(liveId: string, regular: Connection | undefined): Promise<void> {
    const connection = regular ?? (await this.arrive(`n${this.serial++}`));
    try {
      await this.buy(liveId, connection);
    } finally {
      if (!regular) connection.destroy();
    }
  }

  private async buy(liveId: string, connection: Connection): Promise<void> {
    const { random } = this.options;
    if (!(await this.book(liveId, connection))) return;
    const started = await this.ask<{ checkout: { checkoutId: string } }>(
      connection,
      'checkout:start',
      {},
    );
    if (!started) return;
    const isOnline = random.chance(SHARES.qris);
    const placed = await this.ask<{ order: Order }>(connection, 'order:place', {
      checkoutId: started.checkout.checkoutId,
      paymentMethod: isOnline ? 'qris' : 'bank_transfer',
      requestId: this.requestId(),
      recipient: { name: 'Rina Wati', phone: '081234567890', address: 'Jl. Mawar 12, Bandung' },
    });
    if (!placed) return;
    this.orders += 1;
    const { orderId, payment } = placed.order;
    if (isOnline) {
      await fetch(`${this.options.url}/sandbox/qris/${payment?.paymentId}/pay`, { method: 'POST' });
    } else if (random.chance(SHARES.cancelled)) {
      await this.ask(connection, 'order:cancel', { orderId });
      return;
    } else if (random.chance(SHARES.unpaid)) {
      return;
    } else {
      await this.call('POST', `/orders/${orderId}/confirm-payment`, {});
    }
    await this.call('PATCH', `/orders/${orderId}`, {
      fulfilment: 'shipped',
      tracking: 'JNE123456',
    });
    if (random.chance(SHARES.refunded)) await this.payBack(orderId);
  }

  private async payBack(orderId: string): Promise<void> {
    const body = { restock: true, requestId: this.requestId() };
    const { order } = await this.call<{ order: Order & { refunds?: { refundId: string }[] } }>(
      'POST',
      `/orders/${orderId}/refund`,
      body,
    );
    for (const { refundId } of order.refunds ?? [])
      await this.call('POST', `/refunds/${refundId}/done`, { requestId: this.requestId() });
  }

  private async drop(liveId: string, connection: Connection): Promise<void> {
    const booking = await this.book(liveId, connection);
    if (booking) await this.ask(connection, 'booking:cancel', { bookingId: booking.bookingId });
  }

  private async comment(liveId: string): Promise<void> {
    const n = this.serial++;
    const item = this.options.random.pick(this.items);
    await this.call('POST', '/comments', {
      liveId,
      source: 'tiktok',
      commentId: `c${n}`,
      authorId: `a${n % AUTHORS}`,
      authorName: `Penonton ${n % AUTHORS}`,
      text: `mau ${item.code}`,
    });
  }

  private async book(liveId: string, connection: Connection): Promise<Booking | undefined> {
    const { itemId } = this.options.random.pick(this.items);
    const request = { liveId, itemId, quantity: 1, requestId: this.requestId() };
    const made = await this.ask<{ booking: Booking }>(connection, 'booking:create', request);
    return made?.booking;
  }

  /** What was sold comes in again. */
  private async refill(itemId: string): Promise<void> {
    const { item } = await this.call<{ item: ItemView }>('GET', `/items/${itemId}`);
    const quantity = 100 - item.available;
    if (quantity <= 0) return;
    await this.call('POST', `/items/${itemId}/restock`, { quantity, requestId: this.requestId() });
  }

  private arrive(id: string): Promise<Connection> {
    const { url, shopId } = this.options;
    const token = signToken({ sub: id, shop: shopId, role: 'viewer', name: `Penonton ${id}` });
    return Connection.open({ url, token });
  }

  private async ask<Data>(
    connection: Connection,
    event: string,
    payload: object,
  ): Promise<Data | undefined> {
    const answer = await connection.request<Data>(event, payload);
    if (answer.ok) return answer.data;
    this.refuse(`${event}: ${answer.error.code}`);
    return undefined;
  }

  private refuse(what: string): void {
    this.refusals.set(what, (this.refusals.get(what) ?? 0) + 1);
  }

  private requestId(): string {
    return `q${this.serial++}`;
  }

  /** @throws with what the server said */
  async call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.options.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path.split('/')[1]}: ${text}`);
    return JSON.parse(text) as Answer;
  }
}
