import { beforeAll, describe, expect, it } from 'vitest';
import { Api, connectHost, everyRow, settle } from '../../src/client/index.js';
import type { ItemView } from '../../src/protocol/item.js';
import { atEnd } from '../support/at-end.js';
import { viewer } from '../support/client.js';
import { newShop } from '../support/host.js';
import { startNetwork } from '../support/network.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';
import { until } from '../support/until.js';

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
});

function shopOf(url: string) {
  const shop = newShop();
  const token = signToken({ sub: 'host', shop, role: 'host', name: 'Host' });
  return { shop, token, api: new Api({ url, token }) };
}

async function liveOf(api: Api, ...codes: string[]) {
  const items: ItemView[] = [];
  for (const code of codes) {
    const body = { sku: code, code, name: code, price: 1_000, stock: 5 };
    items.push((await api.call('POST /items', { body })).item);
  }
  const body = { title: 'Live', itemIds: items.map((item) => item.itemId) };
  const { liveId } = (await api.call('POST /lives', { body })).live;
  await api.call('POST /lives/:id/start', { params: { id: liveId } });
  return { liveId, items, itemId: items[0]?.itemId ?? '' };
}

describe('the host’s API', () => {
  it('runs a live from items to orders', async () => {
    const { shop, api } = shopOf(server.url);
    await api.call('PATCH /settings', { body: { order: { ppnPercent: 11 } } });
    expect((await api.call('GET /settings')).settings.order.ppnPercent).toBe(11);
    const { liveId, itemId } = await liveOf(api, 'A1', 'A2');
    const anyone = new Api({ url: server.url });
    const params = { shopId: shop };
    expect((await anyone.call('GET /shops/:shopId', { params })).lives).toMatchObject([{ liveId }]);
    const body = { quantity: 3, requestId: '1' };
    const { item } = await api.call('POST /items/:id/restock', { params: { id: itemId }, body });
    expect(item.available).toBe(8);
    const readPage = (query: object) => api.call('GET /items', { query: { ...query, limit: 1 } });
    expect(await everyRow(readPage, { most: 10 })).toHaveLength(2);

    const ani = await viewer(server, shop, 'ani');
    await ani.ask('booking:create', { liveId, itemId, quantity: 1, requestId: '1' });
    const held = await api.call('GET /bookings', {
      query: { liveId, status: 'held', viewerId: null },
    });
    expect(held.items).toMatchObject([{ viewerId: 'ani', sequence: 1 }]);
    const { checkoutId } = (await ani.ask('checkout:start', {})).checkout;
    const place = { checkoutId, paymentMethod: 'bank_transfer', requestId: '3' } as const;
    const { orderId } = (await ani.ask('order:place', place)).order;
    const paid = await api.call('POST /orders/:id/confirm-payment', { params: { id: orderId } });
    expect(paid.order).toMatchObject({ status: 'paid', viewer: { name: 'Viewer ani' } });
    expect(await api.call('GET /orders.csv', { query: { status: 'paid' } })).toContain('A1');
    expect(await api.call('GET /audit')).toMatchObject({ ok: true });
  });

  it('reports refusals by code, with what is wrong', async () => {
    const { api } = shopOf(server.url);
    const body = { order: { ppnPercent: 101 } };
    const wrong = await settle(api.call('PATCH /settings', { body }));
    expect(wrong).toMatchObject({ error: { code: 'VALIDATION' } });
    expect(!wrong.ok && wrong.error.details?.issues).toMatchObject([{ path: 'order.ppnPercent' }]);
    const stranger = new Api({ url: server.url, token: 'nobody' });
    expect(await settle(stranger.call('GET /items'))).toMatchObject({
      error: { code: 'UNAUTHENTICATED' },
    });
    const nowhere = new Api({ url: 'http://127.0.0.1:9' });
    expect(await settle(nowhere.call('GET /shops'))).toMatchObject({ error: { code: 'OFFLINE' } });
  });

  it('adds stock once when the answer is late', async () => {
    const network = await startNetwork(server);
    const { api } = shopOf(network.url);
    const { itemId } = await liveOf(api, 'A1');
    network.delay(800);
    const params = { id: itemId };
    const body = { quantity: 3, requestId: 'once' };
    const sent = api.call('POST /items/:id/restock', { params, body, timeoutMs: 500 });
    await new Promise((resolve) => setTimeout(resolve, 600));
    network.delay(0);
    expect(await sent).toMatchObject({ item: { available: 8 } });
    expect((await api.call('GET /items/:id', { params })).item.available).toBe(8);
  });
});

describe('the host’s connection', () => {
  it('follows one live, its held bookings, and another after it', async () => {
    const { shop, token, api } = shopOf(server.url);
    const first = await liveOf(api, 'A1');
    const second = await liveOf(api, 'B1');
    const host = connectHost({ url: server.url, token });
    atEnd(() => host.close());
    expect(host.phase).toBe('idle');
    await host.enter(first.liveId);
    const ani = await viewer(server, shop, 'ani');
    await ani.ask('live:join', { shopId: shop, liveId: first.liveId });
    const { liveId, itemId } = first;
    const wish = { liveId, itemId, quantity: 2, requestId: '1' };
    const { booking } = await ani.ask('booking:create', wish);
    await until('the host knows', () => host.held.size === 1);
    expect(host.held.get(booking.bookingId)).toMatchObject({ viewer: { name: 'Viewer ani' } });
    await until('the audience is told', () => host.audience === 1);

    const before = new Promise((resolve) => {
      host.on('booking:updated', (_, known) => resolve(known?.quantity));
    });
    await ani.ask('booking:cancel', { bookingId: booking.bookingId, quantity: 1 });
    expect(await before).toBe(2);
    expect(host.held.get(booking.bookingId)?.quantity).toBe(1);

    await host.enter(second.liveId);
    expect(host.live?.liveId).toBe(second.liveId);
    expect(host.held.size).toBe(0);
    expect(host.items.map((item) => item.code)).toEqual(['B1']);
  });

  it('has the bookings made while it was away', async () => {
    const { shop, token, api } = shopOf(server.url);
    const { liveId, itemId } = await liveOf(api, 'A1');
    const network = await startNetwork(server);
    const host = connectHost({ url: network.url, token, liveId });
    atEnd(() => host.close());
    await host.ready();
    const joined = new Promise<void>((resolve) => host.on('joined', resolve));
    network.cut();
    const ani = await viewer(server, shop, 'ani');
    await ani.ask('booking:create', { liveId, itemId, quantity: 1, requestId: '1' });
    await joined;
    await until('the host knows', () => host.held.size === 1);
    expect(host.item(itemId)).toMatchObject({ available: 4, booked: 1 });
  });
});
