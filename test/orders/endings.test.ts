import { beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '../../src/protocol/order.js';
import { untilAuditOk } from '../support/audit.js';
import { host } from '../support/host.js';
import { buyer, ledgerOf, orderOf, paymentIdOf, stockOf } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
});

async function opened(booking: Record<string, number> = {}) {
  const seller = host(server);
  const stage = await seller.stage(20);
  await seller.settings({ booking });
  return { seller, stage, ani: await buyer(server, seller.shop, stage) };
}

/** Brings a reputation down by cancelling a booking; leaves the penalty at 0. */
async function lower({ seller, ani }: Awaited<ReturnType<typeof opened>>, points: number) {
  await seller.settings({ booking: { cancelPenaltyPerItem: points } });
  const { bookingId } = await ani.book(1);
  await ani.client.ask('booking:cancel', { bookingId });
  await seller.settings({ booking: { cancelPenaltyPerItem: 0 } });
  await ani.client.next('reputation:changed');
}

const confirm = (seller: { post<T>(path: string): Promise<T> }, { orderId }: Order) =>
  seller.post<{ order: Order }>(`/orders/${orderId}/confirm-payment`);

describe('a viewer’s cancel', () => {
  it.each(['bank_transfer', 'qris'] as const)('of an unpaid order by %s', async (method) => {
    const { seller, stage, ani } = await opened({ cancelPenaltyPerItem: 5 });
    const order = await ani.buy({ quantity: 3, method });
    const answer = await ani.client.ask('order:cancel', { orderId: order.orderId });
    expect(answer).toEqual({
      order: { ...order, status: 'cancelled', payment: { ...order.payment, status: 'cancelled' } },
      reputation: 85,
    });
    expect(await ani.told(order.orderId, 'cancelled')).toEqual(answer.order);
    expect((await ani.client.next('stock:released')).releases).toMatchObject([
      { itemId: stage.itemId, quantity: 3, reason: 'order_cancelled', available: 20 },
    ]);
    expect(await ani.client.next('reputation:changed')).toMatchObject({
      delta: -15,
      reason: 'order_cancelled',
    });
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 20, allocated: 0 });

    const twice = await ani.client.emit('order:cancel', { orderId: order.orderId });
    expect(twice).toMatchObject({
      ok: false,
      error: { code: 'ORDER_NOT_PAYABLE', details: { status: 'cancelled' } },
    });
    expect(await ledgerOf(seller, 'ani')).toHaveLength(1);
    await untilAuditOk(seller);
  });

  it('takes reputation to 0 and not below', async () => {
    const { seller, ani } = await opened({ cancelPenaltyPerItem: 60 });
    for (const expected of [40, 0, 0]) {
      const { orderId } = await ani.buy({ quantity: 1 });
      const { reputation } = await ani.client.ask('order:cancel', { orderId });
      expect(reputation).toBe(expected);
    }
    const ledger = await ledgerOf(seller, 'ani');
    expect(ledger.map(({ delta }) => delta)).toEqual([0, -40, -60]);
    await untilAuditOk(seller);
  });

  it('is not possible for another’s order or a paid one', async () => {
    const { seller, stage, ani } = await opened({ cancelPenaltyPerItem: 5 });
    const order = await ani.buy({ quantity: 1 });
    const budi = await buyer(server, seller.shop, stage, 'budi');
    for (const [name, payload] of [
      ['order:cancel', { orderId: order.orderId }],
      ['order:pay', { orderId: order.orderId, paymentMethod: 'qris' }],
    ] as const) {
      expect(await budi.client.send(name, payload)).toMatchObject({
        ok: false,
        error: { code: 'NOT_FOUND' },
      });
    }
    await confirm(seller, order);
    expect(await ani.client.emit('order:cancel', { orderId: order.orderId })).toMatchObject({
      ok: false,
      error: { code: 'ORDER_NOT_PAYABLE', details: { status: 'paid' } },
    });
    const byHost = await seller.call('POST', `/orders/${order.orderId}/cancel`);
    expect(byHost).toMatchObject({ status: 409, body: { error: { code: 'ORDER_NOT_PAYABLE' } } });
    expect(await ledgerOf(seller, 'ani')).toEqual([]);
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 19, sold: 1 });
    await untilAuditOk(seller);
  });

  it('racing the payment ends as one of the two, never both', async () => {
    const { seller, stage, ani } = await opened({ paidRewardPerItem: 1 });
    await lower({ seller, stage, ani }, 50);
    await seller.settings({ booking: { cancelPenaltyPerItem: 5 } });
    for (let round = 0; round < 10; round++) {
      const order = await ani.buy({ quantity: 1 });
      const [cancelled, confirmed] = await Promise.all([
        ani.client.emit('order:cancel', { orderId: order.orderId }),
        seller.call('POST', `/orders/${order.orderId}/confirm-payment`),
      ]);
      // A transfer that comes after the cancel is late money, and its stock is there.
      expect(confirmed.status).toBe(200);
      expect(await orderOf(seller, order.orderId)).toMatchObject({ status: 'paid' });
      const causes = (await ledgerOf(seller, 'ani')).filter((e) => e.refId === order.orderId);
      expect(causes).toHaveLength(cancelled.ok ? 2 : 1);
    }
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 10, sold: 10 });
    await untilAuditOk(seller);
  });
});

describe('the host’s cancel', () => {
  it('costs the viewer nothing', async () => {
    const { seller, stage, ani } = await opened({
      cancelPenaltyPerItem: 5,
      expiryPenaltyPerItem: 5,
    });
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    const answer = await seller.post<{ order: Order }>(`/orders/${order.orderId}/cancel`);
    expect(answer.order).toMatchObject({ orderId: order.orderId, status: 'cancelled' });
    await ani.told(order.orderId, 'cancelled');
    expect((await seller.viewer('ani'))?.reputation).toBe(100);
    expect(await ledgerOf(seller, 'ani')).toEqual([]);
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 20, allocated: 0 });
    await untilAuditOk(seller);
  });
});

describe('a paid order', () => {
  const pay: [string, (seller: ReturnType<typeof host>, order: Order) => Promise<unknown>][] = [
    ['bank_transfer', confirm],
    [
      'qris',
      (_seller, order) =>
        fetch(`${server.url}/sandbox/qris/${paymentIdOf(order)}/pay`, { method: 'POST' }),
    ],
  ];

  it.each(pay)('by %s is sold, and rewards each unit', async (method, settle) => {
    const shop = await opened({ paidRewardPerItem: 4 });
    const { seller, stage, ani } = shop;
    await lower(shop, 50);
    const order = await ani.buy({ quantity: 3, method: method as 'qris' | 'bank_transfer' });
    await settle(seller, order);
    const paid = await ani.told(order.orderId, 'paid');
    expect(paid.paidAt).toBeGreaterThanOrEqual(order.createdAt);
    expect(paid).toMatchObject({ total: 30_000, payment: { status: 'paid' } });
    expect(await ani.client.next('reputation:changed')).toMatchObject({
      reputation: 62,
      delta: 12,
      reason: 'order_paid',
    });
    expect(await stockOf(seller, stage.itemId)).toEqual({
      available: 17,
      booked: 0,
      allocated: 0,
      sold: 3,
    });
    await untilAuditOk(seller);
  });

  it('takes reputation to 100 and not above', async () => {
    const shop = await opened({ paidRewardPerItem: 4 });
    await lower(shop, 7);
    const results: number[] = [];
    for (let i = 0; i < 3; i++) {
      await confirm(shop.seller, await shop.ani.buy({ quantity: 1 }));
      results.push((await shop.seller.viewer('ani'))?.reputation ?? Number.NaN);
    }
    expect(results).toEqual([97, 100, 100]);
    expect((await ledgerOf(shop.seller, 'ani')).map(({ delta }) => delta)).toEqual([0, 3, 4, -7]);
    await untilAuditOk(shop.seller);
  });
});
