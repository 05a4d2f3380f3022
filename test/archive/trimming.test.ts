import { beforeAll, expect, it } from 'vitest';
import { type ArchiveDatabase, migrate, openDatabase } from '../../src/archive/database.js';
import { type Lease, takeLease } from '../../src/archive/lease.js';
import { trimLedgers } from '../../src/archive/ledger-trimming.js';
import { type Lists, ListTrimming } from '../../src/archive/list-trimming.js';
import { readConfig } from '../../src/config.js';
import type { Store } from '../../src/store/store.js';
import { openStores } from '../../src/stores.js';
import { atEnd } from '../support/at-end.js';
import { host } from '../support/host.js';
import { buyer } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer } from '../support/server.js';
import { serverEnvironment } from '../support/server-environment.js';
import { untilArchived } from './compare.js';
import { anyDatabase } from './databases.js';

type Client = Awaited<ReturnType<Awaited<ReturnType<typeof startRedis>>['client']>>;

let db: ArchiveDatabase;
let store: Store;
let client: Client;
let lease: Lease;
let base: string;

/** A shop in which ani has booked twice and cancelled, which costs a point each time; no server runs any more. */
beforeAll(async () => {
  const [url, redis] = await Promise.all([anyDatabase(), startRedis()]);
  db = openDatabase(url, () => {});
  atEnd(() => db.destroy());
  await migrate(db);
  const server = await startServer({ redisUrl: redis.url, DATABASE_URL: url });
  const seller = host(server);
  await seller.settings({ booking: { cancelPenaltyPerItem: 1 } });
  const ani = await buyer(server, seller.shop, await seller.stage(5));
  for (let n = 0; n < 2; n++) {
    const { bookingId } = await ani.book();
    await ani.client.ask('booking:cancel', { bookingId });
  }
  await untilArchived(redis, seller.shop);
  await server.close();
  const config = readConfig(serverEnvironment(redis.url, { DATABASE_URL: url }));
  const stores = await openStores(config);
  atEnd(stores.close);
  store = stores.store;
  client = await redis.client();
  lease = (await takeLease(db, seller.shop, 'test')) as Lease;
  base = `livehold:{${seller.shop}}`;
});

const listsOf = (...viewers: string[]): Lists => ({
  live: new Set(),
  item: new Set(),
  viewer: new Set(viewers),
});

it('keeps a booking in its list as long as Redis has its record, whatever the archive has marked', async () => {
  await db.updateTable('bookings').set({ left_redis_at: new Date() }).execute();
  const trimming = new ListTrimming(store, db);
  const key = `${base}:bookings:viewer:ani`;
  const [newest = '', oldest = ''] = await client.lRange(key, 0, -1);
  expect(await trimming.bookings(lease, listsOf('ani'))).toBe(0);
  await client.del(`${base}:booking:${newest}`);
  expect(await trimming.bookings(lease, listsOf('ani'))).toBe(0);
  expect(await client.lRange(key, 0, -1)).toEqual([newest, oldest]);
  await client.del(`${base}:booking:${oldest}`);
  expect(await trimming.bookings(lease, listsOf('ani'))).toBeGreaterThanOrEqual(2);
  expect(await client.exists(key)).toBe(0);
});

it('marks what a server that died had taken off a ledger', async () => {
  const ledger = `${base}:ledger:ani`;
  await client.lTrim(ledger, 0, -2);
  await client.set(`${ledger}:gone`, '1');
  const cutoff = new Date(Date.now() + 60_000);
  const left = () =>
    db
      .selectFrom('ledger_entries')
      .select('n')
      .where('left_redis_at', 'is not', null)
      .orderBy('n')
      .execute();
  // The rest is another than was archived, and stays.
  const [entry = ''] = await client.lRange(ledger, 0, -1);
  await client.lSet(ledger, 0, `${entry} `);
  expect(await trimLedgers(store, db, lease, cutoff)).toBe(0);
  expect(await left()).toEqual([]);
  await client.del(ledger);
  await client.set(`${ledger}:gone`, '2');
  await db.updateTable('ledger_entries').set({ look_again_at: null }).execute();
  expect(await trimLedgers(store, db, lease, cutoff)).toBe(0);
  expect(await left()).toEqual([{ n: 1 }, { n: 2 }]);
});

it('takes no more than a thousand entries off lists in one call', async () => {
  const row = await db.selectFrom('bookings').selectAll().executeTakeFirstOrThrow();
  const viewers = Array.from({ length: 6 }, (_, n) => `v${n}`);
  for (const viewer_id of viewers) {
    const ids = Array.from({ length: 200 }, (_, n) => `bk_${viewer_id}_${n}`);
    const rows = ids.map((booking_id) => ({ ...row, viewer_id, booking_id }));
    await db.insertInto('bookings').values(rows).execute();
    await client.lPush(`${base}:bookings:viewer:${viewer_id}`, ids);
  }
  const drops = async () => Number(await client.hGet(`${base}:gone`, 'drops'));
  const before = await drops();
  expect(await new ListTrimming(store, db).bookings(lease, listsOf(...viewers))).toBe(1_200);
  expect((await drops()) - before).toBe(2);
});
