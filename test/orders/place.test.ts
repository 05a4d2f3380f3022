import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Order, OrderSchema } from '../../src/protocol/order.js';
import { untilAuditOk } from '../support/audit.js';
import { host } from '../support/host.js';
import { buyer, orderOf, stockOf } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
});

async function opened(...stocks: number[]) {
  const seller = host(server);
  const stage = await seller.stage(...(stocks.length > 0 ? stocks : [10]));
  const ani = await buyer(server, seller.shop, stage);
  return { seller, stage, ani };
}

describe('order:place', () => {
  it('turns the checkout into an order: booked → allocated', async () => {
    const { seller, stage, ani } = await opened();
    const { bookingId } = await ani.book(3);
    const { checkoutId, lines } = await ani.checkout();
    const order = await ani.place(checkoutId, 'bank_transfer');
    expect(OrderSchema.strict().parse(order)).toEqual(order);
    expect(order).toMatchObject({
      viewerId: 'ani',
      lines,
      total: 30_000,
      status: 'awaiting_payment',
      payment: { method: 'bank_transfer', provider: 'manual', status: 'pending' },
    });
    expect(order.expiresAt).toBe(order.createdAt + 180 * 60_000);
    expect(await stockOf(seller, stage.itemId)).toEqual({
      available: 7,
      booked: 0,
      allocated: 3,
      sold: 0,
    });
    const told = await ani.client.next('booking:updated', (e) => e.booking.status === 'ordered');
    expect(told.booking.bookingId).toBe(bookingId);
    expect(await ani.told(order.orderId, 'awaiting_payment')).toEqual(order);
    const me = await ani.client.ask('me:get', {});
    expect(me).toMatchObject({ bookings: [], checkout: null, orders: [order] });
    expect(await orderOf(seller, order.orderId)).toEqual(order);
    await untilAuditOk(seller);
  });

  it('shows a QRIS payment with its code and its own deadline', async () => {
    const { ani } = await opened();
    const order = await ani.buy({ method: 'qris' });
    expect(order.payment).toMatchObject({
      method: 'qris',
      provider: 'sandbox',
      status: 'pending',
      qrString: expect.stringContaining(`${order.payment?.paymentId}`),
      expiresAt: order.expiresAt,
    });
  });

  it.each([
    ['cancelled', undefined],
    ['cancelled in part', 1],
  ])('changes nothing when a booking was %s meanwhile, and names it', async (_, quantity) => {
    const { seller, stage, ani } = await opened(10, 10);
    const first = await ani.book(2);
    const other = await ani.book(3, stage.items[1]?.itemId);
    const { checkoutId } = await ani.checkout();
    const { bookingId } = first;
    await ani.client.ask('booking:cancel', { bookingId, ...(quantity && { quantity }) });
    const before = [await stockOf(seller, stage.itemId), await ani.client.ask('me:get', {})];

    const request = { checkoutId, paymentMethod: 'qris', requestId: 'r1' } as const;
    const ack = await ani.client.emit('order:place', request);
    expect(ack).toMatchObject({
      ok: false,
      error: { code: 'BOOKING_NOT_HELD', details: { bookingIds: [bookingId] } },
    });
    expect([await stockOf(seller, stage.itemId), await ani.client.ask('me:get', {})]).toEqual(
      before,
    );
    // A new checkout over what is left works, with the same requestId.
    const { checkoutId: fresh } = await ani.checkout();
    const order = await ani.place(fresh, 'qris', 'r1');
    expect(order.lines.map((line) => line.bookingId)).toContain(other.bookingId);
    await untilAuditOk(seller);
  });

  it('judges the limits again, several bookings of one item together', async () => {
    const { seller, stage, ani } = await opened(10, 10);
    await ani.book(2);
    await ani.book(2);
    await ani.book(1, stage.items[1]?.itemId);
    const { checkoutId } = await ani.checkout();
    const request = { checkoutId, paymentMethod: 'bank_transfer', requestId: 'r' } as const;
    const refused = async (code: string, limit: number) =>
      expect(await ani.client.emit('order:place', request)).toMatchObject({
        ok: false,
        error: { code, details: { limit } },
      });
    await seller.settings({ order: { maxItemQuantity: 3 } });
    await refused('MAX_ITEM_QUANTITY', 3);
    await seller.settings({ order: { maxItemQuantity: 4, totalItemCart: 4 } });
    await refused('CART_FULL', 4);
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ booked: 4, allocated: 0 });
    await seller.settings({ order: { totalItemCart: 5 } });
    expect((await ani.client.ask('order:place', request)).order.total).toBe(50_000);
    await untilAuditOk(seller);
  });

  it('takes prices and names of booking, totals of the checkout; no later edit changes the order', async () => {
    const { seller, stage, ani } = await opened();
    const item = await seller.item(stage.itemId);
    await ani.book(1);
    const edit = (patch: object) => seller.patch(`/items/${stage.itemId}`, patch);
    await edit({ price: 99_000, name: 'Another name' });
    await seller.settings({ order: { ppnPercent: 10 } });
    const checkout = await ani.checkout();
    expect(checkout).toMatchObject({ subtotal: 10_000, ppn: 1_000 });
    await seller.settings({ order: { ppnPercent: 11.55, onlineCheckoutAutoExpireMinutes: 7 } });
    const order = await ani.place(checkout.checkoutId);
    expect(order).toMatchObject({ subtotal: 10_000, ppnPercent: 10, ppn: 1_000, total: 11_000 });
    expect(order.lines).toMatchObject([{ name: item.name, unitPrice: 10_000 }]);
    expect(order.expiresAt - order.createdAt).toBe(7 * 60_000);

    await edit({ price: 1, name: 'Yet another' });
    await seller.settings({ order: { ppnPercent: 0, onlineCheckoutAutoExpireMinutes: 1 } });
    expect(await orderOf(seller, order.orderId)).toEqual(order);
    const paid = await seller.post<{ order: Order }>(`/orders/${order.orderId}/confirm-payment`);
    expect(paid.order).toMatchObject({ status: 'paid', total: 11_000, lines: order.lines });
    await untilAuditOk(seller);
  });
});

describe('a requestId of order:place', () => {
  it('makes one order, however often, from wherever, also after a restart', async () => {
    const { seller, stage, ani } = await opened();
    await ani.book(2);
    const { checkoutId } = await ani.checkout();
    const request = { checkoutId, paymentMethod: 'qris', requestId: 'r1' } as const;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ani.client.ask('order:place', request)),
    );
    const second = await startServer({ redisUrl: redis.url });
    const phone = await buyer(second, seller.shop, stage);
    answers.push(await phone.client.ask('order:place', request));
    await second.close();
    const reborn = await startServer({ redisUrl: redis.url });
    const laptop = await buyer(reborn, seller.shop, stage);
    answers.push(await laptop.client.ask('order:place', request));
    expect(new Set(answers.map(({ order }) => order.orderId)).size).toBe(1);
    expect(new Set(answers.map(({ order }) => order.payment?.paymentId)).size).toBe(1);
    expect((await seller.get<{ items: Order[] }>('/orders')).items).toHaveLength(1);
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 8, allocated: 2 });
    await untilAuditOk(seller);
  });

  it.each([
    ['another method', { paymentMethod: 'qris' }],
    ['another checkout', { checkoutId: 'another' }],
  ] as const)('is a conflict with %s', async (_, change) => {
    const { seller, stage, ani } = await opened();
    await ani.book(1);
    const { checkoutId } = await ani.checkout();
    const request = { checkoutId, paymentMethod: 'bank_transfer', requestId: 'r1' } as const;
    await ani.client.ask('order:place', request);
    const ack = await ani.client.emit('order:place', { ...request, ...change });
    expect(ack).toMatchObject({ ok: false, error: { code: 'REQUEST_CONFLICT' } });
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 9, allocated: 1 });
  });

  it('is not shared with a booking, whichever came first', async () => {
    const { stage, ani } = await opened();
    const { liveId, itemId } = stage;
    const book = (requestId: string) =>
      ani.client.emit('booking:create', { liveId, itemId, quantity: 1, requestId });
    const conflict = { ok: false, error: { code: 'REQUEST_CONFLICT' } };
    expect((await book('first')).ok).toBe(true);
    const { checkoutId } = await ani.checkout();
    const request = { checkoutId, paymentMethod: 'bank_transfer' } as const;
    const ack = await ani.client.emit('order:place', { ...request, requestId: 'first' });
    expect(ack).toMatchObject(conflict);
    await ani.client.ask('order:place', { ...request, requestId: 'second' });
    expect(await book('second')).toMatchObject(conflict);
  });

  it('is the viewer’s own', async () => {
    const { seller, stage, ani } = await opened();
    const budi = await buyer(server, seller.shop, stage, 'budi');
    const orders: Order[] = [];
    for (const who of [ani, budi]) {
      await who.book(1);
      orders.push(await who.place((await who.checkout()).checkoutId, 'bank_transfer', 'same'));
    }
    expect(orders.map((order) => order.viewerId)).toEqual(['ani', 'budi']);
    expect(new Set(orders.map((order) => order.orderId)).size).toBe(2);
    await untilAuditOk(seller);
  });

  it('never overwrites the order it made, also when its record has passed away', async () => {
    const { seller, ani } = await opened();
    await ani.book(1);
    const requestId = randomUUID();
    const order = await ani.place((await ani.checkout()).checkoutId, 'bank_transfer', requestId);
    const client = await redis.client();
    const digest = order.orderId.slice('or_'.length);
    expect(await client.del(`livehold:{${seller.shop}}:request:${digest}`)).toBe(1);
    await ani.book(2);
    const { checkoutId } = await ani.checkout();
    const again = { checkoutId, paymentMethod: 'bank_transfer', requestId } as const;
    const ack = await ani.client.emit('order:place', again);
    expect(ack).toMatchObject({ ok: false, error: { code: 'REQUEST_CONFLICT' } });
    expect(await orderOf(seller, order.orderId)).toEqual(order);
    await untilAuditOk(seller);
  });
});
