import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Health } from '../../src/store/health/index.js';
import { storeKey } from '../../src/store/keys.js';
import { untilAuditOk } from '../support/audit.js';
import { viewer } from '../support/client.js';
import { type Host, host } from '../support/host.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import type { Reachable } from '../support/server-environment.js';
import { runMain, type ServerProcess, spawnServer } from '../support/server-process.js';
import { StockWatch } from '../support/stock-watch.js';
import { until } from '../support/until.js';

const MINUTE_MS = 60_000;

async function readiness({ url }: Reachable): Promise<Health> {
  return (await (await fetch(`${url}/readyz`)).json()) as Health;
}

async function untilTold(server: ServerProcess, seller: Host): Promise<void> {
  const { reason } = await until('it is unready', async () => {
    const health = await readiness(server);
    return !health.ok && health;
  });
  expect(reason).toMatch(/data that this server had seen is gone/);
  const errors = () => server.log.filter(({ level }) => level === 50).map(({ msg }) => msg);
  await until('it is in the log', () => errors().length > 0);
  expect(errors()).toEqual([reason]);
  expect(await seller.get('/status')).toEqual({
    warnings: [{ code: 'DATA_LOST', at: expect.any(Number) }],
  });
}

/** Whatever a shop does must be as on the first day. */
async function expectSound(server: Reachable, seller: Host): Promise<void> {
  const { liveId, itemId } = await seller.stage(10);
  const watch = new StockWatch(await viewer(server, seller.shop, 'watcher'), seller.shop, liveId);
  await watch.join();
  const ani = await viewer(server, seller.shop, 'ani');
  const wish = { liveId, itemId, quantity: 2 };
  const { booking } = await ani.ask('booking:create', { ...wish, requestId: 'r1' });
  expect(booking.expiresAt - booking.createdAt).toBe(15 * MINUTE_MS);
  const response = await fetch(`${server.url}/api/v1/shops/${seller.shop}`);
  expect(await response.json()).toMatchObject({ shop: { lives: [{ liveId }] } });

  await seller.settings({ booking: { bookingTimeoutMinutes: 0.005 } });
  await ani.ask('booking:create', { ...wish, requestId: 'r2' });
  await ani.next('booking:updated', (told) => told.booking.status === 'expired');
  await watch.settled(seller, itemId);
  expect(watch.items.get(itemId)).toMatchObject({ available: 8, booked: 2 });
  await untilAuditOk(seller);
}

describe('a store that is emptied under running servers', () => {
  it('is reported, and the same shop starts again as on its first day', async () => {
    const redis = await startRedis();
    const start = () => spawnServer({ redisUrl: redis.url });
    const [one, other] = [await start(), await start()];
    const seller = host(one);
    const { liveId, itemId } = await seller.stage(10);
    const ani = await viewer(one, seller.shop, 'ani');
    await ani.ask('live:join', { shopId: seller.shop, liveId });
    await ani.ask('booking:create', { liveId, itemId, quantity: 1, requestId: 'r1' });
    for (const server of [one, other]) {
      await until('it has seen the store', async () => (await readiness(server)).ok);
    }

    await (await redis.client()).flushAll();
    await expectSound(one, seller);
    await untilTold(one, seller);
    await untilTold(other, host(other, seller.shop));

    expect(await runMain('accept-loss', redis.url)).toEqual({
      code: 0,
      said: 'Accepted: the servers go on with the data that is there.\n',
    });
    for (const server of [one, other]) {
      await until('it is ready again', async () => (await readiness(server)).ok);
      expect(await host(server, seller.shop).get('/status')).toEqual({ warnings: [] });
    }
  });
});

describe('a store of which an older state is restored under a running server', () => {
  it('is reported, and still served', async () => {
    const redis = await startRedis();
    const first = await spawnServer({ redisUrl: redis.url });
    await until('it has seen the store', async () => (await readiness(first)).ok);
    await first.kill('SIGTERM');
    await redis.kill();
    const [data, backup] = [join(redis.folder, 'appendonlydir'), join(redis.folder, 'backup')];
    await cp(data, backup, { recursive: true });

    await redis.start();
    await markTwoMinutesAgo(redis);
    const server = await spawnServer({ redisUrl: redis.url });
    await until('it has seen the store', async () => (await readiness(server)).ok);
    await redis.kill();
    await rm(data, { recursive: true });
    await cp(backup, data, { recursive: true });
    await redis.start();

    const seller = host(server);
    await until('it is served', async () => (await seller.call('GET', '/items')).status === 200);
    await untilTold(server, seller);
    await expectSound(server, seller);
  });

  it('is not reported when only the last minute is gone, as after a failover', async () => {
    const redis = await startRedis();
    const server = await spawnServer({ redisUrl: redis.url });
    await until('it has seen the store', async () => (await readiness(server)).ok);
    const client = await redis.client();
    expect(await client.del(`${storeKey(0)}:marks`)).toBe(1);
    await until('a new mark', async () => (await client.lLen(`${storeKey(0)}:marks`)) === 1);
    expect(await readiness(server)).toMatchObject({ ok: true, warnings: [] });
  });
});

/** As a server that ran two minutes ago has left it. */
async function markTwoMinutesAgo(redis: RedisServer): Promise<void> {
  const client = await redis.client();
  const key = `${storeKey(0)}:marks`;
  await client.del(key);
  await client.lPush(key, `${Date.now() - 2 * MINUTE_MS}-earlier`);
}
