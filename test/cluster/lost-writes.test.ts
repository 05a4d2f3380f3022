import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { untilAuditOk } from '../support/audit.js';
import { viewer } from '../support/client.js';
import { freePorts } from '../support/free-ports.js';
import { host } from '../support/host.js';
import { optionsOf, RedisProcess } from '../support/redis-process.js';
import { startServer } from '../support/server.js';
import { StockWatch } from '../support/stock-watch.js';
import { until } from '../support/until.js';

/** A Redis that comes back as it was when it last saved, as a replica that was behind would. */
async function forgetfulRedis(): Promise<RedisProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'lh-forgetful-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const [port = 0] = await freePorts(1);
  const redis = new RedisProcess(port, folder, optionsOf({ port: String(port), appendonly: 'no' }));
  await redis.start();
  return redis;
}

it('clients that saw what Redis lost come to know what it has, though nothing more happens', async () => {
  const redis = await forgetfulRedis();
  const redisUrl = `redis://${redis.address}`;
  const servers = [await startServer({ redisUrl }), await startServer({ redisUrl })] as const;
  const seller = host(servers[0]);
  const { shop } = seller;
  const { liveId, itemId } = await seller.stage(10);
  const watches = await Promise.all(
    servers.map(async (server, i) => {
      const watch = new StockWatch(await viewer(server, shop, `watcher${i}`), shop, liveId);
      await watch.join();
      return watch;
    }),
  );
  const ani = await viewer(servers[0], shop, 'ani');
  const book = (requestId: string) =>
    ani.ask('booking:create', { liveId, itemId, quantity: 1, requestId });
  await book('kept');
  await (await redis.client()).sendCommand(['SAVE']);
  const lost = (await book('lost')).item;
  for (const watch of watches) {
    await until('the lost booking was seen', () => watch.items.get(itemId)?.booked === 2);
  }

  for (const round of ['first', 'second']) {
    await redis.kill();
    await redis.start();
    // It serves on; whether it is ready again after a loss is for a person to say.
    for (const server of servers) {
      await until('it serves', async () => {
        const { status } = await host(server, shop).call('GET', `/items/${itemId}`);
        return status === 200;
      });
    }
    for (const watch of watches) {
      await until(`${round}: told anew`, () => watch.items.get(itemId)?.booked === 1);
    }
    expect((await seller.item(itemId)).revision).toBeGreaterThan(lost.revision);
    for (const watch of watches) await watch.settled(seller, itemId);
  }
  await untilAuditOk(seller);
  expect((await book('lost')).item.booked).toBe(2);
  await untilAuditOk(seller);
});
