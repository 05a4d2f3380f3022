import { beforeAll, describe, expect, it } from 'vitest';
import { shopKey } from '../../src/store/keys.js';
import { untilAuditOk } from '../support/audit.js';
import { viewer } from '../support/client.js';
import { type Host, host, type Stage } from '../support/host.js';
import {
  type RedisCluster,
  type Shard,
  slotOfShop,
  startCluster,
} from '../support/redis-cluster.js';
import { startServer, type TestServer } from '../support/server.js';
import { SteadyViewer } from '../support/steady-viewer.js';
import { StockWatch } from '../support/stock-watch.js';
import { until } from '../support/until.js';
import { shopDay } from './shop-day.js';

const SHOPS_A_SHARD = 3;

let cluster: RedisCluster;
let servers: [TestServer, TestServer];

beforeAll(async () => {
  cluster = await startCluster();
  const start = () => startServer({ redisUrl: cluster.url });
  servers = [await start(), await start()];
});

function shard(i: number): Shard {
  return cluster.shards[i] as Shard;
}

async function opened(shop: string, stock: number): Promise<{ seller: Host; stage: Stage }> {
  const seller = host(servers[0], shop);
  return { seller, stage: await seller.stage(stock) };
}

/** Sharded subscriptions to the shop's bell at one node. */
async function listeners(node: Shard['master'], shop: string): Promise<number> {
  const channel = `${shopKey(shop)}:bell`;
  const count = await node.client.pubSubShardNumSub([channel]);
  return Number(Object.values(count)[0]);
}

describe('on a Redis Cluster', () => {
  it('shops in every part of the cluster keep the whole contract', async () => {
    const shops = cluster.shards.flatMap((part) =>
      Array.from({ length: SHOPS_A_SHARD }, () => cluster.shopOn(part)),
    );
    await Promise.all(shops.map((shop) => shopDay(servers[0], servers[1], shop)));
    const ready = await fetch(`${servers[0].url}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { ok: true, warnings: [] }]);
  });

  it('a slot that moves refuses for a moment, and loses and doubles nothing', async () => {
    const { master: from } = shard(0);
    const { master: to } = shard(1);
    const shop = cluster.shopOn(shard(0));
    const { seller, stage } = await opened(shop, 5_000);
    const { liveId, itemId } = stage;
    const watch = new StockWatch(await viewer(servers[1], shop, 'watcher'), shop, liveId);
    await watch.join();
    const viewers = Array.from({ length: 8 }, (_, i) => {
      return new SteadyViewer(servers[i % 2] as TestServer, shop, liveId, `v${i}`);
    });
    await until('both servers listen', async () => (await listeners(from, shop)) === 2);
    let moved = false;
    const traffic = viewers.map(async (one) => {
      for (let n = 0; !moved || n < 20; n++) {
        expect(await one.book({ liveId, itemId, quantity: 1 }, `r${n}`)).toBeUndefined();
      }
    });
    await until('traffic', () => viewers.every((one) => one.acked.size > 5));

    const keys = await from.client.clusterCountKeysInSlot(slotOfShop(shop));
    const began = performance.now();
    const migration = await cluster.migrate(slotOfShop(shop), from, to);
    // Half of the shop is here and half is there: nothing may be judged, and nothing may be half written.
    await migration.step(5);
    const half = await viewer(servers[0], shop, 'half');
    const refused = await half.emit('booking:create', {
      ...{ liveId, itemId, quantity: 1 },
      requestId: 'half',
    });
    expect(refused).toMatchObject({ ok: false, error: { code: 'STORE_UNAVAILABLE' } });
    await migration.finish();
    const took = performance.now() - began;
    await until('booked at the new place', async () => {
      const request = { liveId, itemId, quantity: 1, requestId: 'half' };
      return (await half.emit('booking:create', request)).ok;
    });
    moved = true;
    await Promise.all(traffic);

    const acked = viewers.reduce((sum, one) => sum + one.acked.size, 0) + 1;
    const repeats = viewers.reduce((sum, one) => sum + one.repeats, 0);
    console.info(
      `slot of ${keys} keys moved under load in ${took.toFixed(0)} ms: ` +
        `${acked} bookings acked, ${repeats} repeats`,
    );
    expect((await seller.item(itemId)).booked).toBe(acked);
    await untilAuditOk(seller);
    await until('both servers listen there', async () => (await listeners(to, shop)) === 2);
    await watch.settled(seller, itemId);
    for (const one of viewers) {
      for (const [requestId, booking] of one.acked) {
        await one.book({ liveId, itemId, quantity: 1 }, requestId);
        expect(one.acked.get(requestId)).toEqual(booking);
      }
    }
    expect((await seller.item(itemId)).booked).toBe(acked);
  });

  it('plain reads and writes of a shop go on while its slot moves', async () => {
    const shop = cluster.shopOn(shard(1));
    const { seller, stage } = await opened(shop, 10);
    const slot = slotOfShop(shop);
    const migration = await cluster.migrate(slot, shard(1).master, shard(2).master);
    while ((await migration.step(2)) > 0) {
      expect((await seller.item(stage.itemId)).available).toBe(10);
      const name = 'Toko pindahan';
      expect(await seller.patch('/shop', { name })).toMatchObject({ shop: { name } });
    }
    await migration.finish();
    await untilAuditOk(seller);
  });
});
