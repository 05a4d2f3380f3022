import { describe, expect, it } from 'vitest';
import { type ViewerClient, viewer, viewerWith } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, startServerAlone } from '../support/server.js';

describe('the limit', () => {
  it('bounds the commands of one viewer over all their sockets, and says when to go on', async () => {
    const server = await startServerAlone({ RATE_LIMIT: '2' });
    const { shop } = host(server);
    const devices = [await viewer(server, shop, 'ani'), await viewer(server, shop, 'ani')];
    const acks = await Promise.all(
      Array.from({ length: 40 }, (_, i) => devices[i % 2]?.emit('me:get', {})),
    );
    const limited = acks.flatMap((ack) => (ack && !ack.ok ? [ack.error] : []));
    // A burst of three times the rate, and what grew back in the meantime.
    expect(acks.length - limited.length).toBeGreaterThanOrEqual(6);
    expect(limited.length).toBeGreaterThan(0);
    expect(new Set(limited.map((error) => error.code))).toEqual(new Set(['RATE_LIMITED']));
    const wait = Number(limited[0]?.details?.retryAfterMs);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(500);

    const other = await viewer(server, shop, 'budi');
    expect((await other.emit('me:get', {})).ok).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, wait));
    expect((await devices[0]?.emit('me:get', {}))?.ok).toBe(true);
  });

  it('bounds what one address asks over HTTP, with Retry-After', async () => {
    const server = await startServerAlone({ RATE_LIMIT: '0.02' });
    const ask = () => fetch(`${server.url}/api/v1/shops`);
    const responses = await Promise.all(Array.from({ length: 10 }, ask));
    const limited = responses.filter((response) => response.status === 429);
    expect(limited.length).toBeGreaterThan(0);
    expect(limited.length).toBeLessThan(10);
    expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await limited[0]?.json()).toMatchObject({ error: { code: 'RATE_LIMITED' } });
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  it('is off at 0', async () => {
    const server = await startServerAlone({ RATE_LIMIT: '0' });
    const client = await viewer(server, host(server).shop, 'ani');
    const acks = await Promise.all(Array.from({ length: 100 }, () => client.emit('me:get', {})));
    expect(acks.filter((ack) => !ack.ok)).toEqual([]);
  });
});

describe('sockets without a token', () => {
  const join = (client: ViewerClient) =>
    client.emit('live:join', { shopId: newShop(), liveId: 'live_none' });

  it('share what their address may ask', async () => {
    const server = await startServerAlone({ RATE_LIMIT: '1' });
    const watchers = await Promise.all(Array.from({ length: 50 }, () => viewerWith(server)));
    const started = performance.now();
    const acks = await Promise.all(watchers.flatMap((client) => [1, 2, 3].map(() => join(client))));
    const seconds = (performance.now() - started) / 1_000;
    const refused = acks.filter((ack) => !ack.ok && ack.error.code === 'RATE_LIMITED');
    // A burst of 3 × 25, and what came back meanwhile.
    expect(acks.length - refused.length).toBeGreaterThanOrEqual(75);
    expect(acks.length - refused.length).toBeLessThanOrEqual(76 + 25 * seconds);
    expect(refused.length).toBeGreaterThan(0);
  });

  it('do not take all of it by one socket', async () => {
    const server = await startServerAlone({ RATE_LIMIT: '1' });
    const [greedy, other] = [await viewerWith(server), await viewerWith(server)];
    const codes = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const ack = await join(greedy);
        return ack.ok ? 'ok' : ack.error.code;
      }),
    );
    expect(codes).toContain('RATE_LIMITED');
    expect(await join(other)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });
});

describe('what counts', () => {
  it('commands that ask for no answer do', async () => {
    const server = await startServerAlone({ RATE_LIMIT: '2' });
    const client = await viewer(server, host(server).shop, 'ani');
    for (let i = 0; i < 20; i++) client.socket.emit('me:get', {});
    expect(await client.emit('me:get', {})).toMatchObject({ error: { code: 'RATE_LIMITED' } });
  });

  it.each(['/readyz', '/metrics'])('%s does, and /healthz answers on', async (path) => {
    const server = await startServerAlone({ RATE_LIMIT: '20' });
    const statuses = async (asked: string, times: number) => {
      const responses = Array.from({ length: times }, () => fetch(`${server.url}${asked}`));
      return (await Promise.all(responses)).map(({ status }) => status);
    };
    // Ten probes at once are nothing unusual.
    expect(new Set(await statuses(path, 10))).toEqual(new Set([200]));
    expect(await statuses(path, 200)).toContain(429);
    expect(new Set(await statuses('/healthz', 200))).toEqual(new Set([200]));
  });

  it('the customer’s app of the sandbox does', async () => {
    const server = await startServerAlone({ RATE_LIMIT: '0.1' });
    const pay = () => fetch(`${server.url}/sandbox/qris/none/pay`, { method: 'POST' });
    const statuses = (await Promise.all(Array.from({ length: 20 }, pay))).map((r) => r.status);
    expect(statuses).toContain(404);
    expect(statuses).toContain(429);
  });
});

describe('over all servers', () => {
  /** What both servers answer to as many requests each, by status, and how long it took. */
  async function flood(urls: string[], times: number) {
    const started = performance.now();
    const asked = urls.flatMap((url) => Array.from({ length: times }, () => fetch(url)));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    return { statuses, windows: 1 + Math.floor((performance.now() - started) / 3_000) };
  }

  it('an address asks no more of several than of one', async () => {
    const { url: redisUrl } = await startRedis();
    const start = () => startServer({ redisUrl, RATE_LIMIT: '0.2' });
    const servers = [await start(), await start()];
    const urls = servers.map(({ url }) => `${url}/api/v1/shops`);
    const { statuses, windows } = await flood(urls, 25);
    const served = statuses.filter((status) => status === 200).length;
    expect(served).toBeGreaterThanOrEqual(15);
    expect(served).toBeLessThanOrEqual(15 * windows);
  });

  it('an address opens no more connections', async () => {
    const { url: redisUrl } = await startRedis();
    const start = () => startServer({ redisUrl, RATE_LIMIT: '0.1' });
    const servers = [await start(), await start()];
    const urls = servers.map(({ url }) => `${url}/socket.io/?EIO=4&transport=polling`);
    const { statuses, windows } = await flood(urls, 12);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(15 * windows);
    expect(statuses).toContain(403);
  });

  it('a window ends', async () => {
    const server = await startServerAlone({ RATE_LIMIT: '0.02' });
    const ask = () => fetch(`${server.url}/api/v1/shops`);
    await Promise.all([ask(), ask(), ask()]);
    const refused = await ask();
    expect(refused.status).toBe(429);
    const { error } = (await refused.json()) as { error: { details: { retryAfterMs: number } } };
    await new Promise((resolve) => setTimeout(resolve, error.details.retryAfterMs + 20));
    expect((await ask()).status).toBe(200);
  });
});

describe.each(['stopped', 'frozen'])('while Redis is %s', (state) => {
  it('each server counts for itself, and nobody waits for a count', async () => {
    const redis = await startRedis();
    const server = await startServer({ redisUrl: redis.url, RATE_LIMIT: '0.2' });
    if (state === 'stopped') await redis.kill();
    else redis.freeze();
    const started = performance.now();
    const asked = Array.from({ length: 40 }, () => fetch(`${server.url}/api/v1/shops`));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    // 2 s is how long a command waits for Redis.
    expect(performance.now() - started).toBeLessThan(4_000);
    expect(new Set(statuses)).toEqual(new Set([503, 429]));
    expect((await viewerWith(server)).socket.connected).toBe(true);
    redis.thaw();
  });
});
