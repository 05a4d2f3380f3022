import { beforeAll, describe, expect, it } from 'vitest';
import { viewer } from '../../support/client.js';
import { host } from '../../support/host.js';
import { startRedis } from '../../support/redis-server.js';
import { startServer, type TestServer } from '../../support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
});

describe('an answer', () => {
  it('is the same whichever way it takes: a frame written at once, or Engine.IO’s queue', async () => {
    const seller = host(server);
    const names = ['Kemeja', 'Baju “murah” 👗 \\ "M"', 'é'.repeat(60)];
    const items = await Promise.all(
      names.map(async (name, i) => {
        const body = { sku: `S${i}`, code: `A${i}`, name, price: 10_000, stock: 5 };
        return (await seller.post<{ item: { itemId: string } }>('/items', body)).item.itemId;
      }),
    );
    const made = { title: 'Live', itemIds: items };
    const { liveId } = (await seller.post<{ live: { liveId: string } }>('/lives', made)).live;
    await seller.post(`/lives/${liveId}/start`);
    const direct = await viewer(server, seller.shop, 'ani');
    const queued = await viewer(server, seller.shop, 'ani', 'polling');

    for (const [i, itemId] of items.entries()) {
      const request = { liveId, itemId, quantity: 1, requestId: `r${i}` };
      const first = await direct.ask('booking:create', request);
      expect(first.item).toMatchObject({ name: names[i], available: 4, booked: 1 });
      // The one is put together as text, the other read back from the record.
      expect(await queued.ask('booking:create', request)).toEqual(first);
    }
    const refused = { liveId, itemId: items[0] as string, quantity: 9, requestId: 'r' };
    const askedOf = [direct, queued];
    for (const send of [
      (of: typeof direct) => of.emit('booking:create', refused),
      (of: typeof direct) => of.send('booking:create', { liveId }),
      (of: typeof direct) => of.send('no:such:command', {}),
      (of: typeof direct) => of.emit('me:get', {}),
      (of: typeof direct) => of.emit('live:join', { shopId: seller.shop, liveId }),
    ]) {
      const [one, other] = await Promise.all(askedOf.map(send));
      expect(withoutClock(other)).toEqual(withoutClock(one));
    }
  });
});

function withoutClock(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer), (key, value) => (key === 'serverTime' ? 0 : value));
}
