import { beforeAll, describe, expect, it } from 'vitest';
import type { HostOrder } from '../../src/protocol/http.js';
import type { Order } from '../../src/protocol/order.js';
import { shopKey } from '../../src/store/keys.js';
import { untilAuditOk } from '../support/audit.js';
import { hostSocket } from '../support/client.js';
import { host } from '../support/host.js';
import { buyer, orderOf } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
});

const BCA = { bank: 'BCA', number: '123 456 7890', holder: 'Toko Ani' };

async function opened(uniqueTransferCode = false) {
  const seller = host(server);
  const stage = await seller.stage(5_000);
  await seller.settings({ order: { uniqueTransferCode }, bankAccounts: [BCA] });
  return { seller, stage, ani: await buyer(server, seller.shop, stage) };
}

describe('a bank transfer', () => {
  it('shows the shop’s accounts as they are now, while it is awaited', async () => {
    const { seller, ani } = await opened();
    const order = await ani.buy();
    expect(order.payment).toMatchObject({ amount: 10_000, accounts: [BCA] });
    expect((await ani.buy({ method: 'qris' })).payment).not.toHaveProperty('accounts');
    const mandiri = { bank: 'Mandiri', number: '99', holder: 'Toko Ani' };
    await seller.settings({ bankAccounts: [mandiri, BCA] });
    const { orders } = await ani.client.ask('me:get', {});
    const again = orders.find(({ orderId }) => orderId === order.orderId);
    expect(again?.payment?.accounts).toEqual([mandiri, BCA]);
    expect(await orderOf(seller, order.orderId)).toEqual(again);
    await seller.post(`/orders/${order.orderId}/confirm-payment`);
    expect((await orderOf(seller, order.orderId)).payment).not.toHaveProperty('accounts');
    await seller.settings({ bankAccounts: [] });
    expect((await ani.buy()).payment).not.toHaveProperty('accounts');
    const eleven = Array.from({ length: 11 }, () => BCA);
    expect((await seller.call('PATCH', '/settings', { bankAccounts: eleven })).status).toBe(400);
  });

  it('is claimed by the buyer for the host to see, once, and nothing else changes', async () => {
    const { seller, stage, ani } = await opened();
    const order = await ani.buy();
    const desk = await hostSocket(server, seller.shop);
    const { orderId } = order;
    const before = await seller.item(stage.itemId);
    const claimed = (await ani.client.ask('order:transferred', { orderId })).order;
    const claimedAt = claimed.payment?.claimedAt;
    expect(claimedAt).toBeGreaterThanOrEqual(order.createdAt);
    expect(claimed).toEqual({ ...order, payment: { ...order.payment, claimedAt } });
    const told = await desk.next('order:updated', (event) => !!event.order.payment?.claimedAt);
    expect(told.order).toEqual(claimed);
    expect((await ani.client.ask('order:transferred', { orderId })).order).toEqual(claimed);
    expect(await orderOf(seller, orderId)).toEqual(claimed);
    expect(await seller.item(stage.itemId)).toEqual(before);
    const pay = async (paymentMethod: 'qris' | 'bank_transfer') =>
      (await ani.client.ask('order:pay', { orderId, paymentMethod })).order.payment?.claimedAt;
    expect([await pay('qris'), await pay('bank_transfer')]).toEqual([claimedAt, claimedAt]);
    await untilAuditOk(seller);
  });

  it('is claimed also while the buyer looks at a QR', async () => {
    const { seller, ani } = await opened();
    const { orderId } = await ani.buy();
    await ani.client.ask('order:pay', { orderId, paymentMethod: 'qris' });
    const claimed = (await ani.client.ask('order:transferred', { orderId })).order;
    expect(claimed.payment?.claimedAt).toBeGreaterThan(0);
    expect((await orderOf(seller, orderId)).payment).toEqual(claimed.payment);
  });

  it('is claimed by nobody else, nor of a QR, nor after the end', async () => {
    const { seller, stage, ani } = await opened();
    const budi = await buyer(server, seller.shop, stage, 'budi');
    const refused = async (who: typeof ani, orderId: string, code: string) =>
      expect(await who.client.emit('order:transferred', { orderId })).toMatchObject({
        ok: false,
        error: { code },
      });
    const { orderId } = await ani.buy();
    await refused(budi, orderId, 'NOT_FOUND');
    await refused(ani, 'or_none', 'NOT_FOUND');
    await refused(ani, (await ani.buy({ method: 'qris' })).orderId, 'ORDER_NOT_PAYABLE');
    await seller.post(`/orders/${orderId}/confirm-payment`);
    await refused(ani, orderId, 'ORDER_NOT_PAYABLE');
  });
});

describe('a unique transfer code', () => {
  const codeOf = ({ total, payment }: { total: number; payment: { amount: number } | null }) =>
    (payment?.amount ?? 0) - total;

  it('makes the amount of every open transfer another, and is what is confirmed', async () => {
    const { seller, ani } = await opened(true);
    const orders: Order[] = [];
    for (let i = 0; i < 60; i++) orders.push(await ani.buy({ quantity: 1 + (i % 2) }));
    const amounts = orders.map((order) => order.payment?.amount);
    expect(new Set(amounts).size).toBe(60);
    expect(new Set(orders.map(codeOf)).size).toBe(60);
    for (const order of orders) {
      expect(codeOf(order)).toBeGreaterThanOrEqual(1);
      expect(codeOf(order)).toBeLessThanOrEqual(999);
    }
    const [first] = orders;
    const path = `/orders/${first?.orderId}/confirm-payment`;
    const { order: paid } = await seller.post<{ order: HostOrder }>(path);
    expect(paid).toMatchObject({
      status: 'paid',
      total: first?.total,
      payment: { status: 'paid', amount: amounts[0] },
    });
    await untilAuditOk(seller);
  });

  it('stays with the order when the buyer looks at a QR in between, whose amount has none', async () => {
    const { seller, ani } = await opened(true);
    const order = await ani.buy();
    const pay = async (paymentMethod: 'qris' | 'bank_transfer') =>
      (await ani.client.ask('order:pay', { orderId: order.orderId, paymentMethod })).order;
    expect((await pay('qris')).payment?.amount).toBe(order.total);
    await seller.settings({ order: { uniqueTransferCode: false } });
    expect((await pay('bank_transfer')).payment?.amount).toBe(order.payment?.amount);
    expect((await ani.buy()).payment?.amount).toBe(order.total);
    await untilAuditOk(seller);
  });

  it('is free again after the order’s end, and none is needed when nothing is to be paid', async () => {
    const { seller, stage, ani } = await opened(true);
    const open = `${shopKey(seller.shop)}:transfers`;
    const client = await redis.client();
    const [cancelled, paid] = [await ani.buy(), await ani.buy()];
    expect(await client.zCard(`${open}:open`)).toBe(2);
    await ani.client.ask('order:cancel', { orderId: cancelled.orderId });
    await seller.post(`/orders/${paid.orderId}/confirm-payment`);
    await seller.patch(`/items/${stage.itemId}`, { price: 0 });
    expect((await ani.buy()).payment).toMatchObject({ status: 'paid', amount: 0 });
    expect(await client.zCard(`${open}:open`)).toBe(0);
    expect(await client.zCard(`${open}:codes`)).toBe(0);
  });

  it('is found also when nearly all are taken, and a transfer can be made when all are', async () => {
    const { seller, ani } = await opened(true);
    const client = await redis.client();
    const taken = (codes: number[]) =>
      codes.map((code) => ({ score: 10_000 + code, value: `x${code}` }));
    const codes = Array.from({ length: 999 }, (_, i) => i + 1).filter((code) => code !== 437);
    const key = `${shopKey(seller.shop)}:transfers`;
    await client.zAdd(`${key}:open`, taken(codes));
    const last = await ani.buy();
    expect(codeOf(last)).toBe(437);
    const more = await ani.buy();
    expect(codeOf(more)).toBeGreaterThanOrEqual(1);
    // Another total has room, though every code is in use.
    await client.zAdd(
      `${key}:codes`,
      codes.map((code) => ({ score: code, value: `x${code}` })),
    );
    const other = await ani.buy({ quantity: 2 });
    expect(
      await client.zCount(`${key}:open`, other.payment?.amount ?? 0, other.payment?.amount ?? 0),
    ).toBe(1);
  });
});
