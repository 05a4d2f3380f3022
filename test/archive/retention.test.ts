import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { type ArchiveDatabase, migrate, openDatabase } from '../../src/archive/database.js';
import type { Booking } from '../../src/protocol/booking.js';
import type { Page } from '../../src/protocol/http.js';
import type { Order } from '../../src/protocol/order.js';
import { atEnd } from '../support/at-end.js';
import { viewer } from '../support/client.js';
import { host } from '../support/host.js';
import { buyer, stockOf } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';
import { until } from '../support/until.js';
import { lastingDifferences, untilArchived, walk } from './compare.js';
import { anyDatabase } from './databases.js';
import { evening } from './evening.js';

const LISTS = [
  '/orders',
  '/orders?sort=paidAt',
  '/orders?status=paid',
  '/orders?viewerId=ani',
  '/bookings',
  '/bookings?viewerId=budi',
  '/refunds',
  '/payment-notices',
  '/viewers/ani/reputation',
];

/** What answers everything at once. */
const WRITTEN = [
  '/export?kind=orders',
  '/export?kind=bookings',
  '/export?kind=ledger',
  '/export?kind=events',
  '/orders.csv',
  '/viewers/ani/export',
];

/** Lines of an answer, without events of stock: one may still come, a second after the change. */
async function lines(server: TestServer, shop: string, path: string): Promise<unknown[]> {
  const token = signToken({ sub: 'host', shop, role: 'host' });
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${server.url}/api/v1${path}`, { headers });
  const text = await response.text();
  expect([path, response.status, text]).toEqual([path, 200, text]);
  return text
    .split('\n')
    .map((line) => (line.startsWith('{') ? JSON.parse(line) : line))
    .filter(({ type }) => type !== 'stock.changed');
}

async function openAny(): Promise<{ url: string; db: ArchiveDatabase }> {
  const url = await anyDatabase();
  const db = openDatabase(url, () => {});
  atEnd(() => db.destroy());
  await migrate(db);
  return { url, db };
}

it('needs no archive for its lists while nothing has left Redis', async () => {
  const redis = await startRedis();
  const DATABASE_URL = 'postgres://nobody:nothing@127.0.0.1:1/nowhere';
  const server = await startServer({ redisUrl: redis.url, DATABASE_URL });
  const seller = host(server);
  const ani = await buyer(server, seller.shop, await seller.stage(1), 'ani');
  const { orderId } = await ani.buy();
  const asked = [...LISTS.filter((path) => path !== '/bookings?viewerId=budi'), ...WRITTEN];
  for (const path of asked) expect(await lines(server, seller.shop, path)).not.toEqual([]);
  expect((await seller.get<Page<unknown>>('/orders?limit=1')).items).toMatchObject([{ orderId }]);
  for (const [method, path] of [
    ['GET', ''],
    ['POST', '/confirm'],
    ['POST', '/cancel'],
  ] as const) {
    const body = method === 'POST' ? {} : undefined;
    const answer = await seller.call(method, `/orders/nobody${path}`, body);
    expect(answer).toMatchObject({ status: 404 });
  }
});

it('lets what is finished leave Redis, and shows it as before', async () => {
  const [{ url, db }, redis] = await Promise.all([openAny(), startRedis()]);
  const environment = { redisUrl: redis.url, DATABASE_URL: url };
  const first = await startServer(environment);
  const before = host(first);
  const { shop } = before;
  const stage = await evening(before, first);
  const cici = await buyer(first, shop, stage, 'cici');
  const paid: string[] = [];
  for (let i = 0; i < 3; i++) {
    const { orderId } = await cici.buy();
    await before.post(`/orders/${orderId}/confirm-payment`);
    paid.push(orderId);
  }
  const dewi = await buyer(first, shop, stage, 'dewi');
  const recipient = { name: 'Dewi', phone: '081234567891', address: 'Jl. Melati 2' };
  await dewi.client.ask('me:update', { recipient });
  const theirs = await dewi.buy();
  await before.post(`/orders/${theirs.orderId}/confirm-payment`);
  const held = await cici.book(1);
  const refunds = await before.get<{ items: { refundId: string }[] }>('/refunds');
  for (const { refundId } of refunds.items)
    await before.post(`/refunds/${refundId}/done`, { note: 'BCA', requestId: refundId });
  await untilArchived(redis, shop);
  const shown = await Promise.all(LISTS.map((path) => walk(before, path, 200)));
  const [orders = []] = shown;
  const half = await before.get<{ nextCursor: string }>('/orders?limit=2');
  const written = await Promise.all(WRITTEN.map((path) => lines(first, shop, path)));
  const ended = await before.get<Page<Booking>>('/bookings?status=cancelled&viewerId=budi');
  const client = await redis.client();
  await first.close();
  // One that Redis has no more, restored from an older copy, say, keeps nothing else from leaving.
  const { bookingId } = ended.items[0] ?? {};
  expect(await client.del(`livehold:{${shop}}:booking:${bookingId}`)).toBe(1);

  const second = await startServer({
    ...environment,
    RETENTION_DAYS: '0.000001',
    LOG_LEVEL: 'warn',
  });
  const seller = host(second, shop);
  const keys = (pattern: string) => client.keys(`livehold:{${shop}}:${pattern}`);
  await until('all has left', async () => {
    const left = await Promise.all(['order:*', 'payment:*', 'refund:*', 'notice:*'].map(keys));
    return left.flat().length === 0 && (await keys('booking:*')).length === 1;
  });
  await until('lists are trimmed', async () => {
    const lengths = await Promise.all([
      client.lLen(`livehold:{${shop}}:bookings:live:${stage.liveId}`),
      client.lLen(`livehold:{${shop}}:ledger:ani`),
    ]);
    return lengths.join() === '1,0';
  });
  const ani = await viewer(second, shop, 'ani');
  const mine = (orders as Order[]).find(({ viewerId }) => viewerId === 'ani');
  const me = await ani.ask('me:get', {});
  expect(me).toMatchObject({ orders: [], hasOlderOrders: true });
  const transferred = await ani.emit('order:transferred', { orderId: mine?.orderId ?? '' });
  expect(transferred).toMatchObject({ error: { code: 'ORDER_NOT_PAYABLE' } });
  for (const limit of [1, 3, 200]) {
    const now = await Promise.all(LISTS.map((path) => walk(seller, path, limit)));
    expect(now).toEqual(shown);
  }
  const rest = await seller.get<{ items: unknown[] }>(
    `/orders?limit=200&cursor=${encodeURIComponent(half.nextCursor)}`,
  );
  expect(rest.items).toEqual(orders.slice(2));
  const found = await walk(seller, `/orders?q=${(orders[0] as { code: string }).code}`, 10);
  expect(found).toEqual([orders[0]]);
  expect(await seller.audit()).toMatchObject({ ok: true, problems: [] });
  expect(held.status).toBe('held');

  // As whatever is about to leave, and stays after all: marked as gone and still there, for a moment.
  const mark = (left_redis_at: Date | null) =>
    db
      .updateTable('bookings')
      .set({ left_redis_at })
      .where('booking_id', '=', held.bookingId)
      .execute();
  await mark(new Date());
  expect(await lastingDifferences(redis, db, shop, 0)).toEqual([
    expect.stringContaining(held.bookingId),
  ]);
  const lasting = lastingDifferences(redis, db, shop);
  await mark(null);
  expect(await lasting).toEqual([]);

  await client.xTrim(`livehold:{${shop}}:events`, 'MAXLEN', 0);
  expect(await Promise.all(WRITTEN.map((path) => lines(second, shop, path)))).toEqual(written);

  // What something happens to comes back.
  const [orderId = ''] = paid;
  const stock = await stockOf(seller, stage.itemId);
  await seller.patch(`/orders/${orderId}`, { fulfilment: 'done' });
  await seller.post(`/orders/${orderId}/refund`, { restock: true, requestId: 'late' });
  expect(await stockOf(seller, stage.itemId)).toEqual({
    ...stock,
    available: stock.available + 1,
    sold: stock.sold - 1,
  });
  expect(await seller.audit()).toMatchObject({ ok: true, problems: [] });
  const again = await walk(seller, '/orders', 2);

  // Who is erased comes back with no order, also when the archive has not heard of it.
  const follow = (until: string) =>
    db
      .updateTable('cursors')
      .set({
        holder: 'nobody',
        fence: sql`fence + 1`,
        lease_until: sql<Date>`now() + ${until}::interval`,
      })
      .where('shop_id', '=', shop)
      .execute();
  await follow('1 hour');
  expect(await seller.call('DELETE', '/viewers/dewi')).toMatchObject({ status: 200 });
  await seller.patch(`/orders/${theirs.orderId}`, { fulfilment: 'packed' });
  const key = `livehold:{${shop}}:order:${theirs.orderId}`;
  expect(await client.hmGet(key, ['fulfilment', 'recipient'])).toEqual(['packed', null]);
  await follow('0');
  expect(again).toHaveLength(orders.length);
  expect(again).toContainEqual(expect.objectContaining({ orderId, status: 'refunded' }));
});
