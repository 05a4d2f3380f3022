import { beforeAll, describe, expect, it } from 'vitest';
import { untilAuditOk } from '../support/audit.js';
import { host } from '../support/host.js';
import { buyer, ledgerOf, noticesOf, orderOf, paymentIdOf, stockOf } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

let redisUrl: string;
let server: TestServer;

beforeAll(async () => {
  redisUrl = (await startRedis()).url;
  server = await startServer({ redisUrl, SANDBOX_QRIS_MINUTES: '0.02' });
});

async function opened(stock = 5) {
  const seller = host(server);
  const stage = await seller.stage(stock);
  await seller.settings({ booking: { cancelPenaltyPerItem: 10, paidRewardPerItem: 1 } });
  return { seller, stage, ani: await buyer(server, seller.shop, stage) };
}

async function pay(paymentId: string, at = server) {
  const response = await fetch(`${at.url}/sandbox/qris/${paymentId}/pay`, { method: 'POST' });
  const body = (await response.json()) as { error?: { code: string } };
  return { status: response.status, body };
}

describe('the sandbox’s banking app', () => {
  it('pays an order, once however often it is used', async () => {
    const { seller, stage, ani } = await opened();
    await ani.client.ask('booking:cancel', { bookingId: (await ani.book(1)).bookingId });
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    const answers = await Promise.all([1, 2, 3].map(() => pay(paymentIdOf(order))));
    for (const answer of answers) {
      const payment = { paymentId: paymentIdOf(order), status: 'paid' };
      expect(answer).toEqual({ status: 200, body: { ok: true, payment } });
    }
    await ani.told(order.orderId, 'paid');
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, sold: 2 });
    expect(await ledgerOf(seller, 'ani')).toMatchObject([{ delta: 2 }, { delta: -10 }]);
    expect(await noticesOf(seller)).toMatchObject([
      { source: 'sandbox', outcome: 'paid', reason: 'in_time', count: 3 },
    ]);
    await untilAuditOk(seller);
  });

  it('pays a payment that has expired: the stock is taken again', async () => {
    const { seller, stage, ani } = await opened();
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    await ani.told(order.orderId, 'expired');
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 5 });
    expect((await pay(paymentIdOf(order))).status).toBe(200);
    expect(await ani.told(order.orderId, 'paid')).toMatchObject({ payment: { status: 'paid' } });
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, sold: 2 });
    await untilAuditOk(seller);
  });

  it('pays one that was cancelled and whose stock is gone: it needs a refund', async () => {
    const { seller, stage, ani } = await opened(2);
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    await ani.client.ask('order:cancel', { orderId: order.orderId });
    await (await buyer(server, seller.shop, stage, 'budi')).book(2);
    expect((await pay(paymentIdOf(order))).status).toBe(200);
    expect(await orderOf(seller, order.orderId)).toMatchObject({ status: 'needs_refund' });
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 0, booked: 2, sold: 0 });
    await untilAuditOk(seller);
  });

  it.each(['unknown', 'a%20b', '..%2F..%2Fhealthz', '%00', '%E0%A4%A', 'x'.repeat(65)])(
    'answers %s with not found or not well formed, and no more',
    async (paymentId) => {
      const { status, body } = await pay(paymentId);
      expect([400, 404]).toContain(status);
      expect(['NOT_FOUND', 'VALIDATION']).toContain(body.error?.code);
    },
  );

  it('is not there with a real gateway, and the real one’s webhook not with the sandbox', async () => {
    const real = await startServer({
      redisUrl,
      PAYMENTS: 'midtrans',
      MIDTRANS_SERVER_KEY: 'SB-Mid-server-none',
      MIDTRANS_BASE_URL: 'http://127.0.0.1:1',
    });
    const { seller, ani } = await opened();
    const order = await ani.buy({ method: 'qris' });
    expect((await pay(paymentIdOf(order), real)).status).toBe(404);
    expect(await noticesOf(seller)).toEqual([]);
    const notice = await seller.call('POST', '/webhooks/midtrans', {});
    expect(notice).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } });
  });
});
