import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { slotOf } from '../../src/store/redis/slots.js';
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

/** Resolves once the master has noticed that no replica is in touch. */
async function refusesWrites({ master, from, to }: Shard): Promise<void> {
  const key = keyIn(from, to);
  await until('the master refuses writes', async () => {
    const refusal = await master.client.set(key, '').catch(String);
    return refusal?.includes('NOREPLICAS');
  });
}

/**
 * Resolves once the replica has everything up to now, on its disk too: with everysec, a disk that is busy lets it forget
 * seconds, and what is to be measured here is replication.
 */
async function keepsAllSoFar({ master, replica, from, to }: Shard): Promise<void> {
  await replica.client.configSet('appendfsync', 'always');
  await master.client.set(keyIn(from, to), '');
  await until('the replica has it all', async () => (await master.client.wait(1, 1_000)) === 1);
}

function keyIn(from: number, to: number): string {
  for (let n = 0; ; n++) {
    const slot = slotOf(`probe:${n}`);
    if (slot >= from && slot <= to) return `probe:${n}`;
  }
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
      await keepsAllSoFar(shard);
      await shard.replica.process.kill();
      if (guarded) await refusesWrites(shard);
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
    // Acknowledgements that were on their way when the master began to refuse, one a viewer, and none after them.
    if (guarded) expect(duringLag).toBeLessThanOrEqual(traffic.viewers.length);
    expect(slowest).toBeLessThan(5_000);
  });

  it('and the cluster serves on with what is left', async () => {
    const shops = cluster.shards.map((shard) => cluster.shopOn(shard));
    await Promise.all(shops.map((shop) => shopDay(servers[0], servers[1], shop)));
  });
});
