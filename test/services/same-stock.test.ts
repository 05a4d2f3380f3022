import { randomInt } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { untilAuditOk } from '../support/audit.js';
import { viewer, viewerWith } from '../support/client.js';
import { type Host, host, type Stage } from '../support/host.js';
import { startRedisProxy } from '../support/redis-proxy.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { StockWatch } from '../support/stock-watch.js';

let redis: RedisServer;
let servers: [TestServer, TestServer];

beforeAll(async () => {
  redis = await startRedis();
  const redisUrl = redis.url;
  servers = [await startServer({ redisUrl }), await startServer({ redisUrl })];
});

const serverOf = (i: number) => servers[i % 2 ? 1 : 0];

/** Books and cancels without rest until told to stop. */
async function busyViewer(seller: Host, stage: Stage, n: number, stopped: () => boolean) {
  const client = await viewer(serverOf(n), seller.shop, `v${n}`);
  for (let i = 0; !stopped(); i++) {
    const itemId = stage.items[randomInt(stage.items.length)]?.itemId ?? '';
    const request = { liveId: stage.liveId, itemId, quantity: randomInt(1, 4), requestId: `${i}` };
    const ack = await client.emit('booking:create', request);
    if (!ack.ok || i % 3 === 0) continue;
    await client.emit('booking:cancel', { bookingId: ack.data.booking.bookingId });
  }
}

async function watch(seller: Host, liveId: string, n: number): Promise<StockWatch> {
  const watcher = new StockWatch(await viewerWith(serverOf(n)), seller.shop, liveId);
  await watcher.join();
  return watcher;
}

describe('clients and Redis', () => {
  it('agree in the end: who stayed, who dropped and returned, who came late, in two lives', async () => {
    const seller = host(servers[0]);
    const stage = await seller.stage(40, 30, 20);
    const second = await seller.post<{ live: { liveId: string } }>('/lives', {
      title: 'The same goods elsewhere',
      itemIds: stage.items.slice(0, 2).map((item) => item.itemId),
    });
    const lives = [stage.liveId, second.live.liveId];
    await seller.settings({ booking: { bookingTimeoutMinutes: 0.01 } });
    const watches = await Promise.all(
      [0, 1, 2, 3].map((n) => watch(seller, lives[n >> 1] ?? '', n)),
    );

    let stop = false;
    const storm = Promise.all(
      Array.from({ length: 10 }, (_, n) => busyViewer(seller, stage, n, () => stop)),
    );
    for (let n = 0; n < 12; n++) {
      const returning = await viewer(serverOf(n), seller.shop, `returning${n}`);
      const itsStock = new StockWatch(returning, seller.shop, lives[n % 3 ? 0 : 1] ?? '');
      await itsStock.join();
      await returning.next('stock:changed');
      returning.drop();
      watches.push(await watch(seller, lives[n % 3 ? 0 : 1] ?? '', n));
      await returning.connect();
      await itsStock.join();
      watches.push(itsStock);
    }
    stop = true;
    await storm;

    for (const watcher of watches) {
      for (const itemId of watcher.items.keys()) await watcher.settled(seller, itemId);
    }
    console.info(`${watches.length} clients in two lives agree with Redis`);
    await untilAuditOk(seller);
  });

  it('agree although everything changes between the snapshot and the first event', async () => {
    const proxy = await startRedisProxy(redis);
    const slow = await startServer({ redisUrl: proxy.url });
    const seller = host(servers[0]);
    const { liveId, items } = await seller.stage(...Array.from({ length: 120 }, () => 5));
    const ani = await viewer(servers[0], seller.shop, 'ani');
    // Nobody watches this shop on the slow server yet, so its feed begins with this very join.
    const newcomer = new StockWatch(await viewerWith(slow), seller.shop, liveId);

    proxy.delay(150);
    let joined = false;
    const joining = newcomer.join().then(() => {
      joined = true;
    });
    // Each item changes once and never again: a change that is missed stays missed.
    let changed = 0;
    for (const { itemId } of items) {
      if (joined) break;
      await ani.ask('booking:create', { liveId, itemId, quantity: 1, requestId: itemId });
      changed++;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await joining;
    proxy.delay(0);
    console.info(`${changed} items changed while the newcomer joined`);
    for (const { itemId } of items) await newcomer.settled(seller, itemId);
  });

  it('agree after a gap: the server was cut off and the stream has been trimmed meanwhile', async () => {
    const proxy = await startRedisProxy(redis);
    const remote = await startServer({ redisUrl: proxy.url });
    const seller = host(servers[0]);
    const { liveId, itemId } = await seller.stage(100);
    const client = await viewerWith(remote);
    const stays = new StockWatch(client, seller.shop, liveId);
    await stays.join();
    const ani = await viewer(servers[0], seller.shop, 'ani');
    const book = (requestId: string) =>
      ani.ask('booking:create', { liveId, itemId, quantity: 1, requestId });
    await book('r1');
    await client.next('stock:changed', ({ items }) => items.some((item) => item.booked === 1));

    proxy.cut();
    for (const requestId of ['r2', 'r3', 'r4']) await book(requestId);
    await seller.patch(`/items/${itemId}`, { open: false, price: 12_345 });
    await (await redis.client()).xTrim(`livehold:{${seller.shop}}:events`, 'MAXLEN', 0);
    proxy.mend();

    await stays.settled(seller, itemId);
    expect(stays.items.get(itemId)).toMatchObject({ available: 96, booked: 4 });
    const { item } = await client.next('item:updated', (told) => !told.item.open);
    expect(item).toMatchObject({ itemId, price: 12_345 });
    await seller.patch(`/items/${itemId}`, { open: true });
    await book('r5');
    await stays.settled(seller, itemId);
  });

  it('agree after a gap that no broken connection announces: a follower that is far behind', async () => {
    const proxy = await startRedisProxy(redis);
    const remote = await startServer({ redisUrl: proxy.url });
    const seller = host(servers[0]);
    const { liveId, itemId } = await seller.stage(100);
    const client = await viewerWith(remote);
    const stays = new StockWatch(client, seller.shop, liveId);
    await stays.join();
    const ani = await viewer(servers[0], seller.shop, 'ani');
    const book = (requestId: string) =>
      ani.ask('booking:create', { liveId, itemId, quantity: 1, requestId });
    await book('r1');
    await client.next('stock:changed', ({ items }) => items.some((item) => item.booked === 1));

    proxy.delay(700);
    await book('r2');
    await (await redis.client()).xTrim(`livehold:{${seller.shop}}:events`, 'MAXLEN', 0);
    proxy.delay(0);

    await stays.settled(seller, itemId);
    expect(stays.items.get(itemId)).toMatchObject({ available: 98, booked: 2 });
  });
});
