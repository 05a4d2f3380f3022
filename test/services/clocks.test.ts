import { beforeAll, describe, expect, it } from 'vitest';
import type { Page, ShopView } from '../../src/protocol/http.js';
import { viewer } from '../support/client.js';
import { host } from '../support/host.js';
import { buyer } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { spawnServer } from '../support/server-process.js';

/** Runs before the server and shifts its wall clock, as a machine that was asleep or set wrong has it. */
function shiftedBy(ms: number): string {
  const source = `
    const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...parts) { parts.length === 0 ? super(Real.now() + ${ms}) : super(...parts); }
      static now() { return Real.now() + ${ms}; }
    };`;
  return `--import data:text/javascript,${encodeURIComponent(source)}`;
}

const HOUR_MS = 3_600_000;
const SHORT_MINUTES = 0.01;
/** Well over what a release takes, and far under what a clock that is off would add, ms. */
const SOON_MS = 1_500;

let redisUrl: string;
/** Its clock is right. */
let sound: TestServer;

beforeAll(async () => {
  redisUrl = (await startRedis()).url;
  sound = await startServer({ redisUrl });
});

describe.each([
  ['20 s behind', -20_000],
  ['an hour behind', -HOUR_MS],
  ['an hour ahead', HOUR_MS],
])('a server whose clock is %s', (_, shift) => {
  it('ends bookings and unpaid orders at their deadlines by Redis’s clock', async () => {
    const server = await spawnServer({ redisUrl, NODE_OPTIONS: shiftedBy(shift) });
    const seller = host(server);
    await seller.settings({
      order: { onlineCheckoutAutoExpireMinutes: SHORT_MINUTES },
      booking: { bookingTimeoutMinutes: SHORT_MINUTES },
    });
    const { liveId, itemId } = await seller.stage(2);
    const ani = await viewer(server, seller.shop, 'ani');
    const budi = await viewer(server, seller.shop, 'budi');
    await budi.ask('booking:create', { liveId, itemId, quantity: 1, requestId: 'b' });
    const { checkout } = await budi.ask('checkout:start', {});
    await budi.ask('order:place', {
      checkoutId: checkout.checkoutId,
      paymentMethod: 'bank_transfer',
      requestId: 'o',
    });
    await ani.ask('booking:create', { liveId, itemId, quantity: 1, requestId: 'a' });
    const since = performance.now();
    await Promise.all([
      ani.next('booking:updated', ({ booking }) => booking.status === 'expired'),
      budi.next('order:updated', ({ order }) => order.status === 'expired'),
    ]);
    expect(performance.now() - since).toBeLessThan(SHORT_MINUTES * 60_000 + SOON_MS);
  });

  it('lists its shops where they belong, by when they were made', async () => {
    const server = await spawnServer({ redisUrl, NODE_OPTIONS: shiftedBy(shift) });
    const made: string[] = [];
    for (const at of [sound, server, sound]) {
      const seller = host(at);
      await seller.settings({});
      made.unshift(seller.shop);
    }
    const { items } = await host(sound).get<Page<ShopView>>('/shops?limit=3');
    expect(items.map(({ shopId }) => shopId)).toEqual(made);
  });

  it('opens and replaces payments of an order that awaits them', async () => {
    const server = await spawnServer({ redisUrl, NODE_OPTIONS: shiftedBy(shift) });
    const seller = host(server);
    const stage = await seller.stage(1);
    const ani = await buyer(server, seller.shop, stage);
    const { orderId, payment } = await ani.buy({ method: 'qris' });
    expect(payment).toMatchObject({ method: 'qris', status: 'pending' });
    expect((payment?.expiresAt ?? 0) - Date.now()).toBeGreaterThan(14 * 60_000);
    const again = await ani.client.ask('order:pay', { orderId, paymentMethod: 'bank_transfer' });
    expect(again.order).toMatchObject({ status: 'awaiting_payment' });
    const { order } = await ani.client.ask('order:pay', { orderId, paymentMethod: 'qris' });
    expect(order.payment).toMatchObject({ method: 'qris', status: 'pending' });
  });
});
