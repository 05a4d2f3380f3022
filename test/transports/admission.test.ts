import { beforeAll, describe, expect, it } from 'vitest';
import { viewer, viewerWith } from '../support/client.js';
import { host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

let redisUrl: string;

beforeAll(async () => {
  redisUrl = (await startRedis()).url;
});

async function signIn(server: TestServer, shop: string, body: unknown) {
  const response = await fetch(`${server.url}/api/v1/shops/${shop}/guests`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

describe('guests', () => {
  it('get a token by their name alone, and book with it in that shop', async () => {
    const server = await startServer({ redisUrl });
    const seller = host(server);
    const { liveId, itemId } = await seller.stage(5);
    const { status, body } = await signIn(server, seller.shop, { name: ' Tamu Ani ' });
    expect(status).toBe(201);
    const guest = await viewerWith(server, body.token);
    const request = { liveId, itemId, quantity: 1, requestId: 'r1' };
    const { booking } = await guest.ask('booking:create', request);
    expect(booking.viewerId).toBe(body.viewerId);
    expect(await seller.viewer(body.viewerId ?? '')).toMatchObject({ name: 'Tamu Ani' });
    const again = await signIn(server, seller.shop, { name: 'Tamu Ani' });
    expect(again.body.viewerId).not.toBe(body.viewerId);
  });

  it('are refused with no name, in no shop, and where they are not admitted', async () => {
    const server = await startServer({ redisUrl });
    const seller = host(server);
    await seller.get('/settings');
    for (const body of [{}, { name: '' }, { name: '  ' }, { name: 'n'.repeat(65) }, { name: 1 }]) {
      expect((await signIn(server, seller.shop, body)).status).toBe(400);
    }
    expect((await signIn(server, 'nowhere', { name: 'Ani' })).status).toBe(404);
    const closed = await startServer({ redisUrl, ALLOW_GUESTS: 'false' });
    const { status, body } = await signIn(closed, seller.shop, { name: 'Ani' });
    expect({ status, body }).toMatchObject({ status: 403, body: { error: { code: 'FORBIDDEN' } } });
  });
});

describe('the rate limit', () => {
  it('bounds the commands of one viewer over all their sockets, and says when to go on', async () => {
    const server = await startServer({ redisUrl, RATE_LIMIT: '2' });
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
    const server = await startServer({ redisUrl, RATE_LIMIT: '0.02' });
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
    const server = await startServer({ redisUrl, RATE_LIMIT: '0' });
    const client = await viewer(server, host(server).shop, 'ani');
    const acks = await Promise.all(Array.from({ length: 500 }, () => client.emit('me:get', {})));
    expect(acks.every((ack) => ack.ok)).toBe(true);
  });
});
