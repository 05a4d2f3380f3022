import { randomUUID } from 'node:crypto';
import type { Booking } from '../../src/protocol/booking.js';
import type { Checkout } from '../../src/protocol/checkout.js';
import type { HostOrder, Page } from '../../src/protocol/http.js';
import type { Order, PaymentMethod, PaymentNotice } from '../../src/protocol/order.js';
import type { Refund } from '../../src/protocol/refund.js';
import type { LedgerEntry } from '../../src/protocol/viewer.js';
import { shopKey } from '../../src/store/keys.js';
import { type ViewerClient, viewer } from './client.js';
import type { Host, Stage } from './host.js';
import type { RedisServer } from './redis-server.js';
import type { Reachable } from './server-environment.js';
import { until } from './until.js';

interface Purchase {
  quantity?: number;
  itemId?: string;
  method?: PaymentMethod;
}

/** A viewer who watches a live and buys there. */
export class Buyer {
  readonly client: ViewerClient;
  readonly id: string;
  private readonly stage: Stage;

  constructor(client: ViewerClient, id: string, stage: Stage) {
    this.client = client;
    this.id = id;
    this.stage = stage;
  }

  async book(quantity = 1, itemId = this.stage.itemId): Promise<Booking> {
    const { liveId } = this.stage;
    const request = { liveId, itemId, quantity, requestId: randomUUID() };
    return (await this.client.ask('booking:create', request)).booking;
  }

  async checkout(): Promise<Checkout> {
    return (await this.client.ask('checkout:start', {})).checkout;
  }

  async place(
    checkoutId: string,
    paymentMethod: PaymentMethod = 'bank_transfer',
    requestId: string = randomUUID(),
  ): Promise<Order> {
    const request = { checkoutId, paymentMethod, requestId };
    return (await this.client.ask('order:place', request)).order;
  }

  /** From booking to order, with nothing else in the cart. */
  async buy({ quantity, itemId, method }: Purchase = {}): Promise<Order> {
    await this.book(quantity, itemId);
    const { checkoutId } = await this.checkout();
    return this.place(checkoutId, method);
  }

  /** Told once the order came to this status. */
  async told(orderId: string, status: Order['status']): Promise<Order> {
    const matches = ({ order }: { order: Order }) =>
      order.orderId === orderId && order.status === status;
    return (await this.client.next('order:updated', matches)).order;
  }
}

/** Connected and in the live, so that it misses nothing from here on. */
export async function buyer(
  server: Reachable,
  shop: string,
  stage: Stage,
  id = 'ani',
): Promise<Buyer> {
  const client = await viewer(server, shop, id);
  await client.ask('live:join', { shopId: shop, liveId: stage.liveId });
  return new Buyer(client, id, stage);
}

/** As its viewer sees it. */
export async function orderOf(seller: Host, orderId: string): Promise<Order> {
  const { order } = await seller.get<{ order: HostOrder }>(`/orders/${orderId}`);
  return asViewerSees(order);
}

export function asViewerSees({ viewer: _, ...order }: HostOrder): Order {
  return order;
}

export function untilOrder(seller: Host, orderId: string, status: Order['status']): Promise<Order> {
  return until(`order ${orderId} is ${status}`, async () => {
    const order = await orderOf(seller, orderId);
    return order.status === status && order;
  });
}

/** Newest first. */
export async function ledgerOf(seller: Host, viewerId: string): Promise<LedgerEntry[]> {
  return (await seller.get<Page<LedgerEntry>>(`/viewers/${viewerId}/reputation`)).items;
}

/** What became of the words that money moved, newest first; without those that were about nothing. */
export async function noticesOf(seller: Host, paymentId?: string): Promise<PaymentNotice[]> {
  const { items } = await seller.get<Page<PaymentNotice>>('/payment-notices?limit=200');
  return items.filter(
    (notice) =>
      (paymentId === undefined || notice.paymentId === paymentId) &&
      notice.reason !== 'gateway_says_pending',
  );
}

/** Money that must go back, or has gone back, newest first. */
export async function refundsOf(seller: Host, status?: Refund['status']): Promise<Refund[]> {
  const query = status === undefined ? '' : `&status=${status}`;
  return (await seller.get<Page<Refund>>(`/refunds?limit=200${query}`)).items;
}

/** Four buckets and no more, to compare with. */
export async function stockOf(seller: Host, itemId: string) {
  const { available, booked, allocated, sold } = await seller.item(itemId);
  return { available, booked, allocated, sold };
}

/** The payment that an order shows; fails when it shows none. */
export function paymentIdOf(order: Order): string {
  if (!order.payment) throw new Error(`order ${order.orderId} shows no payment`);
  return order.payment.paymentId;
}

/** Everything of one type that the shop's event stream has told so far. */
export async function eventsOf<Told>(
  redis: RedisServer,
  shop: string,
  type: string,
): Promise<Told[]> {
  const client = await redis.client();
  const entries = await client.xRange(`${shopKey(shop)}:events`, '-', '+');
  return (entries ?? [])
    .flatMap(({ message }): { type: string }[] =>
      // The first field names the entry before this one.
      Object.entries(message)
        .slice(1)
        .map(([field, payload]) => ({
          ...JSON.parse(payload),
          // `<n>:<kind>`, and behind it whom it concerns.
          type: /:(\w+)/.exec(field)?.[1] ?? '',
        })),
    )
    .filter((event) => event.type === type) as Told[];
}
