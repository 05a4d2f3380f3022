import { beforeAll, expect, it } from 'vitest';
import { hostSocket, viewer } from '../../support/client.js';
import { host } from '../../support/host.js';
import { startRedisProxy } from '../../support/redis-proxy.js';
import { startRedis } from '../../support/redis-server.js';
import { startServer, type TestServer } from '../../support/server.js';

const ROUNDS = 20;
/** A store that is a little away: what is not awaited before the connect comes too late for sure. */
const AWAY_MS = 20;

let near: TestServer;
let far: TestServer;

beforeAll(async () => {
  const redis = await startRedis();
  const proxy = await startRedisProxy(redis);
  near = await startServer({ redisUrl: proxy.url });
  far = await startServer({ redisUrl: redis.url });
  proxy.delay(AWAY_MS);
});

/** A shop that only `far` has sockets of. */
async function opened() {
  const seller = host(far);
  const { liveId, itemId } = await seller.stage(10);
  const phone = await viewer(far, seller.shop, 'ani');
  const book = async () => {
    const request = { liveId, itemId, quantity: 1, requestId: 'first' };
    return (await phone.ask('booking:create', request)).booking;
  };
  return { shop: seller.shop, book };
}

it('a viewer, the first socket of the shop on its server, receives what follows its connect', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { shop, book } = await opened();
    const ani = await viewer(near, shop, 'ani');
    const booking = await book();
    expect(await ani.next('booking:updated')).toEqual({ booking });
    ani.drop();
  }
});

it('a host, the first socket of the shop on its server, receives what follows its connect', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { shop, book } = await opened();
    const console = await hostSocket(near, shop);
    const booking = await book();
    expect(await console.next('booking:updated')).toMatchObject({ booking });
    console.drop();
  }
});

it('so do both when they connect at the same time', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { shop, book } = await opened();
    const [console, ani] = await Promise.all([hostSocket(near, shop), viewer(near, shop, 'ani')]);
    const booking = await book();
    expect(await ani.next('booking:updated')).toEqual({ booking });
    expect(await console.next('booking:updated')).toMatchObject({ booking });
    ani.drop();
    console.drop();
  }
});
