import { beforeAll, expect, it } from 'vitest';
import { type ArchiveDatabase, migrate, openDatabase } from '../../src/archive/database.js';
import { type Lease, takeLease } from '../../src/archive/lease.js';
import { Retention } from '../../src/archive/retention.js';
import { readConfig } from '../../src/config.js';
import { openStores } from '../../src/stores.js';
import { atEnd } from '../support/at-end.js';
import { host } from '../support/host.js';
import { buyer } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer } from '../support/server.js';
import { serverEnvironment } from '../support/server-environment.js';
import { until } from '../support/until.js';
import { untilArchived, walk } from './compare.js';
import { anyDatabase } from './databases.js';
import { keep } from './older-redis.js';

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

const start = (more: NodeJS.ProcessEnv = {}) =>
  startServer({ redisUrl: redis.url, DATABASE_URL: url, ...more });

/** What the archive had of records that Redis then had in an older state. */
const lostStates = (shop: string) =>
  db
    .selectFrom('lost_states')
    .select(['record_id', 'status'])
    .where('shop_id', '=', shop)
    .execute();

async function shopThatForgets() {
  const server = await start(SOON);
  const seller = host(server);
  const ani = await buyer(server, seller.shop, await seller.stage(9));
  const client = await redis.client();
  const paid = async (orderId?: string) => {
    const id = orderId ?? (await ani.buy()).orderId;
    await seller.post(`/orders/${id}/confirm-payment`);
    const key = `livehold:{${seller.shop}}:order:${id}`;
    await until('it has left', async () => (await client.exists(key)) === 0);
    return id;
  };
  return { server, seller, ani, client, paid };
}

it('shows what had left Redis also after Redis has lost everything', async () => {
  const { server, seller, client, paid } = await shopThatForgets();
  const { shop } = seller;
  const orderId = await paid();
  await server.close();
  await client.del(await client.keys(`livehold:{${shop}}*`));

  const later = host(await start(), shop);
  await later.stage(1);
  await untilArchived(redis, shop);
  for (const path of ['/orders', '/orders?sort=paidAt', '/payment-notices'])
    expect([path, await walk(later, path, 1)]).toEqual([
      path,
      [expect.objectContaining({ orderId })],
    ]);
  expect(await later.get(`/orders/${orderId}`)).toMatchObject({ order: { orderId } });
});

it('lists what has left since an older Redis was written, and keeps what became of what is there again', async () => {
  const { seller, ani, client, paid } = await shopThatForgets();
  const { shop } = seller;
  const first = await paid();
  const open = [(await ani.buy()).orderId, (await ani.buy()).orderId] as const;
  await untilArchived(redis, shop);
  const restore = await keep(redis, shop);
  await paid(open[0]);
  const last = await paid();
  await restore();
  await until('what had left is looked at again', async () => {
    const { losses, unsettled_since } = await db
      .selectFrom('cursors')
      .select(['losses', 'unsettled_since'])
      .where('shop_id', '=', shop)
      .executeTakeFirstOrThrow();
    return losses === 1 && unsettled_since === null;
  });
  const listed = (await walk(seller, '/orders', 1)) as { orderId: string }[];
  expect(listed.map(({ orderId }) => orderId)).toEqual([last, open[1], open[0], first]);
  expect(await client.exists(`livehold:{${shop}}:order:${open[0]}`)).toBe(1);
  expect(await lostStates(shop)).toContainEqual({ record_id: open[0], status: 'paid' });
});

it('calls nothing lost that has only not been archived yet', async () => {
  const first = await start();
  const seller = host(first);
  const { shop } = seller;
  const { orderId } = await (await buyer(first, shop, await seller.stage(1))).buy();
  await seller.post(`/orders/${orderId}/confirm-payment`);
  await untilArchived(redis, shop);
  await first.close();
  const unarchived = await startServer({ redisUrl: redis.url });
  await host(unarchived, shop).patch(`/orders/${orderId}`, { fulfilment: 'packed' });

  const config = readConfig(serverEnvironment(redis.url, { DATABASE_URL: url }));
  const { store, close } = await openStores(config);
  atEnd(close);
  await new Retention(store, db, 0).step((await takeLease(db, shop, 'test')) as Lease);
  const { fulfilment } = await db
    .selectFrom('orders')
    .select('fulfilment')
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
  expect(fulfilment).toBe('packed');
  expect(await lostStates(shop)).toEqual([]);
});
