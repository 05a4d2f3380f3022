import { beforeAll, describe, expect, it } from 'vitest';
import { shopKey } from '../../src/store/keys.js';
import { untilAuditOk } from '../support/audit.js';
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
  // biome-ignore lint/suspicious/noExplicitAny: an answer or a refusal
  return { status: response.status, body: (await response.json()) as any };
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

  it('leave nothing behind before they have booked or wait for something', async () => {
    const redis = await startRedis();
    const server = await startServer({ redisUrl: redis.url });
    const seller = host(server);
    const { liveId, items } = await seller.stage(1, 5);
    const [scarce = '', plenty = ''] = items.map((item) => item.itemId);
    const ani = await viewer(server, seller.shop, 'ani');
    await ani.ask('booking:create', { liveId, itemId: scarce, quantity: 1, requestId: 'a' });
    const client = await redis.client();
    const keys = async () => (await client.keys(`${shopKey(seller.shop)}*`)).sort();
    const before = await keys();

    const guests = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const { body } = await signIn(server, seller.shop, { name: `Tamu ${i}` });
        const guest = await viewerWith(server, body.token);
        const { me } = await guest.ask('live:join', { shopId: seller.shop, liveId });
        expect(me).toMatchObject({ viewerId: body.viewerId, name: `Tamu ${i}`, reputation: 100 });
        const want = { liveId, itemId: scarce, quantity: 1, requestId: 'g' };
        expect(await guest.emit('booking:create', want)).toMatchObject({
          error: { code: 'SOLD_OUT' },
        });
        expect(await guest.emit('checkout:start', {})).toMatchObject({
          error: { code: 'CART_EMPTY' },
        });
        const own = await seller.call('GET', '/me/reputation', undefined, body.token);
        expect(own).toMatchObject({ status: 200, body: { items: [] } });
        return { guest, viewerId: String(body.viewerId) };
      }),
    );
    expect((await keys()).filter((key) => !key.includes(':audience:'))).toEqual(before);
    expect((await seller.get<{ items: unknown[] }>('/viewers')).items).toHaveLength(1);

    const [booker, waiter] = guests;
    if (!booker || !waiter) throw new Error('no guests');
    const book = { liveId, itemId: plenty, quantity: 2, requestId: 'b' };
    await booker.guest.ask('booking:create', book);
    await waiter.guest.ask('waitlist:join', { ...book, itemId: scarce, quantity: 1 });
    expect(await seller.viewer(booker.viewerId)).toMatchObject({ name: 'Tamu 0', reputation: 100 });
    expect(await seller.viewer(waiter.viewerId)).toMatchObject({ name: 'Tamu 1' });
    expect((await booker.guest.ask('me:get', {})).bookings).toMatchObject([{ quantity: 2 }]);
    await untilAuditOk(seller);
  });

  it('are so many an hour of one address, over all servers', async () => {
    const { url } = await startRedis();
    const start = (more = {}) =>
      startServer({ redisUrl: url, RATE_LIMIT: '20', GUESTS_PER_ADDRESS: '3', ...more });
    const servers = [await start(), await start()] as const;
    const { shop } = host(servers[0]);
    await host(servers[0], shop).get('/settings');
    // Who is not admitted takes nobody's place.
    expect((await signIn(servers[0], shop, { name: '' })).status).toBe(400);
    expect((await signIn(servers[0], 'nowhere', { name: 'Ani' })).status).toBe(404);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => signIn(servers[i % 2 ? 1 : 0], shop, { name: 'Ani' })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(7);
    const wait = Number(refused[0]?.body.error?.details.retryAfterMs);
    expect(wait).toBeGreaterThan(3_500_000);
    expect(wait).toBeLessThanOrEqual(3_600_000);
    for (const none of [{ RATE_LIMIT: '0' }, { GUESTS_PER_ADDRESS: '0' }]) {
      expect((await signIn(await start(none), shop, { name: 'Ani' })).status).toBe(201);
    }
  });
});
