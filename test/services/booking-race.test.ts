import { beforeAll, describe, expect, it } from 'vitest';
import { BookingSchema } from '../../src/protocol/booking.js';
import { untilAuditOk } from '../support/audit.js';
import { type ViewerClient, viewer } from '../support/client.js';
import { host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { StockWatch, unitsOf } from '../support/stock-watch.js';

let servers: [TestServer, TestServer];

beforeAll(async () => {
  const { url: redisUrl } = await startRedis();
  servers = [await startServer({ redisUrl }), await startServer({ redisUrl })];
});

/** Half of the crowd on each server. */
function crowd(shop: string, size: number): Promise<ViewerClient[]> {
  return Promise.all(
    Array.from({ length: size }, (_, i) => viewer(servers[i % 2 ? 1 : 0], shop, `v${i}`)),
  );
}

describe('many viewers, few units, two servers', () => {
  it('accepts exactly 50 of 500 who want one of 50', async () => {
    const seller = host(servers[0]);
    const { liveId, itemId } = await seller.stage(50);
    const watchers = await Promise.all(
      [0, 1, 0, 1].map(async (n, i) => {
        const watcher = await viewer(servers[n] as TestServer, seller.shop, `watcher${i}`);
        const watch = new StockWatch(watcher, seller.shop, liveId);
        await watch.join();
        return watch;
      }),
    );
    const viewers = await crowd(seller.shop, 500);

    const acks = await Promise.all(
      viewers.map((v) =>
        v.emit('booking:create', { liveId, itemId, quantity: 1, requestId: 'mine' }),
      ),
    );

    const accepted = acks.flatMap((ack) => (ack.ok ? [BookingSchema.parse(ack.data.booking)] : []));
    const refused = acks.flatMap((ack) => (ack.ok ? [] : [ack.error.code]));
    console.info(`accepted ${accepted.length} of ${acks.length}`);
    expect(accepted).toHaveLength(50);
    expect(new Set(refused)).toEqual(new Set(['SOLD_OUT']));
    expect(accepted.map((b) => b.sequence).sort((x, y) => x - y)).toEqual(
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
    expect(new Set(accepted.map((b) => b.viewerId)).size).toBe(50);
    expect(await seller.item(itemId)).toMatchObject({ available: 0, booked: 50 });
    await untilAuditOk(seller);
    for (const watch of watchers) {
      await watch.settled(seller, itemId);
      for (const frame of watch.frames(itemId)) {
        expect(unitsOf(frame)).toBe(50);
        expect(
          Math.min(frame.available, frame.booked, frame.allocated, frame.sold),
        ).not.toBeLessThan(0);
      }
    }
  });

  it('never lets a larger wish take more than is left', async () => {
    const seller = host(servers[0]);
    const { liveId, itemId } = await seller.stage(50);
    const viewers = await crowd(seller.shop, 100);

    const acks = await Promise.all(
      viewers.map((v, i) =>
        v.emit('booking:create', { liveId, itemId, quantity: (i % 7) + 1, requestId: 'mine' }),
      ),
    );

    const units = acks.reduce((sum, ack) => sum + (ack.ok ? ack.data.booking.quantity : 0), 0);
    const { available, booked } = await seller.item(itemId);
    expect({ available, booked }).toEqual({ available: 50 - units, booked: units });
    for (const ack of acks) {
      if (ack.ok) continue;
      expect(['SOLD_OUT', 'INSUFFICIENT_STOCK']).toContain(ack.error.code);
    }
    // Wishes of one unit came until the very end, so nothing is left over.
    expect(units).toBe(50);
    await untilAuditOk(seller);
  });

  it('keeps items apart that are booked at the same time', async () => {
    const seller = host(servers[0]);
    const { liveId, items } = await seller.stage(3, 5, 7);
    const viewers = await crowd(seller.shop, 60);

    const acks = await Promise.all(
      viewers.map((v, i) =>
        v.emit('booking:create', {
          liveId,
          itemId: items[i % 3]?.itemId ?? '',
          quantity: 1,
          requestId: 'mine',
        }),
      ),
    );

    const counts = items.map(
      ({ itemId }) => acks.filter((ack) => ack.ok && ack.data.booking.itemId === itemId).length,
    );
    expect(counts).toEqual([3, 5, 7]);
    await untilAuditOk(seller);
  });
});
