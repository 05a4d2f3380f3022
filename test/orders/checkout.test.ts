import { beforeAll, describe, expect, it } from 'vitest';
import { CheckoutSchema } from '../../src/protocol/checkout.js';
import { shopKey } from '../../src/store/keys.js';
import { untilAuditOk } from '../support/audit.js';
import { viewer } from '../support/client.js';
import { host } from '../support/host.js';
import { buyer, eventsOf } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { until } from '../support/until.js';

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
});

async function opened(...stocks: number[]) {
  const seller = host(server);
  const stage = await seller.stage(...(stocks.length > 0 ? stocks : [10]));
  const ani = await buyer(server, seller.shop, stage);
  return { seller, stage, ani };
}

describe('a checkout', () => {
  it('is not shown any more when nothing of it is held, and placing it says what is gone', async () => {
    const { seller, ani } = await opened();
    const one = await ani.book();
    const other = await ani.book();
    const { checkoutId } = await ani.checkout();
    const shown = async () => (await ani.client.ask('me:get', {})).checkout;
    await ani.client.ask('booking:cancel', { bookingId: one.bookingId });
    expect(await shown()).toMatchObject({ checkoutId });
    await ani.client.ask('booking:cancel', { bookingId: other.bookingId });
    expect(await shown()).toBeNull();
    await ani.book();
    expect(await shown()).toBeNull();
    const place = { checkoutId, paymentMethod: 'bank_transfer', requestId: 'r' } as const;
    expect(await ani.client.emit('order:place', place)).toMatchObject({
      error: {
        code: 'BOOKING_NOT_HELD',
        details: { bookingIds: [one.bookingId, other.bookingId] },
      },
    });
    await untilAuditOk(seller);
  });

  it('is a snapshot of the cart with totals', async () => {
    const { seller, ani } = await opened();
    const shirt = await seller.createItem(5, 10_000);
    const veil = await seller.createItem(5, 7_550);
    const stage = await seller.stage();
    await seller.patch(`/lives/${stage.liveId}`, { itemIds: [shirt.itemId, veil.itemId] });
    await seller.settings({ order: { ppnPercent: 11 } });
    const { client } = ani;
    const book = async (itemId: string, quantity: number) => {
      const wish = { liveId: stage.liveId, itemId, quantity, requestId: itemId };
      return (await client.ask('booking:create', wish)).booking;
    };
    const first = await book(shirt.itemId, 2);
    const second = await book(veil.itemId, 1);

    const checkout = await ani.checkout();
    expect(CheckoutSchema.strict().parse(checkout)).toEqual(checkout);
    expect(checkout).toMatchObject({
      lines: [
        {
          bookingId: first.bookingId,
          itemId: shirt.itemId,
          name: shirt.name,
          quantity: 2,
          unitPrice: 10_000,
          lineTotal: 20_000,
        },
        { bookingId: second.bookingId, quantity: 1, unitPrice: 7_550, lineTotal: 7_550 },
      ],
      subtotal: 27_550,
      ppnPercent: 11,
      ppn: 3_031,
      total: 30_581,
    });
    expect((await client.ask('me:get', {})).checkout).toEqual(checkout);
    await untilAuditOk(seller);
  });

  it('started twice is one, also on another device', async () => {
    const { seller, ani } = await opened();
    await ani.book(2);
    const first = await ani.checkout();
    expect(await ani.checkout()).toEqual(first);
    const phone = await viewer(server, seller.shop, ani.id);
    expect((await phone.ask('checkout:start', {})).checkout).toEqual(first);
  });

  it.each([
    ['one more booking', async ({ ani }: Opened) => void (await ani.book(1))],
    ['a part of a booking cancelled', ({ ani, bookingId }: Opened) => cancel(ani, bookingId, 1)],
  ])('over a cart with %s is a new one, and the old one is over', async (_, change) => {
    const { ani } = await opened();
    const { bookingId } = await ani.book(2);
    const old = await ani.checkout();
    await change({ ani, bookingId });
    const fresh = await ani.checkout();
    expect(fresh.checkoutId).not.toBe(old.checkoutId);
    expect(fresh.subtotal).not.toBe(old.subtotal);
    await ani.client.next('checkout:expired', ({ checkoutId }) => checkoutId === old.checkoutId);
    const request = { paymentMethod: 'qris', requestId: 'r' } as const;
    const ack = await ani.client.emit('order:place', { ...request, checkoutId: old.checkoutId });
    expect(ack).toMatchObject({ ok: false, error: { code: 'CHECKOUT_EXPIRED' } });
    expect((await ani.client.ask('me:get', {})).checkout).toEqual(fresh);
  });

  it('that is left is over, without an expiry event; leaving twice is no error', async () => {
    const { seller, stage, ani } = await opened();
    await ani.book(1);
    const { checkoutId } = await ani.checkout();
    await ani.client.ask('checkout:leave', { checkoutId });
    await ani.client.ask('checkout:leave', { checkoutId });
    expect((await ani.client.ask('me:get', {})).checkout).toBeNull();
    expect(await seller.item(stage.itemId)).toMatchObject({ available: 9, booked: 1 });
    expect((await ani.checkout()).checkoutId).not.toBe(checkoutId);
    expect(ani.client.heard('checkout:expired')).toEqual([]);
  });

  it('lapses while its bookings live on', async () => {
    const { seller, stage, ani } = await opened();
    await seller.settings({ order: { checkoutTimeoutMinutes: 0.01 } });
    const booking = await ani.book(2);
    const checkout = await ani.checkout();
    expect(await ani.client.next('checkout:expired')).toEqual({ checkoutId: checkout.checkoutId });
    expect(Date.now()).toBeGreaterThanOrEqual(checkout.expiresAt);
    const me = await ani.client.ask('me:get', {});
    expect(me.checkout).toBeNull();
    expect(me.bookings).toEqual([booking]);
    expect(await seller.item(stage.itemId)).toMatchObject({ available: 8, booked: 2 });

    const late = {
      checkoutId: checkout.checkoutId,
      paymentMethod: 'qris',
      requestId: 'r',
    } as const;
    const ack = await ani.client.emit('order:place', late);
    expect(ack).toMatchObject({ ok: false, error: { code: 'CHECKOUT_EXPIRED' } });
    const again = await ani.checkout();
    expect(again.checkoutId).not.toBe(checkout.checkoutId);
    expect(again.lines).toEqual(checkout.lines);
    await untilAuditOk(seller);
  });

  it('lapses also when no server was up at that moment', async () => {
    const alone = await startRedis();
    const before = await startServer({ redisUrl: alone.url });
    const seller = host(before);
    const stage = await seller.stage(5);
    await seller.settings({ order: { checkoutTimeoutMinutes: 0.01 } });
    const ani = await buyer(before, seller.shop, stage);
    await ani.book(2);
    const { checkoutId, expiresAt } = await ani.checkout();
    await before.close();
    await until('the deadline is over', () => Date.now() > expiresAt);

    const after = await startServer({ redisUrl: alone.url });
    const told = () => eventsOf(alone, seller.shop, 'checkout');
    const events = await until('the viewer is told', async () => {
      const all = await told();
      return all.length > 0 && all;
    });
    expect(events).toEqual([{ type: 'checkout', checkoutId }]);
    const back = await viewer(after, seller.shop, 'ani');
    const me = await back.ask('me:get', {});
    expect(me).toMatchObject({ checkout: null, bookings: [{ quantity: 2, status: 'held' }] });
    expect(await told()).toHaveLength(1);
  });
});

describe('a finished checkout', () => {
  const ends: Record<string, (opened: Opened, checkoutId: string) => Promise<unknown>> = {
    left: ({ ani }, checkoutId) => ani.client.ask('checkout:leave', { checkoutId }),
    ordered: ({ ani }, checkoutId) => ani.place(checkoutId),
    expired: async ({ ani }) => {
      await ani.book(1);
      return ani.checkout();
    },
  };

  it.each(Object.keys(ends))(
    'that was %s says so for a day, and keeps nothing else',
    async (status) => {
      const { seller, stage, ani } = await opened();
      const { bookingId } = await ani.book(2);
      const { checkoutId } = await ani.checkout();
      await ends[status]?.({ ani, bookingId }, checkoutId);

      const request = { checkoutId, paymentMethod: 'qris', requestId: 'late' } as const;
      const error = { code: 'CHECKOUT_EXPIRED', details: { status } };
      expect(await ani.client.emit('order:place', request)).toMatchObject({ error });
      expect(await ani.client.emit('checkout:leave', { checkoutId })).toMatchObject({ ok: true });
      const budi = await buyer(server, seller.shop, stage, 'budi');
      const unknown = { ok: false, error: { code: 'NOT_FOUND' } };
      expect(await budi.client.emit('order:place', request)).toMatchObject(unknown);

      const client = await redis.client();
      const key = `${shopKey(seller.shop)}:checkout:${checkoutId}`;
      expect(await client.hGetAll(key)).toEqual({ viewerId: 'ani', status });
      expect(await client.ttl(key)).toBeGreaterThan(86_000);
      await client.expire(key, 0);
      expect(await ani.client.emit('order:place', request)).toMatchObject(unknown);
      await untilAuditOk(seller);
    },
  );
});

describe('how long a checkout lasts', () => {
  it('is the timeout when every booking lives longer', async () => {
    const { seller, ani } = await opened();
    await seller.settings({ order: { checkoutTimeoutMinutes: 0.5 } });
    await ani.book(1);
    const [before, checkout, after] = [Date.now(), await ani.checkout(), Date.now()];
    expect(checkout.expiresAt).toBeGreaterThanOrEqual(before + 30_000 - 5);
    expect(checkout.expiresAt).toBeLessThanOrEqual(after + 30_000 + 5);
  });

  it('is until the first booking’s deadline when that is earlier', async () => {
    const { seller, ani } = await opened();
    await seller.settings({ booking: { bookingTimeoutMinutes: 2 } });
    await ani.book(1);
    await seller.settings({ booking: { bookingTimeoutMinutes: 1 } });
    const first = await ani.book(1);
    await seller.settings({ booking: { bookingTimeoutMinutes: 2.5 } });
    await ani.book(1);
    expect((await ani.checkout()).expiresAt).toBe(first.expiresAt);
  });
});

describe('an empty cart', () => {
  it('has no checkout: nothing booked, all cancelled, or all expired', async () => {
    const { seller, ani } = await opened();
    const refusal = { ok: false, error: { code: 'CART_EMPTY' } };
    expect(await ani.client.emit('checkout:start', {})).toMatchObject(refusal);
    await cancel(ani, (await ani.book(1)).bookingId, 1);
    expect(await ani.client.emit('checkout:start', {})).toMatchObject(refusal);
    await seller.settings({ booking: { bookingTimeoutMinutes: 0.002 } });
    await ani.book(1);
    await ani.client.next('booking:updated', ({ booking }) => booking.status === 'expired');
    expect(await ani.client.emit('checkout:start', {})).toMatchObject(refusal);
    const nobody = await viewer(server, seller.shop, 'never-here');
    expect(await nobody.emit('checkout:start', {})).toMatchObject(refusal);
  });
});

describe('another’s checkout', () => {
  it('is not found, whether the viewer or the shop is another', async () => {
    const { seller, stage, ani } = await opened();
    await ani.book(1);
    const { checkoutId } = await ani.checkout();
    const elsewhere = await opened();
    const others = [await buyer(server, seller.shop, stage, 'budi'), elsewhere.ani];
    for (const { client } of others) {
      const place = { checkoutId, paymentMethod: 'qris', requestId: 'r' } as const;
      for (const ack of [
        await client.emit('checkout:leave', { checkoutId }),
        await client.emit('order:place', place),
      ]) {
        expect(ack).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
      }
    }
    expect((await ani.client.ask('me:get', {})).checkout?.checkoutId).toBe(checkoutId);
  });
});

interface Opened {
  ani: Awaited<ReturnType<typeof buyer>>;
  bookingId: string;
}

async function cancel(ani: Opened['ani'], bookingId: string, quantity: number): Promise<void> {
  await ani.client.ask('booking:cancel', { bookingId, quantity });
}
