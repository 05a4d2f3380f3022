import { beforeAll, describe, expect, it } from 'vitest';
import { connectHost, everyRow, hostApi, publicApi, settle } from '../../src/client/index.js';
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
  return { shop, token, api: hostApi({ url, token }) };
}

async function liveOf(api: ReturnType<typeof hostApi>, ...codes: string[]) {
  const items: ItemView[] = [];
  for (const code of codes) {
    items.push(await api.createItem({ sku: code, code, name: code, price: 1_000, stock: 5 }));
  }
  const itemIds = items.map((item) => item.itemId);
  const { liveId } = await api.createLive({ title: 'Live', itemIds });
  await api.startLive(liveId);
  return { liveId, items };
}

describe('the host’s API', () => {
  it('runs a live from items to orders', async () => {
    const { shop, api } = shopOf(server.url);
    await api.renameShop('Toko Satu');
    await api.patchSettings({ order: { ppnPercent: 11 } });
    const { liveId, items } = await liveOf(api, 'A1', 'A2');
    const [item] = items;
    if (item === undefined) throw new Error('there is no item');
    expect((await api.settings()).order.ppnPercent).toBe(11);
    expect(await publicApi({ url: server.url }).shop(shop)).toMatchObject({
      name: 'Toko Satu',
      lives: [{ liveId }],
    });
    expect((await api.restock(item.itemId, 3)).available).toBe(8);
    await api.patchItem(item.itemId, { price: 2_000 });
    expect(await api.item(item.itemId)).toMatchObject({ price: 2_000 });
    expect(await everyRow((page) => api.items({ ...page, limit: 1 }), { most: 10 })).toHaveLength(
      2,
    );

    const ani = await viewer(server, shop, 'ani');
    const wish = { liveId, itemId: item.itemId, quantity: 1 };
    const { booking } = await ani.ask('booking:create', { ...wish, requestId: '1' });
    await ani.ask('booking:create', { ...wish, requestId: '2' });
    expect((await api.bookings({ liveId, status: 'held' })).items).toHaveLength(2);
    expect(await api.cancelBooking(booking.bookingId)).toMatchObject({ status: 'cancelled' });
    const { checkout } = await ani.ask('checkout:start', {});
    const { checkoutId } = checkout;
    const place = { checkoutId, paymentMethod: 'bank_transfer', requestId: '3' } as const;
    const { order } = await ani.ask('order:place', place);
    expect(await api.confirmPayment(order.orderId)).toMatchObject({ status: 'paid' });
    expect((await api.orders({ status: 'paid' })).items).toMatchObject([
      { viewer: { name: 'Viewer ani' } },
    ]);
    expect(await (await api.ordersCsv({ status: 'paid' })).text()).toContain('A1');
    expect((await api.setViewerStatus('ani', 'restricted')).status).toBe('restricted');
    expect(await api.audit()).toMatchObject({ ok: true });
    expect((await api.endLive(liveId)).status).toBe('ended');
  });

  it('tells refusals by code, with what is wrong', async () => {
    const { api } = shopOf(server.url);
    const wrong = await settle(api.patchSettings({ order: { ppnPercent: 101 } }));
    expect(wrong).toMatchObject({ error: { code: 'VALIDATION' } });
    expect(!wrong.ok && wrong.error.details?.issues).toMatchObject([{ path: 'order.ppnPercent' }]);
    const stranger = hostApi({ url: server.url, token: 'nobody' });
    expect(await settle(stranger.items())).toMatchObject({ error: { code: 'UNAUTHENTICATED' } });
    const nowhere = hostApi({ url: 'http://127.0.0.1:9', token: 'x' });
    expect(await settle(nowhere.items())).toMatchObject({ error: { code: 'OFFLINE' } });
  });

  it('adds stock once when the answer is late', async () => {
    const network = await startNetwork(server);
    const { api } = shopOf(network.url);
    const item = await api.createItem({ sku: 's', code: 'A1', name: 'A1', price: 1, stock: 0 });
    network.delay(800);
    const restock = { quantity: 3, requestId: 'once' };
    const path = `/items/${item.itemId}/restock`;
    const sent = api.request('POST', path, { body: restock, timeoutMs: 500 });
    await new Promise((resolve) => setTimeout(resolve, 600));
    network.delay(0);
    expect(await sent).toMatchObject({ item: { available: 3 } });
    expect((await api.item(item.itemId)).available).toBe(3);
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
    const itemId = first.items[0]?.itemId ?? '';
    const wish = { liveId: first.liveId, itemId, quantity: 2, requestId: '1' };
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
    const { liveId, items } = await liveOf(api, 'A1');
    const network = await startNetwork(server);
    const host = connectHost({ url: network.url, token, liveId });
    atEnd(() => host.close());
    await host.ready();
    const joined = new Promise<void>((resolve) => host.on('joined', resolve));
    network.cut();
    const ani = await viewer(server, shop, 'ani');
    const itemId = items[0]?.itemId ?? '';
    await ani.ask('booking:create', { liveId, itemId, quantity: 1, requestId: '1' });
    await joined;
    await until('the host knows', () => host.held.size === 1);
    expect(host.item(itemId)).toMatchObject({ available: 4, booked: 1 });
  });
});
