import { expect, it } from 'vitest';
import { type ArchiveDatabase, migrate, openDatabase } from '../../src/archive/database.js';
import { type Lease, takeLease } from '../../src/archive/lease.js';
import { Leaving } from '../../src/archive/leaving.js';
import { nothingTouched } from '../../src/archive/touched.js';
import { readConfig } from '../../src/config.js';
import { openStores } from '../../src/stores.js';
import { verify } from '../../src/verify.js';
import { atEnd } from '../support/at-end.js';
import { host } from '../support/host.js';
import { buyer } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer } from '../support/server.js';
import { serverEnvironment } from '../support/server-environment.js';
import { runMain } from '../support/server-process.js';
import { until } from '../support/until.js';
import { lastingDifferences, untilArchived } from './compare.js';
import { anyDatabase } from './databases.js';
import { evening } from './evening.js';
import { keep } from './older-redis.js';

it('never writes over what is archived by what a restored Redis had before', async () => {
  const [url, redis] = await Promise.all([anyDatabase(), startRedis()]);
  const environment = { redisUrl: redis.url, DATABASE_URL: url };
  const server = await startServer(environment);
  const seller = host(server);
  const { shop } = seller;
  const { orderId } = await (await buyer(server, shop, await seller.stage(5))).buy();
  await untilArchived(redis, shop);
  const restore = await keep(redis, shop);
  await seller.post(`/orders/${orderId}/confirm-payment`);
  await untilArchived(redis, shop);
  await server.close();
  await restore();

  // As whoever has looked for a loss just before it.
  const stores = await openStores(readConfig(serverEnvironment(redis.url, { DATABASE_URL: url })));
  atEnd(stores.close);
  const db = stores.db as ArchiveDatabase;
  const lease = (await takeLease(db, shop, 'test')) as Lease;
  const copying = new Leaving(stores.store, db).copyAnew(lease, {
    ...nothingTouched(),
    orders: new Set([orderId]),
  });
  await expect(copying).rejects.toThrow(/Redis went back/);
  const [row] = await db.selectFrom('orders').select('status').execute();
  expect(row?.status).toBe('paid');
});

it('marks what Redis has lost, and lets leave again what had left', async () => {
  const [url, redis] = await Promise.all([anyDatabase(), startRedis()]);
  const db = openDatabase(url, () => {});
  atEnd(() => db.destroy());
  await migrate(db);
  const environment = { redisUrl: redis.url, DATABASE_URL: url };
  const first = await startServer(environment);
  const before = host(first);
  const { shop } = before;
  const stage = await before.stage(10, 5);
  const cici = await buyer(first, shop, stage, 'cici');
  await untilArchived(redis, shop);
  const client = await redis.client();
  const losses = async () => {
    const rows = await db
      .selectFrom('cursors')
      .select('losses')
      .where('shop_id', '=', shop)
      .execute();
    return rows[0]?.losses;
  };

  // The archive copies what was before the loss and what was after it in one go.
  const lock = await db.startTransaction().execute();
  await lock
    .selectFrom('cursors')
    .select('fence')
    .where('shop_id', '=', shop)
    .forUpdate()
    .execute();
  await evening(before, first);
  const order = await cici.buy();
  const restore = await keep(redis, shop);
  await before.post(`/orders/${order.orderId}/confirm-payment`);
  const second = await cici.buy();
  await before.restock(stage.itemId, 3);
  const correction = { delta: -2, reason: 'x', requestId: 'lost' };
  await before.post('/viewers/ani/reputation', correction);
  await lock.rollback().execute();
  await untilArchived(redis, shop);
  expect(await lastingDifferences(redis, db, shop)).toEqual([]);

  await restore();
  await until('the loss is noticed', async () => (await losses()) === 1);
  expect(await lastingDifferences(redis, db, shop)).toEqual([]);
  for (const table of ['orders', 'payments', 'order_lines'] as const) {
    const rows = await db
      .selectFrom(table as 'orders')
      .select('order_id')
      .where('shop_id', '=', shop)
      .where('lost_at', 'is not', null)
      .execute();
    expect(rows).toEqual([{ order_id: second.orderId }]);
  }
  // What the archive had is kept and named until somebody has looked at it.
  const wasPaid = `it was paid (${order.total} rupiah) when it was archived`;
  const config = readConfig(serverEnvironment(redis.url, { DATABASE_URL: url }));
  const verdict = async () => {
    const lines: string[] = [];
    await verify(config, [shop], (line) => lines.push(line));
    return lines;
  };
  const lines = await verdict();
  expect(lines).toContain(
    `${shop}: order ${order.orderId}: Redis has an older state of it: ${wasPaid}`,
  );
  expect(lines).toContainEqual(
    expect.stringContaining(`order ${second.orderId}: Redis has lost it`),
  );
  const kept = await db.selectFrom('lost_states').select('record').execute();
  expect(JSON.stringify(kept)).not.toContain('recipient');
  expect(await runMain('accept-loss', redis.url, { DATABASE_URL: url })).toMatchObject({ code: 0 });
  expect(await verdict()).toEqual([expect.stringMatching(/: no difference$/)]);
  await first.close();

  // What has left comes back with an older file.
  const restoreAll = await keep(redis, shop);
  const server = await startServer({ ...environment, RETENTION_DAYS: '0.000001' });
  const seller = host(server, shop);
  const inRedis = async () => {
    const kinds = ['refund', 'notice', 'booking', 'ledger'];
    const keys = await Promise.all(
      kinds.map((kind) => client.keys(`livehold:{${shop}}:${kind}:*`)),
    );
    return keys.flat().filter((key) => !key.endsWith(':gone'));
  };
  const left = await until('what is finished has left', async () => {
    const keys = await inRedis();
    return keys.length <= 4 && keys;
  });
  await seller.restock(stage.itemId, 1);
  await untilArchived(redis, shop);
  await restoreAll();
  await until('the loss is noticed', async () => (await losses()) === 2);
  await until('it has left again', async () => String(await inRedis()) === String(left));
  expect(await lastingDifferences(redis, db, shop)).toEqual([]);
  expect(await seller.audit()).toMatchObject({ ok: true, problems: [] });
});
