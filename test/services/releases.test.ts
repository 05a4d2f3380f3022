import { beforeAll, describe, expect, it } from 'vitest';
import type { Booking } from '../../src/protocol/booking.js';
import { untilAuditOk } from '../support/audit.js';
import { readRecord, writeRecord } from '../support/booking-record.js';
import { viewer } from '../support/client.js';
import { host } from '../support/host.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { StockWatch } from '../support/stock-watch.js';

let redis: RedisServer;
let servers: [TestServer, TestServer];

beforeAll(async () => {
  redis = await startRedis();
  const redisUrl = redis.url;
  servers = [await startServer({ redisUrl }), await startServer({ redisUrl })];
});

/** Makes all of them due at one instant, as if they had been booked in one millisecond. */
async function alignDeadlines(shop: string, bookings: Booking[]): Promise<void> {
  const client = await redis.client();
  const at = Date.now() + 2_500;
  const key = `livehold:{${shop}}`;
  await client.zAdd(`${key}:deadlines`, { score: at, value: `bookings:${at}` });
  await Promise.all(
    bookings.map(async ({ bookingId, expiresAt }) => {
      const { accepted, since } = await readRecord(client, shop, bookingId);
      await writeRecord(client, shop, bookingId, {
        accepted: { ...accepted, expiresAt: at },
        since,
      });
      await client.lRem(`${key}:due:${expiresAt}`, 1, bookingId);
      await client.rPush(`${key}:due:${at}`, bookingId);
      await client.pExpireAt(`${key}:hold:${bookingId}`, at);
    }),
  );
}

/** Ms between each booking's deadline and its end, from what the scripts have written, sorted. */
async function latenesses(shop: string, bookingIds: string[]): Promise<number[]> {
  const client = await redis.client();
  const late = await Promise.all(
    bookingIds.map(async (id) => {
      const { accepted, since } = await readRecord(client, shop, id);
      return Number(since.endedAt) - accepted.expiresAt;
    }),
  );
  return late.sort((a, b) => a - b);
}

describe('holds that are due', () => {
  it('are all released, none early: 1,000 at one instant', async () => {
    const seller = host(servers[0]);
    const { liveId, items } = await seller.stage(500, 500);
    const watcher = await viewer(servers[1], seller.shop, 'watcher');
    const watch = new StockWatch(watcher, seller.shop, liveId);
    await watch.join();
    const viewers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => viewer(servers[i % 2 ? 1 : 0], seller.shop, `v${i}`)),
    );
    const bookings = await Promise.all(
      viewers.flatMap((v, i) =>
        Array.from({ length: 50 }, async (_, n) => {
          const itemId = items[(i + n) % 2]?.itemId ?? '';
          const request = { liveId, itemId, quantity: 1, requestId: `r${n}` };
          return (await v.ask('booking:create', request)).booking;
        }),
      ),
    );
    expect(bookings).toHaveLength(1_000);
    await alignDeadlines(seller.shop, bookings);

    // The shop stays busy meanwhile: whatever is asked ends what is due, and nothing before.
    let over = false;
    const busy = viewers.slice(0, 4).map(async (v) => {
      while (!over) await v.ask('me:get', {});
    });
    await Promise.all(
      viewers.flatMap((v) =>
        Array.from({ length: 50 }, () =>
          v.next('booking:updated', ({ booking }) => booking.status === 'expired'),
        ),
      ),
    );
    over = true;
    await Promise.all(busy);
    const late = await latenesses(
      seller.shop,
      bookings.map((b) => b.bookingId),
    );
    const [p50, p99, max] = [late[500], late[990], late[999]];
    console.info(`lateness of 1,000 releases: p50 ${p50} ms, p99 ${p99} ms, max ${max} ms`);
    expect(late[0]).toBeGreaterThanOrEqual(0);
    expect(p99).toBeLessThan(5_000);
    for (const { itemId } of items) {
      await watch.settled(seller, itemId);
      expect(watch.items.get(itemId)).toMatchObject({ available: 500, booked: 0 });
    }
    await untilAuditOk(seller);
  });
});
