import { beforeAll, describe, expect, it } from 'vitest';
import { sandboxPaymentKey } from '../../src/store/keys.js';
import { untilAuditOk } from '../support/audit.js';
import { host } from '../support/host.js';
import { buyer, ledgerOf, noticesOf, orderOf, paymentIdOf, stockOf } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

/** 0.6 s; a QRIS payment lives for 15 minutes. */
const SHORT = 0.01;

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url, SANDBOX_QRIS_MINUTES: '15' });
});

async function opened() {
  const seller = host(server);
  const stage = await seller.stage(10);
  return { seller, stage, ani: await buyer(server, seller.shop, stage) };
}

describe('an order whose QR outlives its own lifetime', () => {
  it('takes no other payment after that, and the QR can still be paid', async () => {
    const { seller, stage, ani } = await opened();
    await seller.settings({ order: { onlineCheckoutAutoExpireMinutes: SHORT } });
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    // Placed later with the same lifetime: once it has expired, the first lifetime is over as well.
    const later = await ani.buy({ quantity: 1, method: 'bank_transfer' });
    await ani.told(later.orderId, 'expired');

    const pay = { orderId: order.orderId, paymentMethod: 'bank_transfer' } as const;
    expect(await ani.client.emit('order:pay', pay)).toMatchObject({
      ok: false,
      error: { code: 'ORDER_NOT_PAYABLE', details: { status: 'awaiting_payment' } },
    });
    expect(await orderOf(seller, order.orderId)).toEqual(order);
    const again = await ani.client.ask('order:pay', { ...pay, paymentMethod: 'qris' });
    expect(again).toEqual({ order });

    const paymentId = paymentIdOf(order);
    const gateway = await redis.client();
    expect(await gateway.hExists(sandboxPaymentKey(paymentId), 'closedAt')).toBe(0);
    const paid = await fetch(`${server.url}/sandbox/qris/${paymentId}/pay`, { method: 'POST' });
    expect(paid.status).toBe(200);
    await ani.told(order.orderId, 'paid');
    expect(await noticesOf(seller, paymentId)).toMatchObject([
      { orderId: order.orderId, outcome: 'paid', reason: 'in_time' },
    ]);
    expect(await stockOf(seller, stage.itemId)).toEqual({
      available: 8,
      booked: 0,
      allocated: 0,
      sold: 2,
    });
    await untilAuditOk(seller);
  });
});

describe('an order that costs nothing', () => {
  it.each(['qris', 'bank_transfer'] as const)('is paid at once by %s', async (method) => {
    const { seller, stage, ani } = await opened();
    await seller.settings({ booking: { cancelPenaltyPerItem: 20, paidRewardPerItem: 3 } });
    await ani.client.ask('booking:cancel', { bookingId: (await ani.book(1)).bookingId });
    const gift = await seller.createItem(5, 0);
    await seller.patch(`/lives/${stage.liveId}`, { itemIds: [gift.itemId] });
    await ani.book(2, gift.itemId);
    const { checkoutId } = await ani.checkout();
    const order = await ani.place(checkoutId, method, 'r1');
    expect(order).toMatchObject({
      total: 0,
      status: 'paid',
      paidAt: expect.any(Number),
      payment: { method, provider: 'manual', status: 'paid', amount: 0 },
    });
    expect(await ani.place(checkoutId, method, 'r1')).toEqual(order);
    expect(await ani.told(order.orderId, 'paid')).toEqual(order);
    expect(await stockOf(seller, gift.itemId)).toEqual({
      available: 3,
      booked: 0,
      allocated: 0,
      sold: 2,
    });
    expect(await ledgerOf(seller, 'ani')).toMatchObject([
      { delta: 6, reason: 'order_paid', refId: order.orderId },
      { delta: -20 },
    ]);
    await untilAuditOk(seller);
  });
});
