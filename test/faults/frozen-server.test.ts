import { beforeAll, describe, expect, it } from 'vitest';
import { untilAuditOk } from '../support/audit.js';
import { viewer, viewerWith } from '../support/client.js';
import { host } from '../support/host.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { spawnServer } from '../support/server-process.js';
import { StockWatch } from '../support/stock-watch.js';

let redis: RedisServer;
let sound: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  sound = await startServer({ redisUrl: redis.url });
});

/** A client’s server is frozen while others book, then goes on with its connections as they were. */
async function sleptThrough(trimmed: boolean) {
  const sleeper = await spawnServer({ redisUrl: redis.url });
  const seller = host(sound);
  const { liveId, itemId } = await seller.stage(100);
  const client = await viewerWith(sleeper);
  const watch = new StockWatch(client, seller.shop, liveId);
  await watch.join();
  const ani = await viewer(sound, seller.shop, 'ani');
  const book = (requestId: string) =>
    ani.ask('booking:create', { liveId, itemId, quantity: 1, requestId });
  await book('before');
  await client.next('stock:changed', ({ items }) => items.some((item) => item.booked === 1));

  sleeper.freeze();
  for (const requestId of ['r1', 'r2', 'r3']) await book(requestId);
  await seller.patch(`/items/${itemId}`, { open: false, price: 12_345 });
  if (trimmed) {
    await (await redis.client()).xTrim(`livehold:{${seller.shop}}:events`, 'MAXLEN', 0);
  }
  sleeper.thaw();

  await watch.settled(seller, itemId);
  expect(watch.items.get(itemId)).toMatchObject({ available: 96, booked: 4 });
  const { item } = await client.next('item:updated', (told) => !told.item.open);
  expect(item).toMatchObject({ itemId, price: 12_345 });
  await seller.patch(`/items/${itemId}`, { open: true });
  await book('after');
  await watch.settled(seller, itemId);
  await untilAuditOk(seller);
}

describe('a server that stood still for a while', () => {
  it('sends its clients what they missed', async () => {
    await sleptThrough(false);
  });

  it('sends them the whole state when the stream no longer has what they missed', async () => {
    await sleptThrough(true);
  });
});
