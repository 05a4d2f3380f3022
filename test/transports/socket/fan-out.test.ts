import { beforeAll, describe, expect, it } from 'vitest';
import { BookingSchema } from '../../../src/protocol/booking.js';
import { ReleaseSchema, StockViewSchema } from '../../../src/protocol/item.js';
import { HostSnapshotSchema, SnapshotSchema } from '../../../src/protocol/snapshot.js';
import {
  MeSchema,
  ReputationChangeSchema,
  ViewerBriefSchema,
} from '../../../src/protocol/viewer.js';
import { hostSocket, viewer, viewerWith } from '../../support/client.js';
import { host } from '../../support/host.js';
import { startRedis } from '../../support/redis-server.js';
import { startServer, type TestServer } from '../../support/server.js';
import { StockWatch } from '../../support/stock-watch.js';

let servers: [TestServer, TestServer];

beforeAll(async () => {
  const { url: redisUrl } = await startRedis();
  servers = [await startServer({ redisUrl }), await startServer({ redisUrl })];
});

async function opened(...stocks: number[]) {
  const seller = host(servers[0]);
  const stage = await seller.stage(...(stocks.length ? stocks : [10]));
  const ani = await viewer(servers[0], seller.shop, 'ani');
  const { liveId, itemId } = stage;
  const book = async (requestId: string, quantity = 1) =>
    (await ani.ask('booking:create', { liveId, itemId, quantity, requestId })).booking;
  return { seller, ...stage, ani, book };
}

describe('joining a live', () => {
  it('answers a snapshot: the live, its items as they stand, and me with my cart', async () => {
    const { seller, liveId, items, ani, book } = await opened(10, 20);
    const booking = await book('r1', 3);
    const snapshot = await ani.ask('live:join', { shopId: seller.shop, liveId });
    expect(SnapshotSchema.parse(snapshot)).toEqual(snapshot);
    expect(
      snapshot.items.map(({ itemId, available, booked }) => [itemId, available, booked]),
    ).toEqual([
      [items[0]?.itemId, 7, 3],
      [items[1]?.itemId, 20, 0],
    ]);
    expect(snapshot.revision).toBeGreaterThanOrEqual(
      Math.max(...snapshot.items.map((item) => item.revision)),
    );
    expect(Math.abs(snapshot.serverTime - Date.now())).toBeLessThan(5_000);
    expect(snapshot.me).toEqual({
      viewerId: 'ani',
      name: 'Viewer ani',
      reputation: 100,
      status: 'active',
      bookings: [booking],
      checkout: null,
      orders: [],
      hasOlderOrders: false,
      waitlist: [],
      recipient: null,
      rights: { mayBook: true, maxBookings: 200, bookingTimeoutMinutes: 15 },
    });
    const me = await ani.ask('me:get', {});
    expect(MeSchema.parse(me)).toEqual(me);
  });

  it('shows a socket without a token the same, without me', async () => {
    const { seller, liveId } = await opened();
    const anonymous = await viewerWith(servers[1]);
    const snapshot = await anonymous.ask('live:join', { shopId: seller.shop, liveId });
    expect(snapshot).not.toHaveProperty('me');
    expect(snapshot.live.liveId).toBe(liveId);
  });

  it('is over with live:leave', async () => {
    const { seller, liveId, book } = await opened();
    const [stays, leaves] = [await viewerWith(servers[0]), await viewerWith(servers[0])];
    for (const client of [stays, leaves]) {
      await client.ask('live:join', { shopId: seller.shop, liveId });
    }
    expect(await leaves.ask('live:leave', { liveId })).toEqual({});
    await book('r1');
    await stays.next('stock:changed');
    await leaves.ask('live:leave', { liveId });
    expect(leaves.heard('stock:changed')).toEqual([]);
  });

  it('bounds the lives of one socket', async () => {
    const { seller } = await opened();
    const watcher = await viewerWith(servers[0]);
    const acks: boolean[] = [];
    for (let i = 0; i < 21; i++) {
      const { liveId } = await seller.stage(1);
      acks.push((await watcher.emit('live:join', { shopId: seller.shop, liveId })).ok);
    }
    expect(acks).toEqual([...Array(20).fill(true), false]);
  });
});

describe('everyone in a live', () => {
  it('receives a booking, a cancel and an expiry on every server, with the reason', async () => {
    const { seller, liveId, itemId, ani, book } = await opened();
    const watchers = await Promise.all(
      [0, 1].map(async (n) => {
        const client = await viewerWith(servers[n] as TestServer);
        await client.ask('live:join', { shopId: seller.shop, liveId });
        return client;
      }),
    );
    const hears = async (booked: number) => {
      for (const watcher of watchers) {
        const { liveId: where, items } = await watcher.next('stock:changed', (told) =>
          told.items.some((item) => item.booked === booked),
        );
        expect(where).toBe(liveId);
        for (const item of items) expect(StockViewSchema.parse(item)).toEqual(item);
        expect(items).toMatchObject([{ itemId, available: 10 - booked, booked }]);
      }
    };
    const hearsRelease = async (quantity: number, reason: string) => {
      for (const watcher of watchers) {
        const { releases } = await watcher.next('stock:released');
        for (const release of releases) expect(ReleaseSchema.parse(release)).toEqual(release);
        expect(releases).toMatchObject([{ itemId, quantity, reason }]);
      }
    };

    const { bookingId } = await book('r1', 4);
    await hears(4);
    await ani.ask('booking:cancel', { bookingId, quantity: 1 });
    await hears(3);
    await hearsRelease(1, 'booking_cancelled');
    await seller.post(`/bookings/${bookingId}/cancel`);
    await hears(0);
    await hearsRelease(3, 'booking_cancelled');
    await seller.settings({ booking: { bookingTimeoutMinutes: 0.002 } });
    await book('r2', 2);
    await hearsRelease(2, 'booking_expired');
    await seller.restock(itemId, 5);
    await hearsRelease(5, 'restocked');
  });

  it('gets at most 20 stock:changed a second in a burst, and the last value', async () => {
    const { seller, liveId, itemId } = await opened(5_000);
    const watcher = await viewerWith(servers[1]);
    const watch = new StockWatch(watcher, seller.shop, liveId);
    await watch.join();
    const crowd = await Promise.all(
      Array.from({ length: 20 }, (_, i) => viewer(servers[0], seller.shop, `v${i}`)),
    );
    const started = performance.now();
    let bookings = 0;
    await Promise.all(
      crowd.map(async (client) => {
        for (let i = 0; performance.now() - started < 1_500; i++) {
          const request = { liveId, itemId, quantity: 1, requestId: `r${i}` };
          if ((await client.emit('booking:create', request)).ok) bookings++;
        }
      }),
    );
    await watch.settled(seller, itemId);
    const seconds = (performance.now() - started) / 1_000;
    const frames = watcher.heard('stock:changed').length;
    console.info(`${bookings} bookings in ${seconds.toFixed(1)} s: ${frames} stock:changed`);
    expect(bookings).toBeGreaterThan(frames);
    expect(frames).toBeLessThanOrEqual(20 * seconds + 1);
    expect(watch.items.get(itemId)).toMatchObject({ booked: bookings });
  });
});

describe('the viewer', () => {
  it('receives events of their bookings and reputation on all their sockets, others do not', async () => {
    const { seller, ani, book } = await opened();
    await seller.settings({ booking: { cancelPenaltyPerItem: 6 } });
    const devices = [
      ani,
      await viewer(servers[0], seller.shop, 'ani'),
      await viewer(servers[1], seller.shop, 'ani'),
    ];
    const budi = await viewer(servers[0], seller.shop, 'budi');
    const namesake = await viewer(servers[0], host(servers[0]).shop, 'ani');
    const booking = await book('r1', 2);
    for (const device of devices.slice(1)) {
      const told = await device.next('booking:updated');
      expect(BookingSchema.parse(told.booking)).toEqual(told.booking);
      expect(told.booking).toEqual(booking);
    }
    await ani.ask('booking:cancel', { bookingId: booking.bookingId });
    // The socket that made it has the answer, and its first word of the booking is the end.
    for (const device of devices) {
      expect((await device.next('booking:updated')).booking.status).toBe('cancelled');
      const change = await device.next('reputation:changed');
      expect(ReputationChangeSchema.parse(change)).toEqual(change);
      expect(change).toMatchObject({ reputation: 88, delta: -12, reason: 'booking_cancelled' });
    }
    for (const other of [budi, namesake]) {
      await other.ask('me:get', {});
      expect(other.heard('booking:updated')).toEqual([]);
      expect(other.heard('reputation:changed')).toEqual([]);
    }
  });
});

describe('the host', () => {
  it('joins with the held bookings and receives the events of every viewer, with names', async () => {
    const { seller, liveId, itemId, ani, book } = await opened();
    await seller.settings({ booking: { cancelPenaltyPerItem: 6 } });
    const first = await book('r1');
    const desk = await hostSocket(servers[1], seller.shop);
    const snapshot = await desk.ask('live:join', { liveId });
    expect(HostSnapshotSchema.parse(snapshot)).toEqual(snapshot);
    const aniNow = { viewerId: 'ani', name: 'Viewer ani', reputation: 100 };
    expect(snapshot.bookings).toEqual([{ ...first, viewer: aniNow }]);

    const second = await book('r2', 2);
    const told = await desk.next('booking:updated', ({ booking }) => booking.quantity === 2);
    expect(told).toEqual({ booking: second, viewer: aniNow });
    await desk.next('stock:changed', ({ items }) => items.some((item) => item.booked === 3));
    await ani.ask('booking:cancel', { bookingId: second.bookingId });
    const change = await desk.next('reputation:changed');
    expect(ViewerBriefSchema.parse(change.viewer)).toEqual({ ...aniNow, reputation: 88 });
    expect(change).toMatchObject({ reputation: 88, delta: -12 });
    const { releases } = await desk.next('stock:released');
    expect(releases).toMatchObject([{ itemId, quantity: 2 }]);
  });

  it('knows how many watch, over all servers', async () => {
    const { seller, liveId } = await opened();
    const desk = await hostSocket(servers[0], seller.shop);
    await desk.ask('live:join', { liveId });
    const watchers = await Promise.all([0, 1, 1].map((n) => viewerWith(servers[n] as TestServer)));
    for (const watcher of watchers) {
      await watcher.ask('live:join', { shopId: seller.shop, liveId });
    }
    await desk.next('live:audience', (told) => told.liveId === liveId && told.viewers === 3);
    watchers[2]?.drop();
    await desk.next('live:audience', ({ viewers }) => viewers === 2);
  });
});
