import { beforeAll, describe, expect, it } from 'vitest';
import { hostSocket, viewer } from '../../support/client.js';
import { host } from '../../support/host.js';
import { RawWebSocket } from '../../support/raw-websocket.js';
import { startRedis } from '../../support/redis-server.js';
import { startServer } from '../../support/server.js';
import { signToken } from '../../support/tokens.js';
import { until } from '../../support/until.js';

let redisUrl: string;

beforeAll(async () => {
  redisUrl = (await startRedis()).url;
});

/** The value of a metric, over all of its labels. */
async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(name));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

describe('a connection that asks for a namespace 1,500 times in one write', () => {
  const token = signToken({ sub: 'ani', shop: 'shop', role: 'viewer', name: 'n'.repeat(600) });
  it.each([
    ['without a token', '40/live,{}'],
    ['with a token', `40/live,${JSON.stringify({ token })}`],
    ['of the default namespace', '40'],
    ['that does not exist', '40/nowhere,'],
  ])('%s gets one answer at most, and is ended', async (_, packet) => {
    const server = await startServer({ redisUrl });
    const raw = await RawWebSocket.open(server);
    raw.write(Array.from({ length: 1_500 }, () => packet));
    await raw.closed;
    expect(raw.texts.filter((text) => /^4[04]/.test(text)).length).toBeLessThanOrEqual(1);
    await until(
      'no socket is left',
      async () => (await metric(server.url, 'livehold_sockets')) === 0,
    );
  });

  it('gets one answer at most over polling, too', async () => {
    const server = await startServer({ redisUrl });
    const url = `${server.url}/socket.io/?EIO=4&transport=polling`;
    const { sid } = JSON.parse((await (await fetch(url)).text()).slice(1));
    const packets = Array.from({ length: 1_000 }, () => '40/live,{}').join('\x1e');
    await (await fetch(`${url}&sid=${sid}`, { method: 'POST', body: packets })).text();
    const answers = await (await fetch(`${url}&sid=${sid}`)).text();
    expect(answers.split('40/live').length - 1).toBeLessThanOrEqual(1);
    expect((await fetch(`${url}&sid=${sid}`)).status).toBe(400);
    expect(await metric(server.url, 'livehold_sockets')).toBe(0);
  });
});

describe('a connection', () => {
  it('may be in both namespaces, once in each', async () => {
    const server = await startServer({ redisUrl });
    const raw = await RawWebSocket.open(server);
    const token = signToken({ sub: 'host', shop: 'shop', role: 'host' });
    raw.write(['40/live,{}', `40/host,${JSON.stringify({ token })}`]);
    await until(
      'both are let in',
      () => raw.texts.filter((text) => text.startsWith('40/')).length === 2,
    );
    raw.write(['40/live,{}']);
    await raw.closed;
  });

  it('has nothing to find in the default namespace', async () => {
    const server = await startServer({ redisUrl });
    const raw = await RawWebSocket.open(server);
    raw.write(['40']);
    await until('it is refused', () => raw.texts.some((text) => text.startsWith('44')));
    expect(raw.texts.at(-1)).toContain('Invalid namespace');
  });

  it('that left, or was refused, comes back over a new one', async () => {
    const server = await startServer({ redisUrl });
    const { shop } = host(server);
    for (const client of [await viewer(server, shop, 'ani'), await hostSocket(server, shop)]) {
      client.drop();
      await client.connect();
      expect(client.socket.connected).toBe(true);
    }
    const client = await viewer(server, shop, 'budi');
    client.drop();
    client.socket.auth = { token: 'nonsense' };
    await expect(client.connect()).rejects.toThrow('UNAUTHENTICATED');
    client.socket.auth = {};
    await client.connect();
    expect(client.socket.connected).toBe(true);
  });
});
