import { beforeAll, expect, it } from 'vitest';
import { type ArchiveDatabase, migrate, openDatabase } from '../../src/archive/database.js';
import { readConfig } from '../../src/config.js';
import { verify } from '../../src/verify.js';
import { atEnd } from '../support/at-end.js';
import { type Host, host, type Stage } from '../support/host.js';
import { buyer } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { serverEnvironment } from '../support/server-environment.js';
import { runMain } from '../support/server-process.js';
import { anyDatabase } from './databases.js';
import { evening } from './evening.js';

let redis: RedisServer;
let server: TestServer;
let db: ArchiveDatabase;
let databaseUrl: string;

beforeAll(async () => {
  [databaseUrl, redis] = await Promise.all([anyDatabase(), startRedis()]);
  db = openDatabase(databaseUrl, () => {});
  await migrate(db);
  atEnd(() => db.destroy());
  server = await startServer({ redisUrl: redis.url, DATABASE_URL: databaseUrl });
});

/** What `npm run verify` says of one shop. */
async function said(shop: string): Promise<string[]> {
  const lines: string[] = [];
  const config = readConfig(serverEnvironment(redis.url, { DATABASE_URL: databaseUrl }));
  const problems = await verify(config, [shop], (line) => lines.push(line));
  expect(problems).toBe(lines.length - 1);
  return lines;
}

/** Somebody who books, gives back, pays and lets lapse without a pause, until told to stop; what has lapsed is no matter. */
async function busy(seller: Host, stage: Stage, id: string, stopping: AbortSignal) {
  const one = await buyer(server, seller.shop, stage, id);
  let orders = 0;
  for (let n = 1; !stopping.aborted; n++) {
    const { bookingId } = await one.book(1 + (n % 2));
    if (n % 5 === 0) await one.client.emit('booking:cancel', { bookingId, quantity: 1 });
    const checkout = n % 3 === 0 ? await one.client.emit('checkout:start', {}) : undefined;
    if (!checkout?.ok) continue;
    const { checkoutId } = checkout.data.checkout;
    const placed = await one.client.emit('order:place', {
      checkoutId,
      paymentMethod: 'bank_transfer',
      requestId: checkoutId,
    });
    if (!placed.ok) continue;
    const { orderId } = placed.data.order;
    orders++;
    if (orders % 3 === 0) await one.client.emit('order:cancel', { orderId });
    else await seller.post(`/orders/${orderId}/confirm-payment`);
    const refund = { restock: true, requestId: orderId };
    if (orders % 3 === 1) await seller.post(`/orders/${orderId}/refund`, refund);
  }
  return orders;
}

const isTrue = (shop: string) => [
  expect.stringMatching(
    new RegExp(`^${shop}: \\d+ items, \\d+ reputations, \\d+ orders: no difference$`),
  ),
];

it('finds no difference in a true shop, while it sells', async () => {
  const seller = host(server);
  const stage = await seller.stage(50_000, 10);
  await seller.settings({ booking: { bookingTimeoutMinutes: 0.02 } });
  const stopping = new AbortController();
  const crowd = ['ani', 'budi'].map((id) => busy(seller, stage, id, stopping.signal));
  for (let times = 0; times < 2; times++)
    expect(await said(seller.shop)).toEqual(isTrue(seller.shop));
  stopping.abort();
  for (const bought of await Promise.all(crowd)) expect(bought).toBeGreaterThan(0);
});

it('names whatever differs, and then ends with 1', async () => {
  const seller = host(server);
  const { shop } = seller;
  const { itemId } = await evening(seller, server);
  expect(await said(shop)).toEqual(isTrue(shop));
  const client = await redis.client();
  const key = `livehold:{${shop}}`;

  await client.hIncrBy(`${key}:item:${itemId}`, 'available', -1);
  await client.hIncrBy(`${key}:item:${itemId}`, 'sold', 1);
  expect(await said(shop)).toEqual([
    `${shop}: item ${itemId}: available is 16, by the archive 17`,
    `${shop}: item ${itemId}: sold is 1, by the archive 0`,
    `${shop}: 2 items, 2 reputations, 2 orders: 2 differences`,
  ]);
  await client.hIncrBy(`${key}:item:${itemId}`, 'available', 1);
  await client.hIncrBy(`${key}:item:${itemId}`, 'sold', -1);

  await client.hSet(`${key}:viewer:budi`, 'reputation', 99);
  await db
    .deleteFrom('ledger_entries')
    .where('shop_id', '=', shop)
    .where('viewer_id', '=', 'ani')
    .where('n', '=', 1)
    .execute();
  const { payment_id } = await db
    .updateTable('payments')
    .set({ amount: 1 })
    .where('shop_id', '=', shop)
    .where('status', '=', 'paid')
    .returning('payment_id')
    .executeTakeFirstOrThrow();
  const { refund_id } = await db
    .deleteFrom('refunds')
    .where('shop_id', '=', shop)
    .returning('refund_id')
    .executeTakeFirstOrThrow();
  const lines = (await said(shop)).join('\n');
  for (const named of [
    'viewer budi: reputation is 99, by the archive',
    'viewer ani: the archive lacks entry 1 of the ledger',
    `the amount of ${payment_id} is 20000, by the archive 1`,
    `the status of ${refund_id} is open, by the archive missing`,
    `in the archive 1 of ${payment_id} is neither its own nor paid back`,
  ])
    expect(lines).toContain(named);
  const ended = await runMain(`verify ${shop}`, redis.url, { DATABASE_URL: databaseUrl });
  expect(ended).toMatchObject({ code: 1, said: expect.stringContaining(lines) });
});
