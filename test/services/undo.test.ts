import { beforeAll, describe, expect, it } from 'vitest';
import { untilAuditOk } from '../support/audit.js';
import { type ViewerClient, viewer, viewerWith } from '../support/client.js';
import { host } from '../support/host.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
});

async function opened(stock = 5) {
  const seller = host(server);
  await seller.settings({ booking: { cancelPenaltyPerItem: 10 } });
  const stage = await seller.stage(stock);
  const ani = await viewer(server, seller.shop, 'ani');
  const wish = { liveId: stage.liveId, itemId: stage.itemId, quantity: 2, requestId: 'r' };
  const { booking } = await ani.ask('booking:create', wish);
  return { seller, stage, ani, booking };
}

describe('a booking that the host restores', () => {
  it('is held again for a full timeout, once, and its cost comes back', async () => {
    const { seller, stage, ani, booking } = await opened();
    const { bookingId } = booking;
    await ani.ask('booking:cancel', { bookingId, quantity: 1 });
    expect((await ani.ask('booking:cancel', { bookingId })).reputation).toBe(80);
    const path = `/bookings/${bookingId}/restore`;
    const first = await seller.call('POST', path, { requestId: 'undo' });
    expect(first).toMatchObject({
      status: 200,
      body: { booking: { status: 'held', quantity: 1 } },
    });
    const { expiresAt } = first.body.booking;
    expect(expiresAt).toBeGreaterThanOrEqual(booking.expiresAt);
    await ani.next('booking:updated', (told) => told.booking.expiresAt === expiresAt);
    expect(
      await ani.next('reputation:changed', (c) => c.reason === 'booking_restored'),
    ).toMatchObject({
      delta: 10,
      reputation: 90,
    });
    expect((await seller.call('POST', path, { requestId: 'undo' })).body).toEqual(first.body);
    expect(await seller.call('POST', path, { requestId: 'again' })).toMatchObject({
      status: 409,
      body: { error: { code: 'BOOKING_NOT_HELD', details: { status: 'held' } } },
    });
    const me = await ani.ask('me:get', {});
    expect(me.bookings).toEqual([first.body.booking]);
    expect(await seller.item(stage.itemId)).toMatchObject({ available: 4, booked: 1 });
    await ani.ask('booking:cancel', { bookingId });
    await untilAuditOk(seller);
  });

  it('needs the stock, and an end that was no order', async () => {
    const { seller, stage, ani, booking } = await opened(2);
    await ani.ask('booking:cancel', { bookingId: booking.bookingId });
    const budi = await viewer(server, seller.shop, 'budi');
    const wish = { liveId: stage.liveId, itemId: stage.itemId, quantity: 1, requestId: 'b' };
    await budi.ask('booking:create', wish);
    const restore = (id: string) =>
      seller.call('POST', `/bookings/${id}/restore`, { requestId: id });
    expect(await restore(booking.bookingId)).toMatchObject({
      body: { error: { code: 'INSUFFICIENT_STOCK', details: { available: 1 } } },
    });
    const { checkout } = await budi.ask('checkout:start', {});
    const { checkoutId } = checkout;
    await budi.ask('order:place', { checkoutId, paymentMethod: 'bank_transfer', requestId: 'o' });
    expect(await restore(checkout.lines[0]?.bookingId ?? '')).toMatchObject({
      body: { error: { code: 'BOOKING_NOT_HELD', details: { status: 'ordered' } } },
    });
    expect(await restore('bk_nothing')).toMatchObject({ status: 404 });
    await untilAuditOk(seller);
  });
});

describe('a cancel with a request id', () => {
  it('happens once, of the whole or of a part', async () => {
    const seller = host(server);
    await seller.settings({ booking: { cancelPenaltyPerItem: 3 } });
    const stage = await seller.stage(9);
    const ani = await viewer(server, seller.shop, 'ani');
    const wish = { liveId: stage.liveId, itemId: stage.itemId, quantity: 5, requestId: 'r' };
    const { bookingId } = (await ani.ask('booking:create', wish)).booking;
    const cancel = { bookingId, quantity: 1, requestId: 'c' };
    const first = await ani.ask('booking:cancel', cancel);
    expect(first).toMatchObject({ booking: { quantity: 4, status: 'held' }, reputation: 97 });
    expect(await ani.ask('booking:cancel', cancel)).toEqual(first);
    expect(await ani.emit('booking:cancel', { ...cancel, quantity: 2 })).toMatchObject({
      error: { code: 'REQUEST_CONFLICT' },
    });
    expect(await seller.item(stage.itemId)).toMatchObject({ available: 5, booked: 4 });
    await untilAuditOk(seller);
  });
});

describe('a booking that the host makes for somebody', () => {
  it('is theirs by id, by handle or as a new viewer, and the link signs them in', async () => {
    const seller = host(server);
    const { liveId, items } = await seller.stage(10);
    const { itemId = '', code = '' } = items[0] ?? {};
    const book = (body: object) =>
      seller.call('POST', '/bookings', { liveId, quantity: 1, ...body });
    const rina = { name: 'Rina', handle: 'tiktok:Rina' };
    const made = await book({ code: code.toLowerCase(), viewer: rina, requestId: '1' });
    expect(made).toMatchObject({
      status: 201,
      body: { booking: { source: 'host', status: 'held', itemId }, viewer: { name: 'Rina' } },
    });
    const { viewerId } = made.body.viewer;
    const repeated = await book({ code, viewer: rina, requestId: '1' });
    expect(repeated.body.booking).toEqual(made.body.booking);
    expect(await book({ code, quantity: 2, viewer: rina, requestId: '1' })).toMatchObject({
      body: { error: { code: 'REQUEST_CONFLICT' } },
    });
    const same = { name: 'rina di hp lain', handle: 'TikTok:rina' };
    expect((await book({ itemId, viewer: same, requestId: '2' })).body.viewer.viewerId).toBe(
      viewerId,
    );
    const byId = { viewerId, name: 'x' };
    expect((await book({ itemId, viewer: byId, requestId: '3' })).body.viewer.viewerId).toBe(
      viewerId,
    );
    for (const [body, status] of [
      [{ code: 'ZZ9', viewer: rina, requestId: '4' }, 404],
      [{ itemId, viewer: { viewerId: 'nobody' }, requestId: '5' }, 400],
      [{ itemId, viewer: { handle: 'tiktok:rina' }, requestId: '5' }, 400],
      [{ itemId, code, viewer: rina, requestId: '6' }, 400],
      [{ viewer: rina, requestId: '7' }, 400],
    ] as const)
      expect((await book(body)).status).toBe(status);
    const { claimUrl } = made.body;
    const token = new URL(claimUrl).hash.replace('#token=', '');
    const phone: ViewerClient = await viewerWith(server, token);
    const me = await phone.ask('me:get', {});
    expect(me).toMatchObject({ viewerId });
    expect(me.bookings).toHaveLength(3);
    await untilAuditOk(seller);
  });

  it('is for nobody else when its request id comes again', async () => {
    const seller = host(server);
    const { liveId, itemId } = await seller.stage(2);
    const book = (viewer: object, requestId: string, quantity = 1) =>
      seller.call('POST', '/bookings', { liveId, itemId, quantity, viewer, requestId });
    const satu = await book({ name: 'Satu' }, 'r');
    expect(satu.status).toBe(201);
    const dua = { name: 'Dua', handle: 'ig:dua' };
    for (const other of [dua, { name: 'Dua' }, { name: 'Satu', handle: 'ig:dua' }])
      expect(await book(other, 'r')).toMatchObject({
        status: 409,
        body: { error: { code: 'REQUEST_CONFLICT' } },
      });
    expect((await book({ name: 'Satu' }, 'r')).body).toMatchObject({
      booking: satu.body.booking,
      viewer: satu.body.viewer,
    });
    // Nor does what is refused for another reason leave anything behind.
    expect((await book(dua, 'much', 2)).body.error.code).toBe('INSUFFICIENT_STOCK');
    expect((await seller.get<{ items: object[] }>('/viewers')).items).toHaveLength(1);
    const tiga = await book({ viewerId: 'tiga', name: 'Tiga', handle: 'ig:dua' }, 'much');
    expect(tiga.body.viewer).toMatchObject({ viewerId: 'tiga', name: 'Tiga' });
    await seller.restock(itemId, 5);
    const found = { viewer: { viewerId: 'tiga', name: 'Tiga' } };
    expect((await book(dua, 'dua')).body).toMatchObject(found);
    expect((await book({ ...dua, viewerId: 'unknown' }, 'tiga')).body).toMatchObject(found);
    expect((await book({ viewerId: 'tiga' }, 'empat')).body).toMatchObject(found);
    expect((await seller.get<{ items: object[] }>('/viewers')).items).toHaveLength(2);
    await untilAuditOk(seller);
  });

  it('is for whom it had made, also when its request id comes again after the booking has left Redis', async () => {
    const seller = host(server);
    const { liveId, itemId } = await seller.stage(9);
    const book = (requestId: string) =>
      seller.call('POST', '/bookings', {
        liveId,
        itemId,
        quantity: 1,
        viewer: { name: 'Rina' },
        requestId,
      });
    const { booking, viewer: rina } = (await book('r')).body;
    await seller.post(`/bookings/${booking.bookingId}/cancel`);
    const correction = { delta: -10, reason: 'x', requestId: 'c' };
    await seller.post(`/viewers/${rina.viewerId}/reputation`, correction);
    const client = await redis.client();
    await client.del(`livehold:{${seller.shop}}:booking:${booking.bookingId}`);
    expect((await book('r')).body.viewer).toEqual({ ...rina, reputation: 90 });
    expect((await seller.get<{ items: object[] }>('/viewers')).items).toHaveLength(1);
  });

  it('has a name that can be shown, and no handle with something hidden in it', async () => {
    const seller = host(server);
    const { liveId, itemId } = await seller.stage(10);
    let n = 0;
    const book = (viewer: object) =>
      seller.call('POST', '/bookings', {
        liveId,
        itemId,
        quantity: 1,
        viewer,
        requestId: `${n++}`,
      });
    for (const [name, shown] of [
      ['Ra\0ni', 'Ra ni'],
      ['Rani\nSari', 'Rani Sari'],
      ['\u202EinaR', 'inaR'],
    ])
      expect(await book({ name })).toMatchObject({
        status: 201,
        body: { viewer: { name: shown } },
      });
    for (const name of ['\u200B', '\0', ' \u2060'])
      expect((await book({ name })).body.error.code).toBe('VALIDATION');
    for (const hidden of ['\0', '\u202E', '\u200B', '\uFE0F', '\u3164'])
      expect((await book({ name: 'Rani', handle: `ig:ra${hidden}ni` })).status).toBe(400);
  });
});
