import { beforeAll, describe, expect, it } from 'vitest';
import type { SettingsPatch } from '../../src/protocol/settings.js';
import { shopKey } from '../../src/store/keys.js';
import { untilAuditOk } from '../support/audit.js';
import { type ViewerClient, viewer, viewerWith } from '../support/client.js';
import { type Host, host, type Stage } from '../support/host.js';
import { buyer } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
});

interface Scene {
  seller: Host;
  stage: Stage;
  ani: ViewerClient;
  book(requestId: string, n?: number, quantity?: number): Promise<unknown>;
  held(requestId: string, n?: number): Promise<string>;
}

/** A live with five items of 100 units and Ani, under these settings. */
async function opened(settings: SettingsPatch): Promise<Scene> {
  const seller = host(server);
  await seller.settings(settings);
  const stage = await seller.stage(100, 100, 100, 100, 100);
  const ani = await viewer(server, seller.shop, 'ani');
  const wish = (requestId: string, n: number, quantity: number) => ({
    liveId: stage.liveId,
    itemId: stage.items[n]?.itemId ?? '',
    quantity,
    requestId,
  });
  return {
    seller,
    stage,
    ani,
    book: (requestId, n = 0, quantity = 1) =>
      ani.emit('booking:create', wish(requestId, n, quantity)),
    held: async (requestId, n = 0) =>
      (await ani.ask('booking:create', wish(requestId, n, 1))).booking.bookingId,
  };
}

const refused = (code: string, details?: object) => ({
  ok: false,
  error: { code, ...(details && { details }) },
});

describe('a viewer', () => {
  it('holds no more bookings at once than maxBookings says', async () => {
    const { seller, ani, book, held } = await opened({ booking: { maxBookings: 2 } });
    const first = await held('1', 0);
    await held('2', 1);
    expect(await book('3', 2)).toMatchObject(refused('MAX_BOOKINGS', { limit: 2 }));
    expect((await ani.ask('me:get', {})).rights).toEqual({
      mayBook: true,
      maxBookings: 2,
      bookingTimeoutMinutes: 15,
    });
    await ani.ask('booking:cancel', { bookingId: first });
    expect(await book('3', 2)).toMatchObject({ ok: true });
    await untilAuditOk(seller);
  });

  it('may not book, nor wait for, an item again within the cool-down after a cancel or a lapse', async () => {
    const { stage, ani, book, held } = await opened({
      booking: { rebookCooldownSeconds: 600, bookingTimeoutMinutes: 0.005 },
    });
    await ani.ask('booking:cancel', { bookingId: await held('1', 0) });
    const again = (await book('2', 0)) as { error: { details: { until: number } } };
    expect(again).toMatchObject(refused('COOLDOWN'));
    expect(Math.abs(again.error.details.until - Date.now() - 600_000)).toBeLessThan(10_000);
    const wish = { liveId: stage.liveId, itemId: stage.itemId, quantity: 1, requestId: 'w' };
    expect(await ani.emit('waitlist:join', wish)).toMatchObject(refused('COOLDOWN'));
    await held('3', 1);
    await ani.next('booking:updated', ({ booking }) => booking.status === 'expired');
    expect(await book('4', 1)).toMatchObject(refused('COOLDOWN'));
    expect(await book('5', 2)).toMatchObject({ ok: true });
  });

  it('takes a booking back freely within freeCancelSeconds, with no penalty and no cool-down', async () => {
    const settings = { cancelPenaltyPerItem: 10, rebookCooldownSeconds: 600 };
    const { ani, book, held } = await opened({ booking: { ...settings, freeCancelSeconds: 60 } });
    const { reputation } = await ani.ask('booking:cancel', { bookingId: await held('1') });
    expect(reputation).toBe(100);
    expect(await book('2')).toMatchObject({ ok: true });
  });

  it('pays for a cancel of the very same millisecond when nothing is free', async () => {
    const { ani, held } = await opened({ booking: { cancelPenaltyPerItem: 10 } });
    const { reputation } = await ani.ask('booking:cancel', { bookingId: await held('1') });
    expect(reputation).toBe(90);
  });

  it('cancels an unpaid order freely within freeCancelSeconds of its bookings, and pays for those that are older', async () => {
    const settings = { cancelPenaltyPerItem: 10, rebookCooldownSeconds: 600 };
    const { seller, stage } = await opened({ booking: { ...settings, freeCancelSeconds: 60 } });
    const budi = await buyer(server, seller.shop, stage, 'budi');
    const early = await budi.buy();
    const free = await budi.client.ask('order:cancel', { orderId: early.orderId });
    expect(free.reputation).toBe(100);
    await budi.book();
    await seller.settings({ booking: { freeCancelSeconds: 0.001 } });
    const { checkoutId } = await budi.checkout();
    const { order } = await budi.client.ask('order:place', {
      checkoutId,
      paymentMethod: 'bank_transfer',
      requestId: 'older',
    });
    const { reputation } = await budi.client.ask('order:cancel', { orderId: order.orderId });
    expect(reputation).toBe(90);
    await untilAuditOk(seller);
  });

  it('learns of other rights when the rules of the shop change, and only then', async () => {
    const { seller, ani } = await opened({});
    const { shop } = seller;
    const guest = signToken({ sub: 'tamu', shop, role: 'viewer', guest: true });
    const tamu = await viewerWith(server, guest);
    const budi = await viewer(server, shop, 'budi');
    await ani.ask('me:get', {});
    await seller.post('/viewers/ani/reputation', { delta: -20, reason: 'tes', requestId: 'a' });
    await ani.next('viewer:updated');
    await seller.settings({ booking: { minReputation: 90 } });
    expect(await ani.next('viewer:updated')).toEqual({
      status: 'active',
      reputation: 80,
      rights: {
        mayBook: false,
        maxBookings: 200,
        bookingTimeoutMinutes: 15,
        reason: 'REPUTATION_TOO_LOW',
      },
    });
    await seller.settings({ booking: { guestsMayBook: false } });
    expect((await tamu.next('viewer:updated')).rights).toMatchObject({ reason: 'FORBIDDEN' });
    await seller.settings({ booking: { maxBookings: 4, minReputation: 0 } });
    expect((await budi.next('viewer:updated')).rights).toMatchObject({ maxBookings: 4 });
    expect((await ani.next('viewer:updated')).rights).toMatchObject({
      mayBook: true,
      maxBookings: 4,
    });
    await seller.settings({ booking: { maxBookings: 4, cancelPenaltyPerItem: 3 } });
    await seller.settings({ booking: { maxBookings: 5 } });
    expect((await ani.next('viewer:updated')).rights).toMatchObject({ maxBookings: 5 });
    expect((await budi.next('viewer:updated')).rights).toMatchObject({ maxBookings: 5 });
    expect(budi.heard('viewer:updated')).toHaveLength(2);
  });

  it('of a low reputation is bound by the lowest tier above it, where that is stricter', async () => {
    const { seller, ani, book, held } = await opened({
      booking: {
        maxBookings: 3,
        tiers: [
          { belowReputation: 50, maxBookings: 1, bookingTimeoutMinutes: 2 },
          { belowReputation: 90, maxBookings: 5, bookingTimeoutMinutes: 60 },
        ],
      },
    });
    await held('0', 0);
    const correct = (delta: number, requestId: string) =>
      seller.post('/viewers/ani/reputation', { delta, reason: 'tes', requestId });
    await correct(-20, 'a');
    const to80 = await ani.next('viewer:updated');
    expect(to80).toEqual({
      status: 'active',
      reputation: 80,
      rights: { mayBook: true, maxBookings: 3, bookingTimeoutMinutes: 15 },
    });
    await correct(-40, 'b');
    const to40 = await ani.next('viewer:updated');
    expect(to40.rights).toEqual({ mayBook: true, maxBookings: 1, bookingTimeoutMinutes: 2 });
    expect(await book('1', 1)).toMatchObject(refused('MAX_BOOKINGS', { limit: 1 }));
    await ani.ask('booking:cancel', {
      bookingId: (await ani.ask('me:get', {})).bookings[0]?.bookingId ?? '',
    });
    const { booking } = await ani.ask('booking:create', {
      liveId: (await seller.get<{ items: { liveId: string }[] }>('/lives')).items[0]?.liveId ?? '',
      itemId: (await seller.get<{ items: { itemId: string }[] }>('/items')).items[0]?.itemId ?? '',
      quantity: 1,
      requestId: '2',
    });
    expect(booking.expiresAt - booking.createdAt).toBe(2 * 60_000);
  });

  it('has no more orders awaiting payment than maxUnpaidOrders says', async () => {
    const { seller, stage } = await opened({ order: { maxUnpaidOrders: 1 } });
    const budi = await buyer(server, seller.shop, stage, 'budi');
    const order = await budi.buy();
    await budi.book();
    const { checkoutId } = await budi.checkout();
    const place = { checkoutId, paymentMethod: 'bank_transfer', requestId: 'second' } as const;
    expect(await budi.client.emit('order:place', place)).toMatchObject(
      refused('UNPAID_ORDERS', { limit: 1 }),
    );
    await seller.post(`/orders/${order.orderId}/confirm-payment`);
    expect(await budi.client.emit('order:place', place)).toMatchObject({ ok: true });
    await untilAuditOk(seller);
  });

  it('who is restricted can neither book, wait nor check out, and can be made to give up everything', async () => {
    const { seller, stage, ani, book, held } = await opened({
      booking: { cancelPenaltyPerItem: 9 },
    });
    await held('1', 0);
    await held('2', 1);
    const { checkout } = await ani.ask('checkout:start', {});
    await seller.patch('/viewers/ani', { status: 'restricted' });
    expect((await ani.next('viewer:updated')).rights).toMatchObject({
      mayBook: false,
      reason: 'VIEWER_RESTRICTED',
    });
    const no = refused('VIEWER_RESTRICTED');
    expect(await book('3', 2)).toMatchObject(no);
    const wish = { liveId: stage.liveId, itemId: stage.itemId, quantity: 1, requestId: 'w' };
    expect(await ani.emit('waitlist:join', wish)).toMatchObject(no);
    expect(await ani.emit('checkout:start', {})).toMatchObject(no);
    const { checkoutId } = checkout;
    const place = { checkoutId, paymentMethod: 'bank_transfer', requestId: 'o' } as const;
    expect(await ani.emit('order:place', place)).toMatchObject(no);
    await seller.patch('/viewers/ani', { release: true });
    const me = await ani.ask('me:get', {});
    expect(me).toMatchObject({ bookings: [], status: 'restricted', reputation: 100 });
    await untilAuditOk(seller);
  });

  it('who is a guest may watch and not book where guests may not', async () => {
    const { seller, stage } = await opened({ booking: { guestsMayBook: false } });
    const token = signToken({ sub: 'g', shop: seller.shop, role: 'viewer', guest: true });
    const guest = await viewerWith(server, token);
    const wish = { liveId: stage.liveId, itemId: stage.itemId, quantity: 1, requestId: 'r' };
    expect(await guest.emit('booking:create', wish)).toMatchObject(
      refused('FORBIDDEN', { reason: 'guest' }),
    );
  });
});

describe('a reputation', () => {
  it('comes back day by day, as the ledger says, when no point was lost', async () => {
    const { seller, ani, held } = await opened({
      booking: { cancelPenaltyPerItem: 30, recoveryPerDay: 4 },
    });
    await ani.ask('booking:cancel', { bookingId: await held('1') });
    const client = await redis.client();
    const key = `${shopKey(seller.shop)}:viewer:ani`;
    const quiet = Number(await client.hGet(key, 'quietSince'));
    await client.hSet(key, 'quietSince', String(quiet - 3.5 * 86_400_000));
    expect((await ani.ask('me:get', {})).reputation).toBe(82);
    expect((await ani.ask('me:get', {})).reputation).toBe(82);
    const { items } = await seller.get<{ items: object[] }>('/viewers/ani/reputation');
    expect(items).toMatchObject([
      { delta: 12, before: 70, after: 82, reason: 'recovered' },
      { delta: -30, reason: 'booking_cancelled' },
    ]);
    await untilAuditOk(seller);
  });

  it('is corrected by the host within 0 and 100, once for one request', async () => {
    const { seller, held } = await opened({});
    await held('1');
    const correct = (delta: number, requestId: string) =>
      seller.call('POST', '/viewers/ani/reputation', { delta, reason: 'salah paham', requestId });
    expect(await correct(-1_000, 'a')).toMatchObject({ body: { viewer: { reputation: 0 } } });
    expect(await correct(-1_000, 'a')).toMatchObject({ body: { viewer: { reputation: 0 } } });
    expect(await correct(5, 'a')).toMatchObject({ body: { error: { code: 'REQUEST_CONFLICT' } } });
    expect(await correct(1_000, 'b')).toMatchObject({ body: { viewer: { reputation: 100 } } });
    const { items } = await seller.get<{ items: object[] }>('/viewers/ani/reputation');
    expect(items).toMatchObject([
      { delta: 100, reason: 'corrected', note: 'salah paham' },
      { delta: -100, reason: 'corrected' },
    ]);
    expect(
      await seller.call('POST', '/viewers/nobody/reputation', {
        delta: 1,
        reason: 'x',
        requestId: 'c',
      }),
    ).toMatchObject({ status: 404 });
    await untilAuditOk(seller);
  });
});
