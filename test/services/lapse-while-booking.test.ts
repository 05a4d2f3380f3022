import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { viewer } from '../support/client.js';
import { host } from '../support/host.js';
import { buyer } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { StockWatch } from '../support/stock-watch.js';

const LAPSE_MS = 300;
/** `npm run rounds -- --only lapses,checkouts --times 200` looks longer. */
const ROUNDS = Number(process.env.ROUNDS ?? 10);
const PATIENCE_MS = Math.max(30_000, ROUNDS * 2_000);

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
});

/** One round: Ani's hold of X, Cici's checkout and Dewi's unpaid order lapse while Budi books Y without a pause. */
async function lapseWhileBudiBooks(): Promise<void> {
  const seller = host(server);
  await seller.settings({ order: { onlineCheckoutAutoExpireMinutes: LAPSE_MS / 60_000 } });
  const stage = await seller.stage(1, 100_000);
  const { liveId, items } = stage;
  const [x = '', y = ''] = items.map((item) => item.itemId);
  const ofY = { ...stage, itemId: y };
  const [ani, cici, dewi] = await Promise.all([
    viewer(server, seller.shop, 'ani'),
    buyer(server, seller.shop, ofY, 'cici'),
    buyer(server, seller.shop, ofY, 'dewi'),
  ]);
  const watcher = await viewer(server, seller.shop, 'watcher');
  const budis = await Promise.all(
    Array.from({ length: 4 }, (_, i) => viewer(server, seller.shop, `budi${i}`)),
  );
  const watch = new StockWatch(watcher, seller.shop, liveId);
  await watch.join();
  let over = false;
  const busy = budis.map(async (budi) => {
    for (let n = 0; !over; n++)
      await budi.emit('booking:create', { liveId, itemId: y, quantity: 1, requestId: `y${n}` });
  });
  await cici.book(1);
  const order = await dewi.buy({ method: 'bank_transfer' });
  // Deadlines that are given stand.
  await seller.settings({
    order: { checkoutTimeoutMinutes: LAPSE_MS / 60_000 },
    booking: { bookingTimeoutMinutes: LAPSE_MS / 60_000, expiryPenaltyPerItem: 1 },
  });
  const checkout = await cici.checkout();
  const wish = { liveId, itemId: x, quantity: 1, requestId: 'x' };
  const { booking } = await ani.ask('booking:create', wish);
  const [expired, released, reputation, checkoutOver, orderOver] = await Promise.all([
    ani.next('booking:updated', (e) => e.booking.bookingId === booking.bookingId),
    watcher.next('stock:released', (e) => e.releases.some((r) => r.itemId === x)),
    ani.next('reputation:changed'),
    cici.client.next('checkout:expired'),
    dewi.told(order.orderId, 'expired'),
  ]);
  over = true;
  await Promise.all(busy);
  expect(checkoutOver).toEqual({ checkoutId: checkout.checkoutId });
  expect(orderOver.payment).toMatchObject({ status: 'expired' });
  expect(expired.booking).toMatchObject({ status: 'expired' });
  expect(released.releases.find((r) => r.itemId === x)).toMatchObject({
    quantity: 1,
    reason: 'booking_expired',
    available: 1,
  });
  expect(reputation).toMatchObject({ reputation: 99, delta: -1 });
  expect(watch.items.get(x)).toMatchObject({ available: 1, booked: 0 });
}

/** `npm run rounds` reads what it prints. */
async function rounds(play: (round: number) => Promise<void>): Promise<void> {
  let well = 0;
  try {
    for (; well < ROUNDS; well++) await play(well);
  } finally {
    console.log(`${well} of ${ROUNDS} rounds were well`);
  }
}

describe('a hold that lapses while others book', () => {
  it(
    'is announced to its viewer and to everyone, every time',
    () => rounds(lapseWhileBudiBooks),
    PATIENCE_MS,
  );

  it(
    'is in no checkout that begins at that moment',
    async () => {
      const seller = host(server);
      const stage = await seller.stage(100_000);
      const client = await redis.client();
      await rounds(async (round) => {
        const ani = await buyer(server, seller.shop, stage, `ani${round}`);
        const first = await ani.book(1);
        // Bookings of one millisecond share their deadline.
        await delay(2);
        const second = await ani.book(1);
        // Due, and no sweeper has come by: whoever asks first is to find it gone.
        await client.zAdd(`livehold:{${seller.shop}}:deadlines`, {
          score: Date.now() - 1,
          value: `bookings:${first.expiresAt}`,
        });
        const { lines } = await ani.checkout();
        expect(lines.map(({ bookingId }) => bookingId)).toEqual([second.bookingId]);
        ani.client.drop();
      });
    },
    PATIENCE_MS,
  );
});
