import { beforeAll, describe, expect, it } from 'vitest';
import { viewer } from '../support/client.js';
import { host } from '../support/host.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { StockWatch } from '../support/stock-watch.js';

const HOLD_MS = 300;

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
});

/** One round: Ani's hold of X lapses while Budi books Y without a pause. */
async function lapseWhileBudiBooks(): Promise<void> {
  const seller = host(server);
  await seller.settings({
    booking: { bookingTimeoutMinutes: HOLD_MS / 60_000, expiryPenaltyPerItem: 1 },
  });
  const { liveId, items } = await seller.stage(1, 100_000);
  const [x = '', y = ''] = items.map((item) => item.itemId);
  const ani = await viewer(server, seller.shop, 'ani');
  const watcher = await viewer(server, seller.shop, 'watcher');
  const budis = await Promise.all(
    Array.from({ length: 4 }, (_, i) => viewer(server, seller.shop, `budi${i}`)),
  );
  const watch = new StockWatch(watcher, seller.shop, liveId);
  await watch.join();
  const { booking } = await ani.ask('booking:create', {
    liveId,
    itemId: x,
    quantity: 1,
    requestId: 'x',
  });

  let over = false;
  const busy = budis.map(async (budi) => {
    for (let n = 0; !over; n++)
      await budi.emit('booking:create', { liveId, itemId: y, quantity: 1, requestId: `y${n}` });
  });
  const [expired, released, reputation] = await Promise.all([
    ani.next('booking:updated', (e) => e.booking.bookingId === booking.bookingId),
    watcher.next('stock:released', (e) => e.releases.some((r) => r.itemId === x)),
    ani.next('reputation:changed'),
  ]);
  over = true;
  await Promise.all(busy);
  expect(expired.booking).toMatchObject({ status: 'expired' });
  expect(released.releases.find((r) => r.itemId === x)).toMatchObject({
    quantity: 1,
    reason: 'booking_expired',
    available: 1,
  });
  expect(reputation).toMatchObject({ reputation: 99, delta: -1 });
  expect(watch.items.get(x)).toMatchObject({ available: 1, booked: 0 });
}

describe('a hold that lapses while others book', () => {
  it('is told to its viewer and to everyone, every time', async () => {
    for (let round = 0; round < 10; round++) await lapseWhileBudiBooks();
  });
});
