import { beforeAll, describe, expect, it } from 'vitest';
import { shopKey } from '../../../src/store/keys.js';
import { hostSocket, type ViewerClient, viewer } from '../../support/client.js';
import { host, type Stage } from '../../support/host.js';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { startServer, type TestServer } from '../../support/server.js';

let redis: RedisServer;
let servers: [TestServer, TestServer];

beforeAll(async () => {
  redis = await startRedis();
  const redisUrl = redis.url;
  servers = [await startServer({ redisUrl }), await startServer({ redisUrl })];
});

const BOOKINGS = 40;

/** Books from one server, as fast as it answers, several at a time; answers the bookings' ids. */
async function bookMany(client: ViewerClient, { liveId, itemId }: Stage): Promise<string[]> {
  const bookings = await Promise.all(
    Array.from({ length: BOOKINGS }, (_, i) =>
      client.ask('booking:create', { liveId, itemId, quantity: 1, requestId: `r${i}` }),
    ),
  );
  return bookings.map(({ booking }) => booking.bookingId).sort();
}

/** Ids of the bookings that a device has heard of, each as often as it did. */
async function heardOf(device: ViewerClient): Promise<string[]> {
  // Told after everything before it.
  await device.next('reputation:changed');
  return device
    .heard('booking:updated')
    .filter(({ booking }) => booking.status === 'held')
    .map(({ booking }) => booking.bookingId)
    .sort();
}

describe('an event for a viewer', () => {
  it.each([
    ['nobody else listens', false],
    ['a host listens on the same server', true],
  ])(
    'comes once to every device on every server but the socket that has the answer, when %s',
    async (_, hosted) => {
      const seller = host(servers[0]);
      const stage = await seller.stage(100);
      await seller.settings({ booking: { cancelPenaltyPerItem: 1 } });
      const desk = hosted ? await hostSocket(servers[0], seller.shop) : undefined;
      const devices = [
        await viewer(servers[0], seller.shop, 'ani'),
        await viewer(servers[0], seller.shop, 'ani', 'polling'),
        await viewer(servers[1], seller.shop, 'ani'),
      ];
      const [first] = devices as [ViewerClient];
      const ids = await bookMany(first, stage);
      await first.ask('booking:cancel', { bookingId: ids[0] as string });

      for (const device of devices)
        expect(await heardOf(device)).toEqual(device === first ? [] : ids);
      if (!desk) return;
      await desk.next('reputation:changed');
      const told = desk.heard('booking:updated').filter(({ booking }) => booking.status === 'held');
      expect(told.map(({ booking }) => booking.bookingId).sort()).toEqual(ids);
      expect(told[0]?.viewer).toMatchObject({ viewerId: 'ani', name: 'Viewer ani' });
    },
  );

  it('is the same over polling and over a websocket, whatever its size and letters', async () => {
    const seller = host(servers[0]);
    const { liveId } = await seller.stage(1);
    const clients = [
      await viewer(servers[0], seller.shop, 'ani'),
      await viewer(servers[0], seller.shop, 'budi', 'polling'),
    ];
    for (const client of clients) {
      await client.ask('live:join', { shopId: seller.shop, liveId });
    }
    for (const title of ['B', 'Baju “murah” 👗', 'é'.repeat(100)]) {
      const { live } = await seller.patch<{ live: object }>(`/lives/${liveId}`, { title });
      for (const client of clients) {
        expect(await client.next('live:updated', (told) => told.live.title === title)).toEqual({
          live,
        });
      }
    }
  });

  it('is nothing of a kind that only a later version of the server knows', async () => {
    const seller = host(servers[0]);
    const { liveId, itemId } = await seller.stage(1);
    const [ani, phone] = [
      await viewer(servers[0], seller.shop, 'ani'),
      await viewer(servers[0], seller.shop, 'ani'),
    ];
    const heard: string[] = [];
    phone.socket.onAny((event: string) => heard.push(event));
    const client = await redis.client();
    const key = `${shopKey(seller.shop)}:events`;
    const after = (await client.get(`${key}:last`)) ?? '0-0';
    const brief = '{"viewerId":"ani","name":"Ani","reputation":100}';
    const fields = { after, [`0:praised ${brief}`]: '{}', '1:fireworks': '{}' };
    await client.set(`${key}:last`, await client.xAdd(key, '*', fields));
    await ani.ask('booking:create', { liveId, itemId, quantity: 1, requestId: 'r1' });
    await phone.next('booking:updated');
    expect(heard).toEqual(['booking:updated']);
  });
});
