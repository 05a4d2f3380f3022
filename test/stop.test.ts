import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Health } from '../src/store/health/index.js';
import { atEnd } from './support/at-end.js';
import { viewer, viewerWith } from './support/client.js';
import { freePorts } from './support/free-ports.js';
import { host } from './support/host.js';
import { startRedis } from './support/redis-server.js';
import type { Reachable } from './support/server-environment.js';
import { type ServerProcess, spawnListening, spawnServer } from './support/server-process.js';
import { until } from './support/until.js';

/** Something on a port that is no Redis. */
async function listening(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    serve(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

async function ready({ url }: Reachable) {
  const response = await fetch(`${url}/readyz`);
  return { status: response.status, body: (await response.json()) as Health };
}

/** The exit code, and how long it took from the signal, ms. */
async function end(server: ServerProcess): Promise<{ code: number | null; ms: number }> {
  const begun = performance.now();
  const code = await server.kill('SIGTERM');
  return { code, ms: performance.now() - begun };
}

const unreachable: [string, RegExp, () => Promise<string>][] = [
  ['nothing listens', /ECONNREFUSED/, async () => `redis://127.0.0.1:${(await freePorts(1))[0]}`],
  [
    'the password is wrong',
    /WRONGPASS/,
    async () => {
      const redis = await startRedis();
      await (await redis.client()).configSet('requirepass', 'right');
      return redis.url.replace('unix://', 'unix://:wrong@');
    },
  ],
  [
    'the connection is closed at once',
    /closed/i,
    // What was sent is read: else the system resets the connection when this process is late to take it.
    async () => `redis://127.0.0.1:${await listening((socket) => socket.resume().end())}`,
  ],
  [
    'the connection is reset at once',
    /ECONNRESET/,
    async () => `redis://127.0.0.1:${await listening((socket) => socket.resetAndDestroy())}`,
  ],
  [
    'nobody answers',
    /does not answer/,
    async () => `redis://127.0.0.1:${await listening(() => {})}`,
  ],
  [
    'TLS is spoken to one that speaks none',
    /imeout|does not answer/,
    async () => `rediss://127.0.0.1:${await listening(() => {})}`,
  ],
  [
    'no sentinel answers',
    /ECONNREFUSED/,
    async () => `redis+sentinel://127.0.0.1:${(await freePorts(1))[0]}/mymaster`,
  ],
  [
    'no node of the cluster answers',
    /ECONNREFUSED/,
    async () => `redis+cluster://127.0.0.1:${(await freePorts(1))[0]}`,
  ],
];

describe.each(unreachable)('a server whose Redis is away: %s', (_, reason, address) => {
  it('lives, says why it is not ready, refuses, and ends within 5 s', async () => {
    const server = await spawnListening({ redisUrl: await address() });
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    const refused = await host(server).call('GET', '/items');
    expect(refused).toMatchObject({ status: 503, body: { error: { code: 'STORE_UNAVAILABLE' } } });
    const watcher = await viewerWith(server);
    expect(await watcher.emit('live:join', { shopId: 'shop', liveId: 'live' })).toMatchObject({
      error: { code: 'STORE_UNAVAILABLE' },
    });
    await until('it says why', async () => {
      const { status, body } = await ready(server);
      expect({ status, ok: body.ok }).toEqual({ status: 503, ok: false });
      return reason.test(body.reason ?? '');
    });

    const { code, ms } = await end(server);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(5_000);
  });
});

describe('a server that waits for its Redis', () => {
  it('says so in its log every 10 s, and is ready by itself when it comes', async () => {
    const redis = await startRedis();
    await redis.kill();
    const server = await spawnListening({ redisUrl: redis.url });
    await delay(12_000);
    const said = server.log.filter(({ msg }) => msg === 'waiting for Redis');
    expect(said.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('ECONNREFUSED'),
      expect.stringContaining('ECONNREFUSED'),
    ]);

    await redis.start();
    await until('ready', async () => (await ready(server)).status === 200);
    const seller = host(server);
    const { liveId, itemId } = await seller.stage(1);
    const ani = await viewer(server, seller.shop, 'ani');
    await ani.ask('booking:create', { liveId, itemId, quantity: 1, requestId: 'r1' });
    expect((await end(server)).code).toBe(0);
  });
});

describe('SIGTERM', () => {
  const halves: [string, (url: URL) => Promise<void>][] = [
    ['a connection that never sends', (url) => begin(url, '')],
    ['half a header', (url) => begin(url, 'GET /healthz HTTP/1.1\r\nHost: x\r\n')],
    [
      'half a body',
      (url) =>
        begin(
          url,
          'POST /api/v1/shops/s/guests HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
            'Content-Length: 100\r\n\r\n{"name":',
        ),
    ],
    [
      'a websocket that says no goodbye',
      (url) =>
        begin(
          url,
          'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n' +
            'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
            'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
        ),
    ],
  ];

  /** Sends so much and no more, and never closes. */
  async function begin(url: URL, text: string): Promise<void> {
    const socket = connect({ port: Number(url.port), host: url.hostname, allowHalfOpen: true });
    atEnd(() => socket.destroy());
    socket.on('error', () => {});
    await once(socket, 'connect');
    if (text !== '') socket.write(text);
  }

  it.each(halves)('ends a server in spite of %s', async (_, half) => {
    const server = await spawnServer({ redisUrl: (await startRedis()).url, DRAIN_SECONDS: '1' });
    await half(new URL(server.url));
    await delay(200);
    const { code, ms } = await end(server);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(1_000 + 10_000);
  });

  it('ends a server whose Redis is frozen, with commands under way', async () => {
    const redis = await startRedis();
    const server = await spawnServer({ redisUrl: redis.url });
    const seller = host(server);
    const ani = await viewer(server, seller.shop, 'ani');
    redis.freeze();
    const stuck = ani.emit('me:get', {}).catch(() => 'gone');
    const { code, ms } = await end(server);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
    await stuck;
  });
});
