import { beforeAll, describe, expect, it } from 'vitest';
import type { Booking } from '../../src/protocol/booking.js';
import type { Release } from '../../src/protocol/item.js';
import type { HostBooking } from '../../src/protocol/snapshot.js';
import type { WaitlistEntry } from '../../src/protocol/waitlist.js';
import { untilAuditOk } from '../support/audit.js';
import { readRecord } from '../support/booking-record.js';
import { viewer } from '../support/client.js';
import { host } from '../support/host.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import type { Reachable } from '../support/server-environment.js';
import { spawnServer } from '../support/server-process.js';
import { until } from '../support/until.js';

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis('always');
});

async function opened(server: Reachable, stock: number) {
  const seller = host(server);
  await seller.settings({ booking: { bookingTimeoutMinutes: 0.02 } });
  return { seller, ...(await seller.stage(stock)) };
}

/** Books `count` times one unit, as so many viewers. */
function bookEach(
  servers: Reachable[],
  shop: string,
  wish: { liveId: string; itemId: string },
  count: number,
): Promise<Booking[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const server = servers[i % servers.length] as Reachable;
      const client = await viewer(server, shop, `v${i}`);
      const request = { ...wish, quantity: 1, requestId: 'mine' };
      return (await client.ask('booking:create', request)).booking;
    }),
  );
}

/** How late each booking ended, ms; `undefined` for those still held. */
async function latenessOf(shop: string, bookings: Booking[]): Promise<(number | undefined)[]> {
  const client = await redis.client();
  return Promise.all(
    bookings.map(async ({ bookingId, expiresAt }) => {
      const { endedAt } = (await readRecord(client, shop, bookingId)).since;
      return endedAt === undefined ? undefined : endedAt - expiresAt;
    }),
  );
}

/** Units that the shop's event stream says were released because their time was over. */
async function unitsTold(shop: string): Promise<number> {
  const client = await redis.client();
  const entries = await client.xRange(`livehold:{${shop}}:events`, '-', '+');
  return (entries ?? [])
    .flatMap(({ message }) => Object.values(message).slice(1))
    .flatMap((payload): { releases?: Release[] }[] => [JSON.parse(payload)].flat())
    .flatMap(({ releases }) => releases ?? [])
    .filter(({ reason }) => reason === 'booking_expired')
    .reduce((sum, { quantity }) => sum + quantity, 0);
}

function overNow(bookings: Booking[]): Promise<boolean> {
  const last = Math.max(...bookings.map((booking) => booking.expiresAt));
  return until('the deadlines are over', () => Date.now() > last);
}

describe('servers that are killed', () => {
  it('all of them over the deadline: the next one releases everything at once', async () => {
    const redisUrl = redis.url;
    const servers = await Promise.all([spawnServer({ redisUrl }), spawnServer({ redisUrl })]);
    const { seller, liveId, itemId } = await opened(servers[0], 100);
    const bookings = await bookEach(servers, seller.shop, { liveId, itemId }, 100);
    await Promise.all(servers.map((server) => server.kill('SIGKILL')));
    await overNow(bookings);
    expect(await unitsTold(seller.shop)).toBe(0);

    const reborn = await spawnServer({ redisUrl });
    const up = performance.now();
    await until('all are told', async () => (await unitsTold(seller.shop)) === 100);
    const within = performance.now() - up;
    console.info(`100 overdue holds released within ${within.toFixed(0)} ms of the new start`);
    expect(within).toBeLessThan(5_000);

    const after = host(reborn, seller.shop);
    expect(await after.item(itemId)).toMatchObject({ available: 100, booked: 0 });
    expect(await unitsTold(seller.shop)).toBe(100);
    const client = await viewer(reborn, seller.shop, 'v0');
    const { items } = await client.ask('live:join', { shopId: seller.shop, liveId });
    expect(items[0]).toMatchObject({ available: 100, booked: 0 });
    await untilAuditOk(after);
  });

  it('all of them over the deadline of what 50 wait for: the first in line has it, once', async () => {
    const redisUrl = redis.url;
    const spawnBoth = () => Promise.all([spawnServer({ redisUrl }), spawnServer({ redisUrl })]);
    const servers = await spawnBoth();
    const { seller, liveId, itemId } = await opened(servers[0], 1);
    const waiters = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        viewer(servers[i % 2] as Reachable, seller.shop, `w${i}`),
      ),
    );
    await seller.settings({ booking: { bookingTimeoutMinutes: 0.05 } });
    const [held] = await bookEach(servers, seller.shop, { liveId, itemId }, 1);
    // Deadlines already given stand; what is served later must not run out while it is looked at.
    await seller.settings({ booking: { bookingTimeoutMinutes: 15 } });
    const wish = { liveId, itemId, quantity: 1, requestId: 'wait' };
    const tickets = await Promise.all(
      waiters.map(async (client) => (await client.ask('waitlist:join', wish)).entry),
    );
    const line = tickets.sort((a, b) => a.ticket - b.ticket);
    await Promise.all(servers.map((server) => server.kill('SIGKILL')));
    await overNow([held as Booking]);

    const reborn = await spawnBoth();
    const after = host(reborn[0], seller.shop);
    const heldNow = async () =>
      (await after.get<{ items: HostBooking[] }>('/bookings?status=held')).items;
    await until('the first is served', async () => (await heldNow()).length > 0);
    const first = line[0]?.viewerId as string;
    expect(await heldNow()).toMatchObject([
      { viewerId: first, itemId, quantity: 1, sequence: 2, source: 'waitlist' },
    ]);
    for (const server of reborn) {
      const me = await (await viewer(server, seller.shop, first)).ask('me:get', {});
      expect(me).toMatchObject({ bookings: [{ itemId, quantity: 1 }], waitlist: [] });
    }
    const { items } = await after.get<{ items: WaitlistEntry[] }>(`/items/${itemId}/waitlist`);
    expect(items.map(({ viewerId }) => viewerId)).toEqual(
      line.slice(1).map(({ viewerId }) => viewerId),
    );
    expect(await after.item(itemId)).toMatchObject({
      available: 0,
      booked: 1,
      waiting: 49,
      head: 2,
    });
    await untilAuditOk(after);
  });

  it('one of two: the other releases its holds in time', async () => {
    const redisUrl = redis.url;
    const [doomed, other] = await Promise.all([
      spawnServer({ redisUrl }),
      spawnServer({ redisUrl }),
    ]);
    const { seller, liveId, itemId } = await opened(doomed, 20);
    const bookings = await bookEach([doomed], seller.shop, { liveId, itemId }, 20);
    await doomed.kill('SIGKILL');

    // Nobody asks the other server for anything: its own clock must find them.
    await until('all are told', async () => (await unitsTold(seller.shop)) === 20);
    const late = await latenessOf(seller.shop, bookings);
    console.info(`released by the other server, at most ${Math.max(...late.map(Number))} ms late`);
    for (const ms of late) {
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThan(5_000);
    }
    await untilAuditOk(host(other, seller.shop));
  });

  it('what was acked is still there after kill -9 of every server and of Redis', async () => {
    const redisUrl = redis.url;
    const server = await spawnServer({ redisUrl });
    const { seller, liveId, itemId } = await opened(server, 100);
    await seller.settings({ booking: { bookingTimeoutMinutes: 15 } });
    const bookings = await bookEach([server], seller.shop, { liveId, itemId }, 60);
    await Promise.all([redis.kill(), server.kill('SIGKILL')]);

    await redis.start();
    const after = host(await spawnServer({ redisUrl }), seller.shop);
    const kept = await after.get<{ items: HostBooking[] }>('/bookings?status=held&limit=200');
    const byId = (a: Booking, b: Booking) => a.bookingId.localeCompare(b.bookingId);
    const asAcked = kept.items.map(({ viewer: _, ...booking }) => booking);
    expect(asAcked.sort(byId)).toEqual(bookings.sort(byId));
    expect(await after.item(itemId)).toMatchObject({ available: 40, booked: 60 });
    await untilAuditOk(after);
  });

  it('ends cleanly on SIGTERM, with its clients notified', async () => {
    const server = await spawnServer({ redisUrl: redis.url });
    const { seller, liveId } = await opened(server, 1);
    const client = await viewer(server, seller.shop, 'ani');
    await client.ask('live:join', { shopId: seller.shop, liveId });
    const gone = new Promise((resolve) => client.socket.once('disconnect', resolve));
    expect(await server.kill('SIGTERM')).toBe(0);
    // Not 'io server disconnect', after which clients would stay away for good.
    expect(await gone).toBe('transport close');
  });
});
