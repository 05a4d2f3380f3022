import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  connectViewer,
  LiveholdError,
  type Token,
  type ViewerClient,
} from '../../src/client/index.js';
import { atEnd } from '../support/at-end.js';
import { host, newShop } from '../support/host.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
});

/** A token that works for so many seconds. */
function tokenFor(shop: string, seconds: number): string {
  const exp = Math.floor(Date.now() / 1_000) + seconds;
  return signToken({ sub: 'ani', shop, role: 'viewer', name: 'Ani', exp });
}

async function liveWith(token: (shop: string) => Token) {
  const shop = newShop();
  const seller = host(server, shop);
  const stage = await seller.stage(5);
  const { liveId, itemId } = stage;
  const ani = connectViewer({ url: server.url, token: token(shop), shopId: shop, liveId });
  atEnd(() => ani.close());
  return { seller, ani, itemId };
}

function refusal(client: ViewerClient): Promise<LiveholdError> {
  return new Promise((resolve) => client.on('refused', resolve));
}

describe('a token', () => {
  it('that the server refuses is reported, and not tried for ever', async () => {
    const { ani } = await liveWith((shop) => `${tokenFor(shop, 60)}x`);
    expect(await refusal(ani)).toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(ani.ready()).rejects.toBeInstanceOf(LiveholdError);
    expect(ani.status).toBe('offline');
  });

  it('that ends is reported when it ends', async () => {
    const { ani } = await liveWith((shop) => tokenFor(shop, 2));
    const refused = refusal(ani);
    await ani.ready();
    expect(await refused).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is fetched again before it ends, and the viewer goes on', async () => {
    let fetched = 0;
    const { seller, ani, itemId } = await liveWith((shop) => async () => {
      fetched += 1;
      return tokenFor(shop, fetched === 1 ? 3 : 60);
    });
    await ani.ready();
    await ani.book(itemId);
    await delay(4_000);
    expect(fetched).toBe(2);
    await ani.ready();
    const heard = new Promise<unknown>((resolve) => ani.on('booking:updated', resolve));
    const [booking] = ani.me?.bookings ?? [];
    await seller.post(`/bookings/${booking?.bookingId}/cancel`);
    expect(await heard).toMatchObject({ booking: { status: 'cancelled' } });
    expect(ani.me?.bookings).toEqual([]);
  });

  it('that the server refuses is fetched once more', async () => {
    let fetched = 0;
    const { ani } = await liveWith((shop) => () => {
      fetched += 1;
      return fetched === 1 ? 'stale' : tokenFor(shop, 60);
    });
    await ani.ready();
    expect(fetched).toBe(2);
    expect(ani.me?.viewerId).toBe('ani');
  });

  it('may be lacking for who only watches', async () => {
    const { seller, ani, itemId } = await liveWith(() => () => undefined);
    await ani.ready();
    expect(ani.me).toBeNull();
    await expect(ani.book(itemId)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const changed = new Promise<unknown>((resolve) => ani.on('items', resolve));
    await seller.restock(itemId, 3);
    await changed;
    expect(ani.item(itemId)?.available).toBe(8);
    expect(ani.status).toBe('online');
  });
});
