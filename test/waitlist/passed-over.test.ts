import { expect, it } from 'vitest';
import { createLog } from '../../src/log.js';
import type { Booking } from '../../src/protocol/booking.js';
import { shopKey } from '../../src/store/keys.js';
import { scripts } from '../../src/store/scripts/index.js';
import { Store } from '../../src/store/store.js';
import { atEnd } from '../support/at-end.js';
import { host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer } from '../support/server.js';

/** More than a script passes over in one call. */
const WAITING = 502;
const WAVE = 100;

it('whoever was passed over for want of units comes first when more come free in the middle of a long walk', async () => {
  const redis = await startRedis();
  const server = await startServer({ redisUrl: redis.url });
  const { bookings, waitlist } = server.app.services;
  const seller = host(server);
  const { liveId, itemId } = await seller.stage(5);
  const who = (viewerId: string) => ({ viewerId, name: viewerId, guest: false });
  const held: Booking[] = [];
  for (const quantity of [3, 2]) {
    // Deadlines of their own, also of two bookings of one millisecond: those would lapse together.
    await seller.settings({ booking: { bookingTimeoutMinutes: 5 + quantity } });
    const wish = { liveId, itemId, quantity, requestId: 'b' };
    held.push((await bookings.create(seller.shop, who(`holder${quantity}`), wish)).booking);
  }
  const wish = { liveId, itemId, quantity: 5, requestId: 'w' };
  const { entry } = await waitlist.join(seller.shop, who('first'), wish);
  for (let from = 1; from < WAITING; from += WAVE) {
    const wave = Array.from({ length: Math.min(WAVE, WAITING - from) }, (_, i) =>
      who(`w${from + i}`),
    );
    await Promise.all(wave.map((viewer) => waitlist.join(seller.shop, viewer, wish)));
  }
  // From here on every step is this test's own.
  await server.close();
  const store = new Store(createLog('silent'), { script() {}, counted() {} });
  await store.open(redis.url);
  atEnd(() => store.close());
  const client = await redis.client();
  const lapse = async ({ expiresAt = 0 } = {}) => {
    const due = { score: 1, value: `bookings:${expiresAt}` };
    await client.zAdd(`${shopKey(seller.shop)}:deadlines`, due);
    return store.step(scripts.releaseDue, seller.shop, []);
  };

  expect(await lapse(held[0])).toMatchObject({ retry: true });
  await lapse(held[1]);

  const kept = await client.get(`${shopKey(seller.shop)}:entry:${entry.entryId}`);
  expect(JSON.parse(kept ?? '')).toMatchObject({ ticket: 1, status: 'served' });
});
