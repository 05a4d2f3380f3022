import { beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.js';
import { auditStock } from '../../src/services/audit-stock.js';
import { readRecords } from '../../src/store/records.js';
import { scripts } from '../../src/store/scripts/index.js';
import { openStores } from '../../src/stores.js';
import { atEnd } from '../support/at-end.js';
import { untilAuditOk } from '../support/audit.js';
import { readRecord, writeRecord } from '../support/booking-record.js';
import { viewer } from '../support/client.js';
import { host } from '../support/host.js';
import { buyer } from '../support/orders.js';
import { startRedisProxy } from '../support/redis-proxy.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { serverEnvironment } from '../support/server-environment.js';

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
});

type Client = Awaited<ReturnType<RedisServer['client']>>;

/** What a bug or a hand in the data could do, each on its own; the audit must see every one. */
const tampers: [string, (client: Client, key: string, ids: Ids) => Promise<unknown>][] = [
  ['a unit too many', (c, key, { item }) => c.hIncrBy(`${key}:item:${item}`, 'available', 1)],
  ['a unit too few', (c, key, { item }) => c.hIncrBy(`${key}:item:${item}`, 'booked', -1)],
  [
    'units in the wrong bucket',
    (c, key, { item }) =>
      c
        .multi()
        .hIncrBy(`${key}:item:${item}`, 'booked', -1)
        .hIncrBy(`${key}:item:${item}`, 'sold', 1)
        .exec(),
  ],
  ['a hold that is gone', (c, key, { booking }) => c.del(`${key}:hold:${booking}`)],
  ['a hold that never ends', (c, key, { booking }) => c.persist(`${key}:hold:${booking}`)],
  [
    'a hold without an alarm',
    (c, key, { expiresAt }) => c.zRem(`${key}:deadlines`, `bookings:${expiresAt}`),
  ],
  [
    'an alarm without the hold',
    (c, key, { booking, expiresAt }) => c.lRem(`${key}:due:${expiresAt}`, 1, booking),
  ],
  [
    'another quantity',
    async (c, _, { shop, booking }) => {
      const record = await readRecord(c, shop, booking);
      await writeRecord(c, shop, booking, { ...record, since: { ...record.since, quantity: 1 } });
    },
  ],
  ['a lost restock', (c, key, { item }) => c.rPop(`${key}:restocks:${item}`)],
  ['a lost cart', (c, key) => c.hSet(`${key}:viewer:ani`, 'held', '')],
  [
    'a miscounted cart',
    (c, key, { booking, item }) => c.hSet(`${key}:viewer:ani`, 'held', `${booking} ${item} 9`),
  ],
];
const reputationTampers: typeof tampers = [
  ['another reputation', (c, key) => c.hSet(`${key}:viewer:ani`, 'reputation', 99)],
  ['a lost ledger entry', (c, key) => c.lPop(`${key}:ledger:ani`)],
  [
    'a ledger entry twice',
    async (c, key) => c.lPush(`${key}:ledger:ani`, (await c.lIndex(`${key}:ledger:ani`, 0)) ?? ''),
  ],
];

interface Ids {
  item: string;
  booking: string;
  expiresAt: number;
  shop: string;
}

async function opened() {
  const seller = host(server);
  const { liveId, itemId } = await seller.stage(10);
  await seller.settings({ booking: { cancelPenaltyPerItem: 5 } });
  await seller.restock(itemId, 3);
  const ani = await viewer(server, seller.shop, 'ani');
  const request = { liveId, itemId, quantity: 3, requestId: 'r1' };
  const { booking } = await ani.ask('booking:create', request);
  await ani.ask('booking:cancel', { bookingId: booking.bookingId, quantity: 1 });
  expect(await untilAuditOk(seller)).toMatchObject({
    items: [{ itemId, available: 11, booked: 2, allocated: 0, sold: 0, expected: 13, ok: true }],
  });
  const { bookingId, expiresAt } = booking;
  const ids = { item: itemId, booking: bookingId, expiresAt, shop: seller.shop };
  return { seller, ids, key: `livehold:{${seller.shop}}` };
}

describe('the audit', () => {
  it.each(tampers)('finds %s', async (_, tamper) => {
    const { seller, ids, key } = await opened();
    await tamper(await redis.client(), key, ids);
    const audit = await seller.audit();
    expect(audit.ok).toBe(false);
    expect(audit.problems.length).toBeGreaterThan(0);
  });

  it.each(reputationTampers)('finds %s', async (_, tamper) => {
    const { seller, ids, key } = await opened();
    await tamper(await redis.client(), key, ids);
    expect(await seller.audit()).toMatchObject({ ok: false, reputationOk: false });
  });

  it('misses nobody whose reputation others pass while it looks', async () => {
    const { seller, ids, key } = await opened();
    const client = await redis.client();
    const { liveId, items } = await seller.stage(300);
    const { bookings } = server.app.services;
    const itemId = items[0]?.itemId ?? '';
    const others = Array.from({ length: 200 }, (_, n) => `other${n}`);
    await Promise.all(
      others.map((viewerId) =>
        bookings.create(
          ids.shop,
          { viewerId, name: viewerId, guest: false },
          { liveId, itemId, quantity: 1, requestId: viewerId },
        ),
      ),
    );
    await client.hSet(`${key}:viewer:ani`, 'reputation', 50);
    await client.zAdd(`${key}:viewers`, { score: 50, value: 'ani' });
    let looking = true;
    const moving = (async () => {
      for (let high = true; looking; high = !high) {
        const score = high ? 90 : 10;
        await client.zAdd(
          `${key}:viewers`,
          others.map((value) => ({ score, value })),
        );
      }
    })();
    for (let look = 0; look < 10; look++) {
      const { problems } = await seller.audit();
      expect(problems.some((problem) => problem.startsWith('ani: reputation is 50'))).toBe(true);
    }
    looking = false;
    await moving;
  });

  it('is not misled by what falls due at the very moment that it looks', async () => {
    const { seller, ids, key } = await opened();
    const client = await redis.client();
    const due = { score: Date.now() - 1, value: `bookings:${ids.expiresAt}` };
    await client.zAdd(`${key}:deadlines`, due);
    expect(await seller.audit()).toMatchObject({
      ok: true,
      problems: [],
      items: [{ available: 13, booked: 0 }],
    });
  });
});

describe('the audit of a shop with much history', () => {
  it('is exact while it is booked in, and holds Redis for a few ms at a stretch', async () => {
    const seller = host(server);
    const { liveId, itemId } = await seller.stage(100_000);
    await seller.settings({ booking: { bookingTimeoutMinutes: 0.02 } });
    const { bookings } = server.app.services;
    let booked = 0;
    const book = () => {
      const viewerId = `v${booked % 100}`;
      const wish = { liveId, itemId, quantity: 1, requestId: `r${booked++}` };
      return bookings
        .create(seller.shop, { viewerId, name: viewerId, guest: false }, wish)
        .catch(() => {});
    };
    while (booked < 6_000) await Promise.all(Array.from({ length: 100 }, book));

    const client = await redis.client();
    await client.configResetStat();
    await client.configSet('slowlog-log-slower-than', '5000');
    await client.sendCommand(['SLOWLOG', 'RESET']);
    let over = false;
    const busy = (async () => {
      while (!over) await Promise.all(Array.from({ length: 20 }, book));
    })();
    const audits = await Promise.all(Array.from({ length: 5 }, () => seller.audit()));
    over = true;
    await busy;
    for (const audit of audits) expect(audit.problems).toEqual([]);
    const slow = (await client.sendCommand(['SLOWLOG', 'GET', '-1'])) as unknown[][];
    console.log(
      `calls over 5 ms: ${slow.length}, longest ${Math.max(0, ...slow.map((s) => Number(s[2])))} µs`,
    );
  });
});

it('an audit counts once what leaves for the archive while it runs', async () => {
  const seller = host(server);
  const stage = await seller.stage(5);
  const ani = await buyer(server, seller.shop, stage);
  const { orderId, lines } = await ani.buy({ quantity: 2 });
  await seller.post(`/orders/${orderId}/confirm-payment`);
  await ani.buy();
  const { store, close } = await openStores(readConfig(serverEnvironment(redis.url, {})));
  atEnd(close);
  const { shop } = seller;
  const bookings = lines.map(({ bookingId }) => bookingId);
  const names = {
    orders: [orderId],
    bookings,
    notices: [],
    refunds: [],
    ledgers: [],
    restocks: [],
  };
  const read = await readRecords(store, shop, names);
  const leaving = { id: orderId, ...read.orders[orderId], bookings: read.bookings, notices: {} };
  const drop = JSON.stringify({ move: 1, orders: [leaving], bookings: {}, notices: {} });
  // Between the bookings, which are read in parts, and the counters.
  const between = Object.create(store, {
    run: {
      async value(...[script, of, args]: Parameters<typeof store.run>) {
        if (script === scripts.auditItem) {
          const { orders } = await store.run(scripts.archiveDrop, shop, [drop]).then(Object);
          expect(orders ?? { [orderId]: true }).toEqual({ [orderId]: true });
        }
        return store.run(script, of, args);
      },
    },
  }) as typeof store;
  const { items, problems } = await auditStock(between, shop);
  expect(problems).toEqual([]);
  expect(items).toMatchObject([{ ok: true, sold: 2, allocated: 1, available: 2 }]);
  expect(await (await redis.client()).exists(`livehold:{${shop}}:order:${orderId}`)).toBe(0);
});

it('an audit looks at any number of bookings that are back in Redis', async () => {
  const seller = host(server);
  const { liveId, itemId } = await seller.stage(1);
  const ani = await viewer(server, seller.shop, 'ani');
  const wish = { liveId, itemId, quantity: 1, requestId: 'r' };
  const { bookingId } = (await ani.ask('booking:create', wish)).booking;
  await ani.ask('booking:cancel', { bookingId });
  const client = await redis.client();
  const base = `livehold:{${seller.shop}}`;
  const record = (await client.get(`${base}:booking:${bookingId}`)) ?? '';
  const ids = Array.from({ length: 9_000 }, (_, n) => `bk_${n}`);
  await client.mSet(
    ids.map((id): [string, string] => [`${base}:booking:${id}`, record.replace(bookingId, id)]),
  );
  const back = ids.map((value) => ({ score: 1, value }));
  await client.zAdd(`${base}:bookings:back:${itemId}`, back);
  expect(await seller.audit()).toMatchObject({ ok: true, problems: [] });
});

it('an audit comes to its end though much happens to the item while each answer is on its way', async () => {
  const seller = host(server);
  const { liveId, itemId } = await seller.stage(1_000_000);
  const proxy = await startRedisProxy(redis);
  const far = await startServer({ redisUrl: proxy.url });
  const crowd = await Promise.all(
    Array.from({ length: 12 }, (_, n) => viewer(server, seller.shop, `v${n}`)),
  );
  let over = false;
  const bookings = crowd.map(async (one) => {
    for (let n = 0; !over; n++) {
      const wish = { liveId, itemId, quantity: 1, requestId: `r${n}` };
      const { bookingId } = (await one.ask('booking:create', wish)).booking;
      await one.ask('booking:cancel', { bookingId });
    }
    return one;
  });
  proxy.delay(80);
  const audit = await host(far, seller.shop).audit();
  over = true;
  await Promise.all(bookings);
  expect(audit).toMatchObject({ ok: true, problems: [] });
});
