import type { KyselyPlugin } from 'kysely';
import { expect, it } from 'vitest';
import { migrate, openDatabase } from '../../src/archive/database.js';
import { type Lease, takeLease } from '../../src/archive/lease.js';
import { ORDERS } from '../../src/archive/leaving.js';
import { Retention } from '../../src/archive/retention.js';
import { readConfig } from '../../src/config.js';
import { openStores } from '../../src/stores.js';
import { atEnd } from '../support/at-end.js';
import { host } from '../support/host.js';
import { buyer } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer } from '../support/server.js';
import { serverEnvironment } from '../support/server-environment.js';
import { untilArchived } from './compare.js';
import { anyDatabase } from './databases.js';

/** Statements in one step; one list after the other they were 255. */
const MOST_STATEMENTS = 60;

it('asks the archive as little for many viewers and lists as for one', async () => {
  const [url, redis] = await Promise.all([anyDatabase(), startRedis()]);
  const db = openDatabase(url, () => {});
  atEnd(() => db.destroy());
  await migrate(db);
  const server = await startServer({ redisUrl: redis.url, DATABASE_URL: url });
  const seller = host(server);
  const { shop } = seller;
  await seller.settings({ booking: { paidRewardPerItem: 1, cancelPenaltyPerItem: 1 } });
  const stage = await seller.stage(99);
  for (let n = 0; n < ORDERS; n++) {
    const one = await buyer(server, shop, stage, `v${n}`);
    const { bookingId } = await one.book();
    await one.client.ask('booking:cancel', { bookingId });
    await seller.post(`/orders/${(await one.buy()).orderId}/confirm-payment`);
  }
  await untilArchived(redis, shop);
  await server.close();

  const { store, close } = await openStores(
    readConfig(serverEnvironment(redis.url, { DATABASE_URL: url })),
  );
  atEnd(close);
  let statements = 0;
  const counting: KyselyPlugin = {
    transformQuery: ({ node }) => {
      statements++;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const lease = (await takeLease(db, shop, 'test')) as Lease;
  await new Retention(store, db.withPlugin(counting), 0).step(lease);
  const client = await redis.client();
  const kinds = ['order', 'booking', 'bookings:viewer', 'bookings:item', 'bookings:live', 'ledger'];
  const keys = await Promise.all(kinds.map((kind) => client.keys(`livehold:{${shop}}:${kind}:*`)));
  expect(keys.flat().filter((key) => !key.endsWith(':gone'))).toEqual([]);
  expect(statements).toBeLessThanOrEqual(MOST_STATEMENTS);
});
