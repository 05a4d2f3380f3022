import { beforeAll, describe, expect, it } from 'vitest';
import { requestDigest } from '../../src/store/keys.js';
import { untilAuditOk } from '../support/audit.js';
import { viewer } from '../support/client.js';
import { host } from '../support/host.js';
import { startRedisProxy } from '../support/redis-proxy.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { until, untilServed } from '../support/until.js';

let redis: RedisServer;
/** Reaches Redis directly, and has every script of these tests loaded. */
let sound: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  sound = await startServer({ redisUrl: redis.url });
});

async function opened() {
  const proxy = await startRedisProxy(redis);
  const server = await startServer({ redisUrl: proxy.url });
  const seller = host(sound);
  const stage = await seller.stage(10);
  const warmUp = await viewer(sound, seller.shop, 'warm-up');
  const { liveId, itemId } = stage;
  const { booking } = await warmUp.ask('booking:create', {
    liveId,
    itemId,
    quantity: 1,
    requestId: 'w',
  });
  await warmUp.ask('booking:cancel', { bookingId: booking.bookingId });
  await seller.restock(itemId, 1);
  await seller.restock(itemId, -1);
  const ani = await viewer(server, seller.shop, 'ani');
  return { proxy, server, seller, liveId, itemId, ani };
}

describe('an answer of Redis that is lost after the command was executed', () => {
  it('a booking answers STORE_UNAVAILABLE; repeated, it is the one booking', async () => {
    const { proxy, seller, liveId, itemId, ani } = await opened();
    const request = { liveId, itemId, quantity: 2, requestId: 'r1' };
    const lost = proxy.loseReplyTo(itemId);
    const first = await ani.emit('booking:create', request);
    await lost;
    expect(first).toMatchObject({ ok: false, error: { code: 'STORE_UNAVAILABLE' } });
    expect(await seller.item(itemId)).toMatchObject({ available: 8, booked: 2 });

    const again = await untilServed(() => ani.emit('booking:create', request));
    expect(again).toMatchObject({ ok: true, data: { booking: { quantity: 2, sequence: 2 } } });
    expect(await seller.item(itemId)).toMatchObject({ available: 8, booked: 2 });
    await untilAuditOk(seller);
  });

  it('a cancel of a whole booking happens once and costs once', async () => {
    const { proxy, seller, liveId, itemId, ani } = await opened();
    await seller.settings({ booking: { cancelPenaltyPerItem: 5 } });
    const request = { liveId, itemId, quantity: 2, requestId: 'r1' };
    const { bookingId } = (await ani.ask('booking:create', request)).booking;
    const lost = proxy.loseReplyTo(bookingId);
    const first = await ani.emit('booking:cancel', { bookingId });
    await lost;
    expect(first).toMatchObject({ ok: false, error: { code: 'STORE_UNAVAILABLE' } });

    const again = await untilServed(() => ani.emit('booking:cancel', { bookingId }));
    expect(again).toMatchObject({ ok: false, error: { code: 'BOOKING_NOT_HELD' } });
    expect((await seller.viewer('ani'))?.reputation).toBe(90);
    expect(await seller.item(itemId)).toMatchObject({ available: 10, booked: 0 });
    await untilAuditOk(seller);
  });

  it('a restock adds once', async () => {
    const { proxy, server, seller, itemId } = await opened();
    const through = host(server, seller.shop);
    await through.audit();
    // Of the restock itself: the record of who does it names the item as well.
    const lost = proxy.loseReplyTo(requestDigest('host host', 'delivery-1'));
    const first = await through.restock(itemId, 5, 'delivery-1');
    await lost;
    expect(first).toMatchObject({ status: 503, body: { error: { code: 'STORE_UNAVAILABLE' } } });
    expect(await seller.item(itemId)).toMatchObject({ available: 15 });

    const again = await until('the store is there again', async () => {
      const answer = await through.restock(itemId, 5, 'delivery-1');
      return answer.status !== 503 && answer;
    });
    expect(again.body.item.available).toBe(15);
    await untilAuditOk(seller);
  });
});

describe('a bad network to Redis', () => {
  it('answers while it is cut, and goes on by itself when it is mended', async () => {
    const { proxy, server, seller, liveId, itemId, ani } = await opened();
    await ani.ask('live:join', { shopId: seller.shop, liveId });
    proxy.cut();
    const request = { liveId, itemId, quantity: 1, requestId: 'r1' };
    const started = performance.now();
    expect(await ani.emit('booking:create', request)).toMatchObject({
      ok: false,
      error: { code: 'STORE_UNAVAILABLE' },
    });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);

    proxy.mend();
    expect((await untilServed(() => ani.emit('booking:create', request))).ok).toBe(true);
    await ani.next('stock:changed', ({ items }) => items.some((item) => item.booked === 1));
    await untilAuditOk(seller);
  });

  it('books and broadcasts all the same when every answer is late', async () => {
    const { proxy, seller, liveId, itemId, ani } = await opened();
    await ani.ask('live:join', { shopId: seller.shop, liveId });
    proxy.delay(400);
    const acks = await Promise.all(
      ['r1', 'r2', 'r3'].map((requestId) =>
        ani.emit('booking:create', { liveId, itemId, quantity: 1, requestId }),
      ),
    );
    expect(acks.every((ack) => ack.ok)).toBe(true);
    await ani.next('stock:changed', ({ items }) => items.some((item) => item.booked === 3));
    await untilAuditOk(seller);
  });
});
