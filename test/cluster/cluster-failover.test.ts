import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { type RedisCluster, type Shard, startCluster } from '../support/redis-cluster.js';
import { infoOf } from '../support/redis-process.js';
import { startServer, type TestServer } from '../support/server.js';
import { until } from '../support/until.js';
import { Traffic } from './failover.js';
import { shopDay } from './shop-day.js';

/** How long the replica is down before its master dies, and comes back too late, where writes are to be lost, ms. */
const LAG_MS = 1_500;

let cluster: RedisCluster;
let servers: [TestServer, TestServer];

beforeAll(async () => {
  cluster = await startCluster();
  const start = () => startServer({ redisUrl: cluster.url });
  servers = [await start(), await start()];
});

async function promoted({ replica }: Shard): Promise<void> {
  await until(
    'the replica is master',
    async () => (await infoOf(replica.client, 'role').catch(() => '')) === 'master',
    40_000,
  );
}

const deaths = [
  { name: 'its replica up to date', part: 0, lagging: false, guarded: false },
  { name: 'its replica down', part: 1, lagging: true, guarded: false },
  { name: 'its replica down, min-replicas-to-write 1', part: 2, lagging: true, guarded: true },
];

describe('a master of the cluster dies', () => {
  it.each(deaths)('with $name', { timeout: 90_000 }, async ({ name, part, lagging, guarded }) => {
    const shard = cluster.shards[part] as Shard;
    // On this master only: the one that takes over has no replica left, and would refuse everything.
    if (guarded) {
      await shard.master.client.configSet({
        'min-replicas-to-write': '1',
        'min-replicas-max-lag': '1',
      });
    }
    const traffic = await Traffic.begin(servers, cluster.shopOn(shard));
    let duringLag = 0;
    if (lagging) {
      await shard.replica.process.kill();
      duringLag = traffic.acked;
      await delay(LAG_MS);
      duringLag = traffic.acked - duringLag;
    }
    await shard.master.process.kill();
    const died = performance.now();
    if (lagging) await shard.replica.process.start();
    await promoted(shard);
    await traffic.untilServed();
    const away = performance.now() - died;
    await traffic.stop();

    const { acked, lost } = await traffic.reckon();
    const slowest = Math.max(...traffic.viewers.map((one) => one.slowestMs));
    console.info(
      `cluster, ${name}: ${acked} acked, ${lost} lost` +
        (lagging ? ` (${duringLag} acked in the ${LAG_MS} ms without replica)` : '') +
        `; served again after ${away.toFixed(0)} ms, slowest answer ${slowest.toFixed(0)} ms`,
    );
    if (lagging && !guarded) expect(lost).toBeGreaterThan(0);
    // What is acknowledged between the end of the replica and the moment that the master notices it.
    if (guarded) expect(lost).toBeLessThan(50);
    expect(slowest).toBeLessThan(5_000);
  });

  it('and the cluster serves on with what is left', async () => {
    const shops = cluster.shards.map((shard) => cluster.shopOn(shard));
    await Promise.all(shops.map((shop) => shopDay(servers[0], servers[1], shop)));
  });
});
