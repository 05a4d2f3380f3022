import { beforeAll, describe, expect, it } from 'vitest';
import type { HostOrder } from '../../src/protocol/http.js';
import type { Order } from '../../src/protocol/order.js';
import { untilAuditOk } from '../support/audit.js';
import { hostSocket } from '../support/client.js';
import { host } from '../support/host.js';
import {
  asViewerSees,
  buyer,
  ledgerOf,
  noticesOf,
  orderOf,
  paymentIdOf,
  stockOf,
} from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { until } from '../support/until.js';

let redis: RedisServer;
let servers: [TestServer, TestServer];

beforeAll(async () => {
  redis = await startRedis();
  const redisUrl = redis.url;
  servers = [await startServer({ redisUrl }), await startServer({ redisUrl })];
});

async function opened(stock = 10) {
  const [server] = servers;
  const seller = host(server);
  const stage = await seller.stage(stock);
  await seller.settings({ booking: { cancelPenaltyPerItem: 10, paidRewardPerItem: 1 } });
  return { seller, stage, ani: await buyer(server, seller.shop, stage) };
}

const confirmPath = (orderId: string) => `/orders/${orderId}/confirm-payment`;

describe('the host’s confirmation of a transfer', () => {
  it('pays the order, and both sides are notified', async () => {
    const { seller, stage, ani } = await opened();
    const console = await hostSocket(servers[1], seller.shop);
    await console.ask('live:join', { liveId: stage.liveId });
    const order = await ani.buy({ quantity: 2 });
    const answer = await seller.post<{ order: HostOrder }>(confirmPath(order.orderId));
    const confirmed = asViewerSees(answer.order);
    const given = { paidAt: expect.any(Number), invoiceNumber: expect.stringMatching(/^INV\./) };
    const paid = { ...order, status: 'paid', ...given };
    expect(confirmed).toEqual({ ...paid, payment: { ...order.payment, status: 'paid' } });
    expect(await ani.told(order.orderId, 'paid')).toEqual(confirmed);
    const told = await console.next('order:updated', (e) => e.order.status === 'paid');
    expect(told).toMatchObject({ order: confirmed, viewer: { viewerId: 'ani' } });
    expect(await noticesOf(seller)).toMatchObject([
      { orderId: order.orderId, source: 'host', outcome: 'paid', reason: 'in_time' },
    ]);
    await untilAuditOk(seller);
  });

  it('many times at once, through two servers, has one effect', async () => {
    const { seller, stage, ani } = await opened();
    await ani.client.ask('booking:cancel', { bookingId: (await ani.book(2)).bookingId });
    const { orderId } = await ani.buy({ quantity: 3 });
    const elsewhere = host(servers[1], seller.shop);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        (i % 2 ? elsewhere : seller).call('POST', confirmPath(orderId)),
      ),
    );
    for (const { status, body } of answers) {
      expect({ status, order: body.order.status }).toEqual({ status: 200, order: 'paid' });
    }
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 7, sold: 3 });
    const rewards = (await ledgerOf(seller, 'ani')).filter((e) => e.reason === 'order_paid');
    expect(rewards).toMatchObject([{ delta: 3, refId: orderId }]);
    expect(await noticesOf(seller)).toMatchObject([{ outcome: 'paid', count: 10 }]);
    await untilAuditOk(seller);
  });

  it('is refused for a QRIS order, whose money the gateway vouches for', async () => {
    const { seller, ani } = await opened();
    const order = await ani.buy({ method: 'qris' });
    const answer = await seller.call('POST', confirmPath(order.orderId));
    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'ORDER_NOT_PAYABLE' } } });
    expect(await orderOf(seller, order.orderId)).toEqual(order);
    expect(await noticesOf(seller)).toEqual([]);
  });

  it('of another shop’s order finds nothing', async () => {
    const { ani, seller } = await opened();
    const { orderId } = await ani.buy();
    const stranger = host(servers[0]);
    const answer = await stranger.call('POST', confirmPath(orderId));
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } });
    expect(await orderOf(seller, orderId)).toMatchObject({ status: 'awaiting_payment' });
  });
});

describe('a transfer made before the buyer looked at a QR', () => {
  async function switched() {
    const { seller, stage, ani } = await opened(5);
    const { orderId } = await ani.buy({ quantity: 2 });
    const request = { orderId, paymentMethod: 'qris' } as const;
    const { order } = await ani.client.ask('order:pay', request);
    return { seller, stage, ani, order, orderId };
  }
  const payQr = (order: Order) =>
    fetch(`${servers[0].url}/sandbox/qris/${paymentIdOf(order)}/pay`, { method: 'POST' });

  it('can be confirmed, and the QR is closed at the gateway at once', async () => {
    const { seller, stage, ani, order, orderId } = await switched();
    const answer = await seller.post<{ order: Order }>(confirmPath(orderId));
    expect(answer.order).toMatchObject({
      status: 'paid',
      payment: { method: 'bank_transfer', status: 'paid' },
    });
    await ani.told(orderId, 'paid');
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, sold: 2 });
    const client = await redis.client();
    await until('the QR is closed', () =>
      client.hGet(`livehold:sandbox:${paymentIdOf(order)}`, 'closedAt').then((at) => at !== null),
    );
    await untilAuditOk(seller);
  });

  it('and paid by the QR as well: the second money needs a refund', async () => {
    const { seller, stage, order, orderId } = await switched();
    await seller.post(confirmPath(orderId));
    expect((await payQr(order)).status).toBe(200);
    // The server closes the QR meanwhile, and may hear of this money there as well.
    const reasons = (await noticesOf(seller)).map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason !== 'already_settled')).toEqual([
      'paid_twice',
      'in_time',
    ]);
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, sold: 2 });
    await untilAuditOk(seller);
  });

  it('can be confirmed after the order has ended', async () => {
    const { seller, ani, orderId } = await switched();
    await ani.client.ask('order:cancel', { orderId });
    const answer = await seller.post<{ order: Order }>(confirmPath(orderId));
    expect(answer.order).toMatchObject({ status: 'paid', payment: { method: 'bank_transfer' } });
    await untilAuditOk(seller);
  });
});

describe('a transfer that comes late', () => {
  async function cancelled(stock: number) {
    const { seller, stage, ani } = await opened(stock);
    const order = await ani.buy({ quantity: 2 });
    await ani.client.ask('order:cancel', { orderId: order.orderId });
    return { seller, stage, ani, order };
  }

  it('takes the stock again if it is there', async () => {
    const { seller, stage, ani, order } = await cancelled(2);
    const answer = await seller.post<{ order: Order }>(confirmPath(order.orderId));
    expect(answer.order).toMatchObject({ status: 'paid', payment: { status: 'paid' } });
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 0, sold: 2 });
    expect(await ledgerOf(seller, 'ani')).toMatchObject([
      { delta: 2, reason: 'order_paid', after: 82 },
      { delta: -20, reason: 'order_cancelled', after: 80 },
    ]);
    expect(await noticesOf(seller)).toMatchObject([{ reason: 'late_but_in_stock' }]);
    await ani.told(order.orderId, 'paid');
    await untilAuditOk(seller);
  });

  it('after expiry too', async () => {
    const { seller, stage, ani } = await opened();
    await seller.settings({ order: { onlineCheckoutAutoExpireMinutes: 0.005 } });
    const { orderId } = await ani.buy({ quantity: 2 });
    await ani.told(orderId, 'expired');
    const answer = await seller.post<{ order: Order }>(confirmPath(orderId));
    expect(answer.order.status).toBe('paid');
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 8, sold: 2 });
    await untilAuditOk(seller);
  });

  it('needs a refund when others have the stock, and stays so when confirmed again', async () => {
    const { seller, stage, order } = await cancelled(2);
    const budi = await buyer(servers[1], seller.shop, stage, 'budi');
    await budi.book(1);
    for (let i = 0; i < 2; i++) {
      const answer = await seller.post<{ order: Order }>(confirmPath(order.orderId));
      expect(answer.order).toMatchObject({ status: 'needs_refund', payment: { status: 'paid' } });
    }
    // One of two is there: none is taken.
    expect(await stockOf(seller, stage.itemId)).toEqual({
      available: 1,
      booked: 1,
      allocated: 0,
      sold: 0,
    });
    expect(await noticesOf(seller)).toMatchObject([
      { outcome: 'needs_refund', reason: 'late_and_gone', count: 2 },
    ]);
    await untilAuditOk(seller);
  });
});
