import { beforeAll, expect, it } from 'vitest';
import { acceptLoss } from '../../src/accept-loss.js';
import { type ArchiveDatabase, migrate, openDatabase } from '../../src/archive/database.js';
import { bringBack, ORDER_TABLES } from '../../src/archive/departing.js';
import { type Lease, takeLease } from '../../src/archive/lease.js';
import { BOOKINGS, Leaving } from '../../src/archive/leaving.js';
import { Retention } from '../../src/archive/retention.js';
import { readConfig } from '../../src/config.js';
import type { ArchiveState } from '../../src/protocol/endpoints-server.js';
import { scripts } from '../../src/store/scripts/index.js';
import { openStores } from '../../src/stores.js';
import { verify } from '../../src/verify.js';
import { atEnd } from '../support/at-end.js';
import { type Host, host } from '../support/host.js';
import { buyer, stockOf } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer } from '../support/server.js';
import { serverEnvironment } from '../support/server-environment.js';
import { until } from '../support/until.js';
import { lastingDifferences, untilArchived } from './compare.js';
import { anyDatabase } from './databases.js';

const SOON = { RETENTION_DAYS: '0.000001' };

let redis: RedisServer;
let url: string;
let db: ArchiveDatabase;

beforeAll(async () => {
  [url, redis] = await Promise.all([anyDatabase(), startRedis()]);
  db = openDatabase(url, () => {});
  atEnd(() => db.destroy());
  await migrate(db);
});

/** Two paid orders of one unit. */
async function twoOrders(seller: Host, server: Parameters<typeof buyer>[0]) {
  const stage = await seller.stage(5);
  const ani = await buyer(server, seller.shop, stage);
  const orders = [await ani.buy(), await ani.buy()];
  for (const { orderId } of orders) await seller.post(`/orders/${orderId}/confirm-payment`);
  const [one = '', other = ''] = orders.map(({ orderId }) => orderId);
  return { stage, one, other };
}

it('says that an archive is older than what has left Redis, and lets nothing leave until that is accepted', async () => {
  const environment = { DATABASE_URL: url };
  const server = await startServer({ redisUrl: redis.url, ...environment, ...SOON });
  const before = host(server);
  const { shop } = before;
  const { stage } = await twoOrders(before, server);
  const client = await redis.client();
  const inRedis = () => client.keys(`livehold:{${shop}}:order:*`);
  await until('the orders have left', async () => (await inRedis()).length === 0);
  await server.close();

  // An archive of before: as from a dump, or the wrong one.
  for (const table of ['cursors', 'orders', 'bookings', 'payments'] as const)
    await db.deleteFrom(table).where('shop_id', '=', shop).execute();
  const later = await startServer({ redisUrl: redis.url, ...environment, ...SOON });
  const seller = host(later, shop);
  const readiness = async () =>
    (await (await fetch(`${later.url}/readyz`)).json()) as { archive: ArchiveState };
  await until('it is told', async () => {
    const { archive } = await readiness();
    return !archive.ok && /older than what has left Redis/.test(archive.reason ?? '');
  });
  expect(await seller.get('/status')).toEqual({
    warnings: [{ code: 'ARCHIVE_OLDER', at: expect.any(Number) }],
  });
  const lines: string[] = [];
  const config = readConfig(serverEnvironment(redis.url, environment));
  await verify(config, [shop], (line) => lines.push(line));
  expect(lines.join('\n')).toMatch(/the archive is older than what has left Redis/);

  const budi = await buyer(later, shop, stage, 'budi');
  const { orderId } = await budi.buy();
  await seller.post(`/orders/${orderId}/confirm-payment`);
  await untilArchived(redis, shop);
  const { drops } = await db
    .selectFrom('cursors')
    .select('drops')
    .where('shop_id', '=', shop)
    .executeTakeFirstOrThrow();
  expect(await client.hGet(`livehold:{${shop}}:gone`, 'drops')).toBe(String(drops));
  expect(await inRedis()).toHaveLength(1);

  await acceptLoss(config);
  await until('it leaves', async () => (await inRedis()).length === 0);
});

it('lets others leave behind records that never match, and erases a person whose orders are leaving', async () => {
  const environment = { redisUrl: redis.url, DATABASE_URL: url };
  const server = await startServer(environment);
  const seller = host(server);
  const { shop } = seller;
  const ani = await buyer(server, shop, await seller.stage(5));
  const { bookingId } = await ani.book();
  await ani.client.ask('booking:cancel', { bookingId });
  await untilArchived(redis, shop);
  await server.close();
  const { store, close } = await openStores(
    readConfig(serverEnvironment(redis.url, { DATABASE_URL: url })),
  );
  atEnd(close);
  const client = await redis.client();

  // As many as are looked at in one step, ended before it, and other in Redis than in the archive for good.
  const row = await db
    .selectFrom('bookings')
    .selectAll()
    .where('shop_id', '=', shop)
    .executeTakeFirstOrThrow();
  const strange = Array.from({ length: BOOKINGS }, (_, i) => {
    const booking_id = `bk_${String(i).padStart(24, '0')}`;
    const record = row.record.replace(row.booking_id, booking_id);
    return { ...row, booking_id, record, ended_at: new Date(0) };
  });
  await db.insertInto('bookings').values(strange).execute();
  for (const { booking_id, record } of strange)
    await client.set(`livehold:{${shop}}:booking:${booking_id}`, `${record} `);
  const lease = (await takeLease(db, shop, 'test')) as Lease;
  const retention = new Retention(store, db, 0);
  for (let step = 0; step < 2; step++) await retention.step(lease);
  expect(await client.exists(`livehold:{${shop}}:booking:${bookingId}`)).toBe(0);

  // A part of a person's orders and corrections leaves between two parts of an erasure.
  const base = `livehold:{${shop}}`;
  const orders = Array.from({ length: 150 }, (_, i) => `or_${i}`);
  for (const [i, id] of orders.entries()) {
    await client.hSet(`${base}:order:${id}`, { recipient: 'Ani', refunds: '' });
    await client.zAdd(`${base}:orders:viewer:ani`, { score: 1_000 + Math.floor(i / 3), value: id });
  }
  await client.del(`${base}:ledger:ani`);
  const rows = Array.from({ length: 150 }, (_, i) => JSON.stringify({ n: i, note: 'Ani' }));
  await client.lPush(`${base}:ledger:ani`, rows);
  const erase = async (part: string, from: string) => {
    const asked = JSON.stringify({ before: 9_999, from });
    return store.run(scripts.viewerErase, shop, ['ani', part, asked]);
  };
  const first = [await erase('orders', ''), await erase('ledger', '')];
  expect(first.map(({ more }) => more)).toEqual([true, true]);
  await client.zRemRangeByRank(`${base}:orders:viewer:ani`, 0, 79);
  await client.lTrim(`${base}:ledger:ani`, 0, -81);
  await client.incrBy(`${base}:ledger:ani:gone`, 80);
  expect(await erase('orders', first[0]?.next ?? '')).toMatchObject({ more: false });
  expect(await erase('ledger', first[1]?.next ?? '')).toMatchObject({ more: false });
  for (const id of orders)
    expect([id, await client.hExists(`${base}:order:${id}`, 'recipient')]).toEqual([id, 0]);
  expect((await client.lRange(`${base}:ledger:ani`, 0, -1)).join()).not.toContain('Ani');
});

it('leaves an order that comes back in one of both, whoever was about to take it out', async () => {
  const environment = { redisUrl: redis.url, DATABASE_URL: url };
  const first = await startServer({ ...environment, ...SOON });
  const before = host(first);
  const { shop } = before;
  const { stage, one, other } = await twoOrders(before, first);
  const client = await redis.client();
  const key = (id: string) => `livehold:{${shop}}:order:${id}`;
  await until('both have left', async () => (await client.exists([key(one), key(other)])) === 0);
  await first.close();
  const stores = await openStores(readConfig(serverEnvironment(redis.url, { DATABASE_URL: url })));
  atEnd(stores.close);
  const { store } = stores;
  const left = async (id: string) => {
    const rows = await db.selectFrom('orders').selectAll().where('order_id', '=', id).execute();
    return rows[0]?.left_redis_at != null;
  };

  await bringBack(store, db, shop, one);
  expect([await left(one), await client.exists(key(one))]).toEqual([false, 1]);
  // A server marks it, stands still, and the order comes back meanwhile.
  const leaving = new Leaving(store, db);
  const lease = (await takeLease(db, shop, 'test')) as Lease;
  const marked = { tables: ORDER_TABLES, column: 'order_id' as const, ids: [one] };
  const move = await leaving.begin(lease, marked);
  await bringBack(store, db, shop, one);
  await expect(leaving.drop(shop, move, { orders: [] })).rejects.toThrow(/overtaken/);
  expect([await left(one), await client.exists(key(one))]).toEqual([false, 1]);

  // Killed when it had marked some, days ago, as far as the next one can know.
  for (const table of ORDER_TABLES)
    await db
      .updateTable(table as 'orders')
      .set({ left_redis_at: new Date(Date.now() - 9 * 86_400_000) })
      .where('order_id', '=', one)
      .execute();
  await db
    .updateTable('cursors')
    .set({ lease_until: new Date(0), unsettled_since: new Date(Date.now() - 10 * 86_400_000) })
    .where('shop_id', '=', shop)
    .execute();
  const payments = await db
    .selectFrom('payments')
    .select('payment_id')
    .where('order_id', '=', one)
    .execute();
  const indexes = payments.map(({ payment_id }) => `livehold:payment:${payment_id}`);
  for (const index of indexes) await client.set(index, `${shop} account`);
  const second = await startServer(environment);
  await until('it has left again', async () => (await client.exists(key(one))) === 0);
  await until('so has who is paid', async () => (await client.exists(indexes)) === 0);
  expect(await lastingDifferences(redis, db, shop)).toEqual([]);
  await until('all is settled', async () => {
    const rows = await db
      .selectFrom('cursors')
      .select('unsettled_since')
      .where('shop_id', '=', shop)
      .execute();
    return rows[0]?.unsettled_since === null;
  });

  // One that this Redis never had, for it lost it, does not come back: its units are not among those sold.
  const seller = host(second, shop);
  const stock = await stockOf(seller, stage.itemId);
  const codes = await client.keys(`livehold:{${shop}}:orders:used:*`);
  const { code } = await db
    .selectFrom('orders')
    .select('code')
    .where('order_id', '=', other)
    .executeTakeFirstOrThrow();
  for (const used of codes) await client.hDel(used, code.slice(3));
  expect(await seller.call('PATCH', `/orders/${other}`, { fulfilment: 'packed' })).toMatchObject({
    status: 404,
  });
  expect(await stockOf(seller, stage.itemId)).toEqual(stock);
  expect(await seller.audit()).toMatchObject({ ok: true, problems: [] });
});
