import { expect, it } from 'vitest';
import { migrate, openDatabase } from '../../src/archive/database.js';
import type { LedgerEntry } from '../../src/protocol/viewer.js';
import { atEnd } from '../support/at-end.js';
import { host } from '../support/host.js';
import { buyer } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer } from '../support/server.js';
import { until } from '../support/until.js';
import { untilArchived, walk } from './compare.js';
import { anyDatabase } from './databases.js';

it('numbers and pages a ledger as it was, though an older archive lacks a part of it', async () => {
  const [url, redis] = await Promise.all([anyDatabase(), startRedis()]);
  const db = openDatabase(url, () => {});
  atEnd(() => db.destroy());
  await migrate(db);
  const environment = { redisUrl: redis.url, DATABASE_URL: url };
  const first = await startServer({ ...environment, RETENTION_DAYS: '0.000001' });
  const before = host(first);
  const { shop } = before;
  await buyer(first, shop, await before.stage(1), 'ani');
  const correct = (seller: typeof before, n: number) =>
    seller.post('/viewers/ani/reputation', { delta: -n, reason: `${n}`, requestId: `${n}` });
  for (const n of [1, 2, 3, 4]) await correct(before, n);
  const client = await redis.client();
  const ledger = `livehold:{${shop}}:ledger:ani`;
  await until('it has left', async () => (await client.get(`${ledger}:gone`)) === '4');
  await first.close();
  // As an archive from a dump that was made before the third.
  const mine = db.deleteFrom('ledger_entries').where('shop_id', '=', shop);
  await mine.where('n', '>', 2).execute();

  const second = await startServer(environment);
  const seller = host(second, shop);
  await correct(seller, 5);
  await untilArchived(redis, shop);
  const rows = await db
    .selectFrom('ledger_entries')
    .select(['n', 'delta'])
    .where('shop_id', '=', shop)
    .orderBy('n')
    .execute();
  expect(rows).toEqual([1, 2, 5].map((n) => ({ n, delta: -n })));
  for (const limit of [1, 2, 200]) {
    const entries = (await walk(seller, '/viewers/ani/reputation', limit)) as LedgerEntry[];
    expect(entries.map(({ delta }) => delta)).toEqual([-5, -2, -1]);
  }
});
