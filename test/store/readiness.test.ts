import { beforeAll, describe, expect, it } from 'vitest';
import type { Health } from '../../src/store/health/index.js';
import { host } from '../support/host.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { until } from '../support/until.js';

type RedisClient = Awaited<ReturnType<RedisServer['client']>>;

let redis: RedisServer;
let client: RedisClient;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  client = await redis.client();
  await client.aclSetUser('app', ['on', '>secret', '~*', '&*', '+@all']);
  server = await startServer({ redisUrl: redis.url.replace('unix://', 'unix://app:secret@') });
});

async function readiness(): Promise<Health & { status: number }> {
  const response = await fetch(`${server.url}/readyz`);
  return { status: response.status, ...((await response.json()) as Health) };
}

const faults: [string, RegExp, () => Promise<unknown>, () => Promise<unknown>][] = [
  [
    'its memory is full',
    /OOM/,
    () => client.configSet('maxmemory', '1'),
    () => client.configSet('maxmemory', '0'),
  ],
  [
    'it is a replica',
    /READONLY/,
    () => client.replicaOf('127.0.0.1', 1),
    () => client.sendCommand(['REPLICAOF', 'NO', 'ONE']),
  ],
  [
    'replicas that it must have are away',
    /NOREPLICAS/,
    () => client.configSet('min-replicas-to-write', '1'),
    () => client.configSet('min-replicas-to-write', '0'),
  ],
  [
    'the channels are forbidden',
    /channel/,
    () => client.aclSetUser('app', ['resetchannels']),
    () => client.aclSetUser('app', ['allchannels']),
  ],
  [
    'SPUBLISH is forbidden',
    /can't run this command|no permissions/,
    () => client.aclSetUser('app', ['-spublish']),
    () => client.aclSetUser('app', ['+spublish']),
  ],
  [
    'bells are not heard',
    /ssubscribe/,
    () =>
      client
        .aclSetUser('app', ['-ssubscribe'])
        .then(() => client.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub'])),
    () => client.aclSetUser('app', ['+ssubscribe']),
  ],
];

describe('a server whose Redis answers, but cannot serve', () => {
  it.each(faults)(
    'is not ready while %s, says so, and is ready by itself after',
    async (_, reason, begin, end) => {
      await until('ready', async () => (await readiness()).ok);
      await begin();
      const found = await until('not ready', async () => {
        const asked = await readiness();
        return !asked.ok && asked;
      });
      expect(found.status).toBe(503);
      expect(found.reason).toMatch(reason);
      await end();
      await until('ready again', async () => (await readiness()).status === 200);
    },
  );

  it('answers STORE_UNAVAILABLE where a right was taken away', async () => {
    const seller = host(server);
    await seller.createItem(1);
    await client.aclSetUser('app', ['-hgetall']);
    expect(await seller.call('GET', '/settings')).toMatchObject({
      status: 503,
      body: { error: { code: 'STORE_UNAVAILABLE' } },
    });
    await client.aclSetUser('app', ['+hgetall']);
    expect((await seller.call('GET', '/settings')).status).toBe(200);
  });
});

describe('asking whether a server is ready', () => {
  it('costs Redis nothing, however often', async () => {
    const calls = async () =>
      Number(/cmdstat_evalsha:calls=(\d+)/.exec(await client.info('commandstats'))?.[1]);
    await readiness();
    const [before, begun] = [await calls(), performance.now()];
    for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 50 }, readiness));
    const seconds = (performance.now() - begun) / 1_000;
    // A sweep and a look at the active shops come each second besides.
    expect((await calls()) - before).toBeLessThan(20 + 5 * seconds);
  });
});
