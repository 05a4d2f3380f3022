import { beforeAll, describe, expect, it } from 'vitest';
import { ItemViewSchema } from '../../src/protocol/item.js';
import { type Live, LiveSchema } from '../../src/protocol/live.js';
import { untilAuditOk } from '../support/audit.js';
import { viewer } from '../support/client.js';
import { host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
});

describe('restocking', () => {
  it('adds to available and takes away from it, never below 0', async () => {
    const seller = host(server);
    const { liveId, itemId } = await seller.stage(5);
    const ani = await viewer(server, seller.shop, 'ani');
    await ani.ask('booking:create', { liveId, itemId, quantity: 2, requestId: 'r1' });
    expect((await seller.restock(itemId, 10)).body.item).toMatchObject({
      available: 13,
      booked: 2,
    });
    expect(await seller.restock(itemId, -14)).toMatchObject({
      status: 409,
      body: { error: { code: 'INSUFFICIENT_STOCK', details: { available: 13 } } },
    });
    expect((await seller.restock(itemId, -13)).body.item).toMatchObject({
      available: 0,
      booked: 2,
    });
    const audit = await untilAuditOk(seller);
    expect(audit.items[0]).toMatchObject({ expected: 2, available: 0, booked: 2 });
  });

  it('is announced in the live: added units are released, removed units only change the stock', async () => {
    const seller = host(server);
    const { liveId, itemId } = await seller.stage(5);
    const ani = await viewer(server, seller.shop, 'ani');
    await ani.ask('live:join', { shopId: seller.shop, liveId });
    await seller.restock(itemId, 7);
    const { releases } = await ani.next('stock:released');
    expect(releases).toMatchObject([{ itemId, quantity: 7, reason: 'restocked', available: 12 }]);
    await seller.restock(itemId, -2);
    await ani.next('stock:changed', ({ items }) => items.some((item) => item.available === 10));
    expect(ani.heard('stock:released')).toHaveLength(1);
  });
});

describe('items', () => {
  it('are created, changed and read in the contract’s shape', async () => {
    const seller = host(server);
    const created = await seller.createItem(7, 149_000);
    expect(ItemViewSchema.parse(created)).toEqual(created);
    expect(created).toMatchObject({ available: 7, booked: 0, allocated: 0, sold: 0, open: true });
    const { item } = await seller.patch<{ item: typeof created }>(`/items/${created.itemId}`, {
      name: 'Kemeja Panjang / S',
      imageUrl: 'https://img.example/k.png',
    });
    expect(item).toEqual({
      ...created,
      name: 'Kemeja Panjang / S',
      imageUrl: 'https://img.example/k.png',
      revision: item.revision,
    });
    expect(item.revision).toBeGreaterThan(created.revision);
    expect(await seller.item(created.itemId)).toEqual(item);
    await seller.patch(`/items/${created.itemId}`, { imageUrl: null });
    expect(await seller.item(created.itemId)).not.toHaveProperty('imageUrl');
  });

  it('announce their changes to the lives that feature them, and refuse bookings while closed', async () => {
    const seller = host(server);
    const { liveId, itemId } = await seller.stage(5);
    const ani = await viewer(server, seller.shop, 'ani');
    await ani.ask('live:join', { shopId: seller.shop, liveId });
    await seller.patch(`/items/${itemId}`, { open: false, price: 2_000 });
    const { item } = await ani.next('item:updated');
    expect(ItemViewSchema.parse(item)).toEqual(item);
    expect(item).toMatchObject({ itemId, open: false, price: 2_000 });
    const request = { liveId, itemId, quantity: 1, requestId: 'r1' };
    expect(await ani.emit('booking:create', request)).toMatchObject({
      error: { code: 'ITEM_CLOSED' },
    });
    await seller.patch(`/items/${itemId}`, { open: true });
    expect((await ani.ask('booking:create', request)).booking.unitPrice).toBe(2_000);
  });
});

describe('lives', () => {
  it('go from scheduled to live to ended, and live again', async () => {
    const seller = host(server);
    const { itemId } = await seller.createItem(5);
    const ani = await viewer(server, seller.shop, 'ani');
    const created = await seller.post<{ live: Live }>('/lives', {
      title: 'Besok',
      itemIds: [itemId],
      videoUrl: 'https://video.example/embed/1',
    });
    const { liveId } = created.live;
    expect(LiveSchema.parse(created.live)).toEqual(created.live);
    expect(created.live).toEqual({
      liveId,
      title: 'Besok',
      status: 'scheduled',
      pinnedItemId: null,
      itemIds: [itemId],
      videoUrl: 'https://video.example/embed/1',
    });
    const path = `/lives/${liveId}`;
    const book = (requestId: string) =>
      ani.emit('booking:create', { liveId, itemId, quantity: 1, requestId });
    const notOpen = { error: { code: 'LIVE_NOT_OPEN' } };
    expect(await seller.call('POST', `${path}/end`)).toMatchObject({ status: 409, body: notOpen });
    expect(await book('r1')).toMatchObject(notOpen);

    await ani.ask('live:join', { shopId: seller.shop, liveId });
    await seller.post(`${path}/start`);
    const started = await ani.next('live:updated', (told) => told.live.status === 'live');
    expect(LiveSchema.parse(started.live)).toEqual(started.live);
    expect(started.live.status).toBe('live');
    expect(started.live.startedAt).toBeTypeOf('number');
    expect((await book('r1')).ok).toBe(true);

    await seller.post(`${path}/end`);
    const ended = await ani.next('live:updated', (told) => told.live.status === 'ended');
    expect(ended.live).toEqual({ ...started.live, status: 'ended', endedAt: ended.live.endedAt });
    expect(await book('r2')).toMatchObject(notOpen);
    // What is held runs on, and can still be given back.
    const { bookings } = await ani.ask('me:get', {});
    expect(bookings).toHaveLength(1);
    await ani.ask('booking:cancel', { bookingId: bookings[0]?.bookingId ?? '' });

    await seller.post(`${path}/start`);
    const again = await ani.next('live:updated', (told) => told.live.status === 'live');
    expect(again.live).toEqual(started.live);
    expect((await book('r3')).ok).toBe(true);
    await untilAuditOk(seller);
  });

  it('pin an item, change what they feature, and announce it', async () => {
    const seller = host(server);
    const { liveId, items } = await seller.stage(5, 5);
    const [first, second] = items.map((item) => item.itemId);
    const ani = await viewer(server, seller.shop, 'ani');
    await ani.ask('live:join', { shopId: seller.shop, liveId });
    await seller.patch(`/lives/${liveId}`, { pinnedItemId: second });
    expect((await ani.next('live:updated')).live.pinnedItemId).toBe(second);

    const third = (await seller.createItem(9)).itemId;
    await seller.patch(`/lives/${liveId}`, { itemIds: [third, first], title: 'Babak dua' });
    const { live } = await ani.next('live:updated');
    // A pinned item that is featured no longer is pinned no longer.
    expect(live).toMatchObject({ itemIds: [third, first], pinnedItemId: null, title: 'Babak dua' });

    const book = (itemId = '') =>
      ani.emit('booking:create', { liveId, itemId, quantity: 1, requestId: itemId });
    expect(await book(second)).toMatchObject({ error: { code: 'NOT_FOUND' } });
    expect((await book(third)).ok).toBe(true);
    const { items: told } = await ani.next('stock:changed', ({ items: changed }) =>
      changed.some((item) => item.itemId === third),
    );
    expect(told[0]).toMatchObject({ itemId: third, available: 8, booked: 1 });

    await seller.patch(`/lives/${liveId}`, { itemIds: [] });
    expect((await ani.next('live:updated')).live.itemIds).toEqual([]);
    const empty = await ani.ask('live:join', { shopId: seller.shop, liveId });
    expect(empty.items).toEqual([]);
  });

  it('reveal nothing of items that they do not feature', async () => {
    const seller = host(server);
    const [shown, hidden] = [await seller.stage(5), await seller.stage(5)];
    const ani = await viewer(server, seller.shop, 'ani');
    await ani.ask('live:join', { shopId: seller.shop, liveId: shown.liveId });
    await seller.restock(hidden.itemId, 3);
    await seller.restock(shown.itemId, 3);
    await ani.next('stock:released');
    const told = ani.heard('stock:changed').flatMap(({ items }) => items);
    expect(new Set(told.map((item) => item.itemId))).toEqual(new Set([shown.itemId]));
  });
});
