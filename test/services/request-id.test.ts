import { beforeAll, describe, expect, it } from 'vitest';
import type { Booking } from '../../src/protocol/booking.js';
import { untilAuditOk } from '../support/audit.js';
import { viewer } from '../support/client.js';
import { host } from '../support/host.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
});

async function opened(stock = 10) {
  const seller = host(server);
  const stage = await seller.stage(stock);
  const ani = await viewer(server, seller.shop, 'ani');
  const request = { liveId: stage.liveId, itemId: stage.itemId, quantity: 2, requestId: 'r1' };
  return { seller, ...stage, ani, request };
}

describe('a repeated requestId', () => {
  it('gets the first accepted booking again and has one effect', async () => {
    const { seller, itemId, ani, request } = await opened();
    const first = await ani.ask('booking:create', request);
    const again = await Promise.all([1, 2, 3].map(() => ani.ask('booking:create', request)));
    for (const { booking } of again) expect(booking).toEqual(first.booking);
    expect(await seller.item(itemId)).toMatchObject({ available: 8, booked: 2 });
    await untilAuditOk(seller);
  });

  it('does so when the same command is in flight many times', async () => {
    const { seller, itemId, ani, request } = await opened();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => ani.ask('booking:create', request)),
    );
    for (const { booking } of answers) expect(booking).toEqual(answers[0]?.booking);
    expect(await seller.item(itemId)).toMatchObject({ available: 8, booked: 2 });
  });

  it('does so on another connection, another server, and after a restart', async () => {
    const { seller, itemId, ani, request } = await opened();
    const { booking } = await ani.ask('booking:create', request);
    ani.drop();
    await ani.connect();
    expect((await ani.ask('booking:create', request)).booking).toEqual(booking);

    const second = await startServer({ redisUrl: redis.url });
    const elsewhere = await viewer(second, seller.shop, 'ani');
    expect((await elsewhere.ask('booking:create', request)).booking).toEqual(booking);

    await second.close();
    const restarted = await startServer({ redisUrl: redis.url });
    const after = await viewer(restarted, seller.shop, 'ani');
    expect((await after.ask('booking:create', request)).booking).toEqual(booking);
    expect(await seller.item(itemId)).toMatchObject({ available: 8, booked: 2 });
    await untilAuditOk(seller);
  });

  it('gets the first answer also when that booking has ended since', async () => {
    const { seller, itemId, ani, request } = await opened();
    const { booking } = await ani.ask('booking:create', request);
    await ani.ask('booking:cancel', { bookingId: booking.bookingId });
    expect((await ani.ask('booking:create', request)).booking).toEqual(booking);
    expect(await seller.item(itemId)).toMatchObject({ available: 10, booked: 0 });
  });

  it.each([
    ['quantity', { quantity: 3 }],
    ['item', { itemId: 'another' }],
    ['live', { liveId: 'another' }],
  ])('is a conflict with another %s', async (_, change) => {
    const { seller, itemId, ani, request } = await opened();
    await ani.ask('booking:create', request);
    const ack = await ani.emit('booking:create', { ...request, ...change });
    expect(ack).toMatchObject({ ok: false, error: { code: 'REQUEST_CONFLICT' } });
    expect(await seller.item(itemId)).toMatchObject({ available: 8, booked: 2 });
  });

  it('is judged again when the first was refused', async () => {
    const { seller, itemId, ani, request } = await opened(1);
    const refused = await ani.emit('booking:create', request);
    expect(refused).toMatchObject({
      ok: false,
      error: { code: 'INSUFFICIENT_STOCK', details: { available: 1 } },
    });
    await seller.restock(itemId, 5);
    expect((await ani.ask('booking:create', request)).booking.sequence).toBe(1);
    // Also with another payload: nothing was remembered of the refusal.
    const other = { ...request, requestId: 'r2' };
    expect((await ani.emit('booking:create', { ...other, quantity: 9 })).ok).toBe(false);
    expect((await ani.emit('booking:create', other)).ok).toBe(true);
  });

  it('is the viewer’s own: another viewer with the same id books for themselves', async () => {
    const { seller, itemId, ani, request } = await opened();
    const budi = await viewer(server, seller.shop, 'budi');
    const [first, second] = await Promise.all([
      ani.ask('booking:create', request),
      budi.ask('booking:create', request),
    ]);
    expect(first.booking.bookingId).not.toBe(second.booking.bookingId);
    expect(await seller.item(itemId)).toMatchObject({ available: 6, booked: 4 });
  });

  it('may be any text of 64 characters', async () => {
    const { seller, itemId, ani, request } = await opened(20);
    const ids = ['a\nb', '{x}', '__proto__', '€'.repeat(64), ' ', '"', '\u0000'];
    for (const requestId of ids) {
      const { booking } = await ani.ask('booking:create', { ...request, requestId });
      const again = await ani.ask('booking:create', { ...request, requestId });
      expect(again.booking).toEqual(booking);
    }
    expect(await seller.item(itemId)).toMatchObject({ booked: 2 * ids.length });
    await untilAuditOk(seller);
  });
});

describe('the requestId of a host’s booking', () => {
  it('is taken for every other command', async () => {
    const { seller, liveId, itemId } = await opened();
    const requestId = 'r1';
    const wish = { liveId, itemId, quantity: 1, viewer: { name: 'Ani' }, requestId };
    const { booking } = await seller.post<{ booking: Booking }>('/bookings', wish);
    const { sku } = await seller.item(itemId);
    const commands: [string, string, object][] = [
      ['POST', `/items/${itemId}/restock`, { quantity: 5 }],
      ['PUT', '/items', { items: [{ sku, name: 'Gamis' }] }],
      ['POST', `/viewers/${booking.viewerId}/reputation`, { delta: -5, reason: 'tes' }],
      ['POST', `/bookings/${booking.bookingId}/restore`, {}],
      ['POST', '/orders/or_1/refund', { restock: true }],
      ['POST', '/refunds/rf_1/done', {}],
    ];
    for (const [method, path, body] of commands) {
      const answer = await seller.call(method, path, { ...body, requestId });
      expect({ path, code: answer.body.error?.code }).toEqual({ path, code: 'REQUEST_CONFLICT' });
    }
    expect(await seller.item(itemId)).toMatchObject({ available: 9, booked: 1 });
    await untilAuditOk(seller);
  });

  it('gets that booking again when its item has another code by now, and the code another item', async () => {
    const { seller, liveId, itemId } = await opened();
    await seller.patch(`/items/${itemId}`, { code: 'K1' });
    const wish = { liveId, code: 'k1', quantity: 1, viewer: { name: 'Ani' }, requestId: 'r1' };
    const first = await seller.post<{ booking: Booking }>('/bookings', wish);
    await seller.patch(`/items/${itemId}`, { code: 'K2' });
    expect((await seller.call('POST', '/bookings', wish)).body.booking).toEqual(first.booking);
    const other = await seller.createItem(5);
    await seller.patch(`/items/${other.itemId}`, { code: 'K1' });
    expect((await seller.call('POST', '/bookings', wish)).body.booking).toEqual(first.booking);
    const unlike = await seller.call('POST', '/bookings', { ...wish, code: 'K2' });
    expect(unlike.body.error.code).toBe('REQUEST_CONFLICT');
    const nothing = await seller.call('POST', '/bookings', {
      ...wish,
      code: 'K9',
      requestId: 'r2',
    });
    expect(nothing.body.error).toMatchObject({ code: 'NOT_FOUND', details: { code: 'K9' } });
    await untilAuditOk(seller);
  });
});

describe('a repeated restock', () => {
  it('adds once, also through another server', async () => {
    const { seller, itemId } = await opened();
    const second = host(await startServer({ redisUrl: redis.url }), seller.shop);
    for (const through of [seller, second, seller]) {
      const { status, body } = await through.restock(itemId, 5, 'delivery-1');
      expect({ status, available: body.item.available }).toEqual({ status: 200, available: 15 });
    }
    await untilAuditOk(seller);
  });

  it('is a conflict with another quantity or item, and judged again after a refusal', async () => {
    const { seller, itemId } = await opened();
    const other = await seller.createItem(1);
    await seller.restock(itemId, 5, 'delivery-1');
    for (const answer of [
      await seller.restock(itemId, 6, 'delivery-1'),
      await seller.restock(other.itemId, 5, 'delivery-1'),
    ]) {
      expect(answer).toMatchObject({ status: 409, body: { error: { code: 'REQUEST_CONFLICT' } } });
    }
    expect((await seller.restock(itemId, -99, 'count-1')).status).toBe(409);
    expect((await seller.restock(itemId, -15, 'count-1')).body.item.available).toBe(0);
    await untilAuditOk(seller);
  });
});
