import { beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '../../src/protocol/order.js';
import { untilAuditOk } from '../support/audit.js';
import { host } from '../support/host.js';
import { buyer, eventsOf, ledgerOf, orderOf, stockOf, untilOrder } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { until } from '../support/until.js';

/** 0.9 s: QRIS payments of the one server are over soon. The other's live for 15 minutes. */
const SHORT = '0.015';

let redis: RedisServer;
let slow: TestServer;
let quick: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  slow = await startServer({ redisUrl: redis.url });
  quick = await startServer({ redisUrl: redis.url, SANDBOX_QRIS_MINUTES: SHORT });
});

async function opened(server: TestServer, autoExpireMinutes: number) {
  const seller = host(server);
  const stage = await seller.stage(10);
  await seller.settings({
    order: { onlineCheckoutAutoExpireMinutes: autoExpireMinutes },
    booking: { expiryPenaltyPerItem: 3 },
  });
  return { seller, stage, ani: await buyer(server, seller.shop, stage) };
}

interface Released {
  releases: { reason: string; quantity: number }[];
}

async function releasesOf(shop: string, from = redis): Promise<object[]> {
  const told = await eventsOf<Released>(from, shop, 'released');
  return told.flatMap(({ releases }) =>
    releases.map(({ reason, quantity }) => ({ reason, quantity })),
  );
}

describe('an unpaid order at its deadline', () => {
  it.each([
    // Auto-expire's own deadline, and the payment's, which is shorter than auto-expire.
    ['bank_transfer', 0.01],
    ['qris', 180],
  ] as const)('by %s ends, and its stock goes back', async (method, autoExpire) => {
    const { seller, stage, ani } = await opened(quick, autoExpire);
    const order = await ani.buy({ quantity: 2, method });
    const lifetime = order.expiresAt - order.createdAt;
    expect(lifetime).toBeGreaterThan(500);
    expect(lifetime).toBeLessThan(5_000);
    expect(order.payment?.expiresAt ?? order.expiresAt).toBe(order.expiresAt);

    const ended = await ani.told(order.orderId, 'expired');
    expect(ended).toEqual({
      ...order,
      status: 'expired',
      payment: { ...order.payment, status: 'expired' },
    });
    const { releases } = await ani.client.next('stock:released');
    expect(releases).toMatchObject([
      { itemId: stage.itemId, quantity: 2, reason: 'order_expired', available: 10 },
    ]);
    expect(await ani.client.next('reputation:changed')).toMatchObject({
      reputation: 94,
      delta: -6,
      reason: 'order_expired',
    });
    expect(await stockOf(seller, stage.itemId)).toEqual({
      available: 10,
      booked: 0,
      allocated: 0,
      sold: 0,
    });
    const [entry, ...others] = await ledgerOf(seller, 'ani');
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ refId: order.orderId, before: 100, after: 94 });
    expect(entry?.at).toBeGreaterThanOrEqual(order.expiresAt);
    await untilAuditOk(seller);
  });

  it('by QRIS lives past auto-expire, as long as its payment', async () => {
    const { seller, stage, ani } = await opened(slow, 0.01);
    const qris = await ani.buy({ quantity: 2, method: 'qris' });
    const transfer = await ani.buy({ quantity: 1, method: 'bank_transfer' });
    expect(qris.expiresAt).toBe(qris.payment?.expiresAt);
    expect(qris.expiresAt - qris.createdAt).toBeGreaterThan(14 * 60_000);
    // The transfer was placed later, so by now the QRIS order is past auto-expire for sure.
    await ani.told(transfer.orderId, 'expired');
    expect(await orderOf(seller, qris.orderId)).toEqual(qris);
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 8, allocated: 2 });
    const pay = `${slow.url}/sandbox/qris/${qris.payment?.paymentId}/pay`;
    expect((await fetch(pay, { method: 'POST' })).status).toBe(200);
    await ani.told(qris.orderId, 'paid');
    await untilAuditOk(seller);
  });

  it('ends after a restart, when no server was up at that moment', async () => {
    const alone = await startRedis();
    const options = { redisUrl: alone.url, SANDBOX_QRIS_MINUTES: SHORT };
    const before = await startServer(options);
    const { seller, stage, ani } = await opened(before, 0.015);
    const orders: Order[] = [];
    for (const method of ['qris', 'bank_transfer'] as const) {
      orders.push(await ani.buy({ quantity: 2, method }));
    }
    await before.close();
    const last = Math.max(...orders.map((order) => order.expiresAt));
    await until('the deadlines are over', () => Date.now() > last);
    expect(await releasesOf(seller.shop, alone)).toEqual([]);

    const after = host(await startServer(options), seller.shop);
    for (const { orderId } of orders) await untilOrder(after, orderId, 'expired');
    expect(await stockOf(after, stage.itemId)).toMatchObject({ available: 10, allocated: 0 });
    const released = { reason: 'order_expired', quantity: 2 };
    expect(await releasesOf(seller.shop, alone)).toEqual([released, released]);
    expect(await ledgerOf(after, 'ani')).toMatchObject([{ after: 88 }, { after: 94 }]);
    await untilAuditOk(after);
  });

  it('stays what it was when it was paid before', async () => {
    const { seller, ani } = await opened(quick, 0.015);
    const paid = await ani.buy({ quantity: 1, method: 'bank_transfer' });
    await seller.post(`/orders/${paid.orderId}/confirm-payment`);
    const left = await ani.buy({ quantity: 1, method: 'bank_transfer' });
    await ani.told(left.orderId, 'expired');
    expect(await orderOf(seller, paid.orderId)).toMatchObject({ status: 'paid' });
    expect(await releasesOf(seller.shop)).toEqual([{ reason: 'order_expired', quantity: 1 }]);
    await untilAuditOk(seller);
  });
});
