import { beforeAll, describe, expect, it } from 'vitest';
import { untilAuditOk } from '../support/audit.js';
import { type ViewerClient, viewer } from '../support/client.js';
import { type Host, host, type Stage } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

let servers: [TestServer, TestServer];

beforeAll(async () => {
  const { url: redisUrl } = await startRedis();
  servers = [await startServer({ redisUrl }), await startServer({ redisUrl })];
});

interface Scene {
  seller: Host;
  stage: Stage;
  join(id: string, quantity?: number): Promise<ViewerClient>;
  held: { client: ViewerClient; bookingId: string };
}

/** A live whose one item is sold out: all of its units are held by one viewer. */
async function soldOut(stock = 1): Promise<Scene> {
  const seller = host(servers[0]);
  const stage = await seller.stage(stock);
  const { liveId, itemId } = stage;
  const client = await viewer(servers[0], seller.shop, 'holder');
  const request = { liveId, itemId, quantity: stock, requestId: 'all' };
  const { booking } = await client.ask('booking:create', request);
  return {
    seller,
    stage,
    held: { client, bookingId: booking.bookingId },
    async join(id, quantity = 1) {
      const waiter = await viewer(servers[id.length % 2 ? 0 : 1], seller.shop, id);
      await waiter.ask('waitlist:join', { liveId, itemId, quantity, requestId: `wait-${id}` });
      return waiter;
    },
  };
}

describe('a place in line of a live that ends', () => {
  it('is dropped, in a shop where nothing was ever booked', async () => {
    const seller = host(servers[0]);
    const { liveId, itemId } = await seller.stage(0);
    const ani = await viewer(servers[1], seller.shop, 'ani');
    await ani.ask('waitlist:join', { liveId, itemId, quantity: 1, requestId: 'w' });
    await seller.post(`/lives/${liveId}/end`);
    const { entry } = await ani.next('waitlist:updated', (e) => e.entry.status === 'dropped');
    expect(entry).toMatchObject({ reason: 'LIVE_NOT_OPEN' });
  });
});

describe('a live that is opened again', () => {
  it('has dropped all of its old line before it takes anyone into the new one', async () => {
    const seller = host(servers[0]);
    const { liveId, itemId } = await seller.stage(0);
    const { waitlist } = servers[0].app.services;
    const wish = { liveId, itemId, quantity: 1, requestId: 'w' };
    for (let wave = 0; wave < 8; wave++) {
      await Promise.all(
        Array.from({ length: 100 }, (_, i) => {
          const viewerId = `w${wave * 100 + i}`;
          return waitlist.join(seller.shop, { viewerId, name: viewerId, guest: false }, wish);
        }),
      );
    }
    const late = await viewer(servers[1], seller.shop, 'late');
    await seller.post(`/lives/${liveId}/end`);
    await seller.post(`/lives/${liveId}/start`);
    const { entry, item } = await late.ask('waitlist:join', wish);
    expect(item).toMatchObject({ waiting: 1, head: entry.ticket });
    expect((await late.ask('me:get', {})).waitlist).toEqual([entry]);
    await untilAuditOk(seller);
  });
});

describe('units that come free', () => {
  it('go to those who wait in the order of their tickets, and the rest is announced to everyone', async () => {
    const { seller, stage, held, join } = await soldOut(3);
    const { itemId } = stage;
    const watcher = await viewer(servers[1], seller.shop, 'watcher');
    await watcher.ask('live:join', { shopId: seller.shop, liveId: stage.liveId });
    const ani = await join('ani');
    const budi = await join('budi');
    expect(await seller.item(itemId)).toMatchObject({ available: 0, waiting: 2, head: 1 });
    await held.client.ask('booking:cancel', { bookingId: held.bookingId });
    for (const [client, ticket, sequence] of [
      [ani, 1, 2],
      [budi, 2, 3],
    ] as const) {
      const { entry } = await client.next('waitlist:updated', (e) => e.entry.status === 'served');
      const { booking } = await client.next('booking:updated');
      expect(entry).toMatchObject({ ticket, bookingId: booking.bookingId });
      expect(booking).toMatchObject({ source: 'waitlist', status: 'held', sequence, quantity: 1 });
      expect(booking.expiresAt - booking.createdAt).toBe(5 * 60_000);
    }
    const { releases } = await watcher.next('stock:released');
    expect(releases).toMatchObject([{ quantity: 1, reason: 'booking_cancelled', available: 1 }]);
    expect(await seller.item(itemId)).toMatchObject({
      available: 1,
      booked: 2,
      waiting: 0,
      head: 3,
    });
    await untilAuditOk(seller);
  });

  it('pass over who wants more than is there, and come back to them', async () => {
    const { seller, stage, held, join } = await soldOut(3);
    const many = await join('many', 3);
    const few = await join('few', 1);
    const { bookingId } = held;
    await held.client.ask('booking:cancel', { bookingId, quantity: 1 });
    await few.next('waitlist:updated', (e) => e.entry.status === 'served');
    expect(await seller.item(stage.itemId)).toMatchObject({ available: 0, waiting: 1, head: 1 });
    await held.client.ask('booking:cancel', { bookingId });
    expect(await seller.item(stage.itemId)).toMatchObject({ available: 2, waiting: 1 });
    await seller.restock(stage.itemId, 1);
    await many.next('waitlist:updated', (e) => e.entry.status === 'served');
    await untilAuditOk(seller);
  });

  it('lapse in time for who got them, in a shop where nothing else was ever booked', async () => {
    const seller = host(servers[0]);
    const { liveId, itemId } = await seller.stage(0);
    await seller.patch('/settings', { booking: { waitlistOfferMinutes: 0.01 } });
    const ani = await viewer(servers[1], seller.shop, 'ani');
    await ani.ask('waitlist:join', { liveId, itemId, quantity: 1, requestId: 'w' });
    await seller.restock(itemId, 1);
    const { booking } = await ani.next('booking:updated');
    const ended = await ani.next('booking:updated');
    expect(ended.booking).toMatchObject({ bookingId: booking.bookingId, status: 'expired' });
    expect(await seller.item(itemId)).toMatchObject({ available: 1, booked: 0 });
  });

  it('are 5,000 for 8,000 who wait: all handed over in order before anyone else can book', async () => {
    const { seller, stage } = await soldOut(1);
    const { liveId, itemId } = stage;
    const { waitlist } = servers[0].app.services;
    const WAITING = 8_000;
    // Few enough at a time that each is answered in time on a busy machine.
    const WAVE = 100;
    for (let from = 0; from < WAITING; from += WAVE) {
      await Promise.all(
        Array.from({ length: WAVE }, (_, i) => {
          const viewerId = `w${from + i}`;
          const who = { viewerId, name: viewerId, guest: false };
          return waitlist.join(seller.shop, who, { liveId, itemId, quantity: 1, requestId: 'w' });
        }),
      );
    }
    const sniper = await viewer(servers[1], seller.shop, 'sniper');
    let over = false;
    const tries = (async () => {
      const codes = new Set<string>();
      for (let n = 0; !over; n++) {
        const wish = { liveId, itemId, quantity: 1, requestId: `s${n}` };
        const ack = await sniper.emit('booking:create', wish);
        codes.add(ack.ok ? 'booked' : ack.error.code);
      }
      return [...codes];
    })();
    await seller.restock(itemId, 5_000);
    over = true;
    expect(await tries).toEqual(['SOLD_OUT']);
    expect(await seller.item(itemId)).toMatchObject({
      available: 0,
      booked: 5_001,
      waiting: 3_000,
      head: 5_001,
    });
    await untilAuditOk(seller);
  });
});

describe('the line of an item', () => {
  it('is a list in pages, and answers for no item but the shop’s', async () => {
    const { seller, stage, join } = await soldOut(1);
    await join('ani');
    await join('budi');
    const list = `/items/${stage.itemId}/waitlist`;
    const first = await seller.call('GET', `${list}?limit=1`);
    expect(first.body).toMatchObject({ items: [{ viewerId: 'ani' }], nextCursor: '1' });
    const second = await seller.call('GET', `${list}?limit=2&cursor=1`);
    expect(second.body).toMatchObject({ items: [{ viewerId: 'budi' }], nextCursor: null });
    for (const cursor of ['zzz', '-1', '1e3', '1~a']) {
      expect(await seller.call('GET', `${list}?cursor=${cursor}`)).toMatchObject({
        status: 400,
        body: { error: { code: 'VALIDATION', details: { cursor: 'is not from an earlier page' } } },
      });
    }
    for (const [who, path] of [
      [seller, '/items/nothing/waitlist'],
      [host(servers[1]), list],
    ] as const) {
      expect(await who.call('GET', path)).toMatchObject({
        status: 404,
        body: { error: { code: 'NOT_FOUND' } },
      });
    }
  });
});

describe('a place in line', () => {
  it('is refused for what can be booked, twice for one item, and for a stranger’s entry', async () => {
    const { seller, stage, held } = await soldOut(2);
    const { liveId, itemId } = stage;
    const ani = await viewer(servers[0], seller.shop, 'ani');
    const wish = { liveId, itemId, quantity: 1, requestId: 'r1' };
    const { entry, item } = await ani.ask('waitlist:join', wish);
    expect(entry).toMatchObject({ ticket: 1, status: 'waiting', quantity: 1 });
    expect(item).toMatchObject({ waiting: 1, head: 1 });
    const restock = { quantity: -1, requestId: 'less' };
    expect(await seller.call('POST', `/items/${itemId}/restock`, restock)).toMatchObject({
      status: 409,
      body: { error: { code: 'INSUFFICIENT_STOCK', details: { available: 0, waiting: 1 } } },
    });
    expect((await ani.ask('waitlist:join', wish)).entry).toEqual(entry);
    expect(await ani.emit('waitlist:join', { ...wish, quantity: 2 })).toMatchObject({
      error: { code: 'REQUEST_CONFLICT' },
    });
    expect(await ani.emit('waitlist:join', { ...wish, requestId: 'r2' })).toMatchObject({
      error: { code: 'ALREADY_EXISTS' },
    });
    expect((await ani.ask('me:get', {})).waitlist).toEqual([entry]);
    const budi = await viewer(servers[0], seller.shop, 'budi');
    const { entryId } = entry;
    expect(await budi.emit('waitlist:leave', { entryId })).toMatchObject({
      error: { code: 'NOT_FOUND' },
    });
    const left = await ani.ask('waitlist:leave', { entryId });
    expect(left.entry).toMatchObject({ status: 'left' });
    expect(await ani.ask('waitlist:leave', { entryId })).toEqual(left);
    await held.client.ask('booking:cancel', { bookingId: held.bookingId });
    expect(await budi.emit('waitlist:join', wish)).toMatchObject({ error: { code: 'IN_STOCK' } });
    await untilAuditOk(seller);
  });

  it('is refused as the 21st of one viewer', async () => {
    const seller = host(servers[0]);
    const { liveId, items } = await seller.stage(...Array.from({ length: 21 }, () => 0));
    const ani = await viewer(servers[1], seller.shop, 'ani');
    const join = ({ itemId }: { itemId: string }) =>
      ani.emit('waitlist:join', { liveId, itemId, quantity: 1, requestId: itemId });
    const answers: Awaited<ReturnType<typeof join>>[] = [];
    for (const item of items) answers.push(await join(item));
    expect(answers.slice(0, 20).every(({ ok }) => ok)).toBe(true);
    expect(answers[20]).toMatchObject({
      error: { code: 'MAX_BOOKINGS', details: { limit: 20, waiting: 20 } },
    });
    // Whoever gives a place up may have another.
    const entryId = (await ani.ask('me:get', {})).waitlist[0]?.entryId ?? '';
    await ani.ask('waitlist:leave', { entryId });
    expect(await join(items[20] as { itemId: string })).toMatchObject({ ok: true });
    await untilAuditOk(seller);
  });

  it('is dropped with the reason when its viewer may not have the units, or the live ends', async () => {
    const { seller, stage, held, join } = await soldOut(1);
    const bad = await join('bad');
    const ani = await join('ani');
    const budi = await join('budi');
    await seller.patch('/viewers/bad', { status: 'restricted' });
    await held.client.ask('booking:cancel', { bookingId: held.bookingId });
    expect(
      (await bad.next('waitlist:updated', (e) => e.entry.status !== 'waiting')).entry,
    ).toMatchObject({ status: 'dropped', reason: 'VIEWER_RESTRICTED' });
    await ani.next('waitlist:updated', (e) => e.entry.status === 'served');
    await seller.post(`/lives/${stage.liveId}/end`);
    expect(
      (await budi.next('waitlist:updated', (e) => e.entry.status === 'dropped')).entry,
    ).toMatchObject({ reason: 'LIVE_NOT_OPEN' });
    await untilAuditOk(seller);
  });

  it('of a closed item is served when it opens again', async () => {
    const { seller, stage, held, join } = await soldOut(1);
    const ani = await join('ani');
    await seller.patch(`/items/${stage.itemId}`, { open: false });
    await held.client.ask('booking:cancel', { bookingId: held.bookingId });
    expect(await seller.item(stage.itemId)).toMatchObject({ available: 1, waiting: 1 });
    await seller.patch(`/items/${stage.itemId}`, { open: true });
    await ani.next('waitlist:updated', (e) => e.entry.status === 'served');
    expect(await seller.item(stage.itemId)).toMatchObject({ available: 0, booked: 1 });
    await untilAuditOk(seller);
  });
});
