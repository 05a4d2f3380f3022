import { describe, expect, it } from 'vitest';
import { newShop } from '../support/host.js';
import { startSentinels } from '../support/redis-sentinels.js';
import { startServer } from '../support/server.js';
import { until } from '../support/until.js';
import { Traffic } from './failover.js';
import { shopDay } from './shop-day.js';

describe('on a master that sentinels watch', () => {
  it('keeps the contract, and recovers by itself when the master dies', {
    timeout: 90_000,
  }, async () => {
    const redis = await startSentinels();
    const start = () => startServer({ redisUrl: redis.url });
    const servers = [await start(), await start()] as const;
    await shopDay(servers[0], servers[1], newShop());
    // One sentinel that hangs must not hold anything up.
    redis.sentinels[0]?.process.freeze();
    const traffic = await Traffic.begin([...servers], newShop());

    await redis.master.process.kill();
    redis.sentinels[0]?.process.thaw();
    const died = performance.now();
    const asked = await fetch(`${servers[0].url}/readyz`);
    expect(asked.status).toBe(503);
    await traffic.untilServed();
    const away = performance.now() - died;
    await traffic.stop();
    const { acked, lost } = await traffic.reckon();
    const slowest = Math.max(...traffic.viewers.map((one) => one.slowestMs));
    console.info(
      `sentinel: ${acked} acked, ${lost} lost; served again after ${away.toFixed(0)} ms, ` +
        `slowest answer ${slowest.toFixed(0)} ms`,
    );
    expect(slowest).toBeLessThan(5_000);
    await until('ready', async () => (await fetch(`${servers[0].url}/readyz`)).status === 200);

    // The old master comes back as a replica; nobody follows it back. The sentinel that makes it one
    // cuts its clients' connections, this question's too if it comes at that moment.
    await redis.master.process.start();
    await until('it is a replica', async () => {
      const replication = await redis.master.client.info('replication').catch(() => '');
      return replication.includes('role:slave');
    });
    await shopDay(servers[0], servers[1], newShop());
  });
});
