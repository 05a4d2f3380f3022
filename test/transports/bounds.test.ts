import { io } from 'socket.io-client';
import { beforeAll, describe, expect, it } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { type ViewerClient, viewer, viewerWith } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { RawWebSocket } from '../support/raw-websocket.js';
import { startRedis } from '../support/redis-server.js';
import { type Reachable, startServer } from '../support/server.js';
import { until } from '../support/until.js';

let redisUrl: string;

beforeAll(async () => {
  redisUrl = (await startRedis()).url;
});

/** Tries all at once; answers who got in, and what the others were told. */
async function allAtOnce<T>(times: number, enter: () => Promise<T>) {
  const results = await Promise.allSettled(Array.from({ length: times }, enter));
  return {
    inside: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    refusals: results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])),
  };
}

describe('the sockets of one viewer', () => {
  it('are 20 at most, and the next one is told so', async () => {
    const server = await startServer({ redisUrl, RATE_LIMIT: '20' });
    const { shop } = host(server);
    const { inside, refusals } = await allAtOnce(30, () => viewer(server, shop, 'ani'));
    expect(inside).toHaveLength(20);
    expect(refusals.map((error) => error.data)).toEqual(
      Array.from({ length: 10 }, () => ({
        code: 'RATE_LIMITED',
        message: expect.any(String),
        details: { limit: 20, retryAfterMs: expect.any(Number) },
      })),
    );
    expect((await viewer(server, shop, 'budi')).socket.connected).toBe(true);

    inside[0]?.drop();
    await until('there is room again', () => viewer(server, shop, 'ani').catch(() => undefined));
  });

  it('are not counted without limits', async () => {
    const server = await startServer({ redisUrl, RATE_LIMIT: '0' });
    const { shop } = host(server);
    const { inside } = await allAtOnce(30, () => viewer(server, shop, 'ani'));
    expect(inside).toHaveLength(30);
  });
});

describe('the connections of one address', () => {
  it('are bounded, whichever transport they use and whatever their address line says', async () => {
    const server = await startServer({ redisUrl, RATE_LIMIT: '0.2' });
    const { inside, refusals } = await allAtOnce(30, () => RawWebSocket.open(server, '&xsid=1'));
    for (const raw of inside) raw.write(['40/live,{}']);
    const open = () => inside.filter((raw) => raw.isOpen);
    await until('those over the limit are closed', () => open().length <= 10);
    expect(open()).toHaveLength(10);
    expect(refusals.length + inside.length).toBe(30);

    for (const raw of inside) raw.end();
    await Promise.all(inside.map((raw) => raw.closed));
    await until('there is room again', () => viewerWith(server).catch(() => undefined));
  });

  it('are counted apart from those of others behind the same proxy', async () => {
    const server = await startServer({ redisUrl, RATE_LIMIT: '0.02', TRUST_PROXY: '1' });
    const enter = (address: string) => () => connectFrom(server, address);
    const ani = await allAtOnce(5, enter('203.0.113.1'));
    expect(ani.inside).toHaveLength(1);
    expect(ani.refusals[0]?.message).toMatch(/error/);
    expect((await allAtOnce(1, enter('203.0.113.2'))).inside).toHaveLength(1);
  });

  it('are told why over polling', async () => {
    const server = await startServer({ redisUrl, RATE_LIMIT: '0.02' });
    await RawWebSocket.open(server);
    const response = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`);
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 403,
      body: { code: 4, message: 'RATE_LIMITED' },
    });
  });

  it('are rated as new ones, also with something like a sid in the query', async () => {
    const server = await startServer({ redisUrl, RATE_LIMIT: '0.1' });
    const statuses: number[] = [];
    for (let i = 0; i < 40; i++) {
      const response = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling&xsid=${i}`, {
        headers: { connection: 'close' },
      });
      const opened = await response.text();
      statuses.push(response.status);
      // Gone at once, so it is not how many are open that is judged.
      const sid = /"sid":"([^"]+)"/.exec(opened)?.[1];
      if (sid)
        await fetch(`${server.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`, {
          method: 'POST',
          body: '1',
        });
    }
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(15);
    expect(statuses).toContain(403);
  });
});

async function connectFrom({ url }: Reachable, address: string): Promise<void> {
  const socket = io(`${url}/live`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { 'x-forwarded-for': address },
  });
  atEnd(() => socket.disconnect());
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
}

describe('sockets without a token', () => {
  const join = (client: ViewerClient) =>
    client.emit('live:join', { shopId: newShop(), liveId: 'live_none' });

  it('share what their address may ask', async () => {
    const server = await startServer({ redisUrl, RATE_LIMIT: '1' });
    const { inside } = await allAtOnce(50, () => viewerWith(server));
    expect(inside).toHaveLength(50);
    const started = performance.now();
    const acks = await Promise.all(inside.flatMap((client) => [1, 2, 3].map(() => join(client))));
    const seconds = (performance.now() - started) / 1_000;
    const refused = acks.filter((ack) => !ack.ok && ack.error.code === 'RATE_LIMITED');
    // A burst of 3 × 25, and what came back meanwhile.
    expect(acks.length - refused.length).toBeGreaterThanOrEqual(75);
    expect(acks.length - refused.length).toBeLessThanOrEqual(76 + 25 * seconds);
    expect(refused.length).toBeGreaterThan(0);
  });

  it('do not take all of it by one socket', async () => {
    const server = await startServer({ redisUrl, RATE_LIMIT: '1' });
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
    const server = await startServer({ redisUrl, RATE_LIMIT: '2' });
    const client = await viewer(server, host(server).shop, 'ani');
    for (let i = 0; i < 20; i++) client.socket.emit('me:get', {});
    expect(await client.emit('me:get', {})).toMatchObject({ error: { code: 'RATE_LIMITED' } });
  });

  it.each(['/readyz', '/metrics'])('%s does, and /healthz answers on', async (path) => {
    const server = await startServer({ redisUrl, RATE_LIMIT: '20' });
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
    const server = await startServer({ redisUrl, RATE_LIMIT: '0.1' });
    const pay = () => fetch(`${server.url}/sandbox/qris/none/pay`, { method: 'POST' });
    const statuses = (await Promise.all(Array.from({ length: 20 }, pay))).map((r) => r.status);
    expect(statuses).toContain(404);
    expect(statuses).toContain(429);
  });
});
