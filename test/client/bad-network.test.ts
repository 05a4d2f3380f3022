import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { connectViewer, LiveholdError, settle, type ViewerClient } from '../../src/client/index.js';
import { atEnd } from '../support/at-end.js';
import { viewer as rawViewer } from '../support/client.js';
import { type Host, host, newShop, type Stage } from '../support/host.js';
import { type Network, startNetwork } from '../support/network.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';
import { until } from '../support/until.js';

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
});

interface Scene {
  seller: Host;
  stage: Stage;
  network: Network;
  ani: ViewerClient;
}

/** Ani is in a live, over a network of her own that the test can spoil. */
async function scene(...stocks: number[]): Promise<Scene> {
  const shop = newShop();
  const seller = host(server, shop);
  const stage = await seller.stage(...stocks);
  const network = await startNetwork(server);
  const token = signToken({ sub: 'ani', shop, role: 'viewer', name: 'Ani' });
  const ani = connectViewer({ url: network.url, token, shopId: shop, liveId: stage.liveId });
  atEnd(() => ani.close());
  await ani.ready();
  return { seller, stage, network, ani };
}

function next(client: ViewerClient, event: 'online' | 'offline' | 'joined'): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.on(event, () => {
      stop();
      resolve();
    });
  });
}

/** How many commands of this name the server has turned down for what they say. */
async function refused(command: string): Promise<number> {
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const count = new RegExp(`event="${command}",outcome="VALIDATION"\\} (\\d+)`).exec(metrics);
  return Number(count?.[1] ?? 0);
}

async function failure(work: Promise<unknown>): Promise<string> {
  const outcome = await settle(work);
  return outcome.ok ? 'it went well' : outcome.error.code;
}

describe('a connection that goes silent', () => {
  it('is reported as lost within 5 s, and comes back with what happened meanwhile', async () => {
    const { seller, stage, network, ani } = await scene(5);
    const gone = next(ani, 'offline');
    const frozenAt = performance.now();
    network.freeze();
    await gone;
    expect(performance.now() - frozenAt).toBeLessThan(5_000);
    expect(ani.isCurrent).toBe(false);

    const budi = await rawViewer(server, seller.shop, 'budi');
    const wish = { liveId: stage.liveId, itemId: stage.itemId, quantity: 2, requestId: 'b' };
    await budi.ask('booking:create', wish);
    const joined = next(ani, 'joined');
    network.thaw();
    await joined;
    expect(ani.item(stage.itemId)).toMatchObject({ available: 3, booked: 2 });
    expect(ani.isCurrent).toBe(true);
  });

  it('and was forgotten by a router is made anew as soon as another way to the server is found', async () => {
    const { stage, network, ani } = await scene(5);
    const joined = next(ani, 'joined');
    const forgottenAt = performance.now();
    network.forget();
    await joined;
    expect(performance.now() - forgottenAt).toBeLessThan(6_000);
    expect((await ani.book(stage.itemId)).sequence).toBe(1);
  });

  it('is not confused with a slow one', async () => {
    const { stage, network, ani } = await scene(5);
    let lost = 0;
    ani.on('offline', () => {
      lost += 1;
    });
    network.delay(1_500);
    for (let i = 0; i < 3; i += 1) await ani.connection.command('me:get', {});
    await ani.book(stage.itemId);
    await delay(5_000);
    expect(lost).toBe(0);
  });

  it('costs a few pings while nothing happens, and none while the live is busy', async () => {
    const { seller, stage, ani } = await scene(50);
    const sent = vi.spyOn(ani.connection, 'send');
    await delay(6_000);
    const idle = sent.mock.calls.filter(([event]) => event === 'ping').length;
    expect(idle).toBeGreaterThan(0);
    expect(idle).toBeLessThan(4);
    sent.mockClear();
    for (let i = 0; i < 6; i += 1) {
      await seller.restock(stage.itemId, 1);
      await delay(1_000);
    }
    expect(sent).not.toHaveBeenCalled();
  });
});

describe('a command', () => {
  it('fails at once while offline, and books nothing later', async () => {
    const { seller, stage, network, ani } = await scene(5);
    const gone = next(ani, 'offline');
    network.freeze();
    await gone;
    const asked = performance.now();
    expect(await failure(ani.book(stage.itemId))).toBe('OFFLINE');
    expect(performance.now() - asked).toBeLessThan(100);
    const joined = next(ani, 'joined');
    network.thaw();
    await joined;
    await ani.connection.command('me:get', {});
    expect(await seller.item(stage.itemId)).toMatchObject({ available: 5, booked: 0 });
    expect(ani.me?.bookings).toEqual([]);
  });

  it.each([
    ['before it is known to be dead', 1_000],
    ['and the connection was given up', 9_000],
  ])('that was sent into a dead network is refused when it arrives, %s', async (_, frozenMs) => {
    const { seller, stage, network, ani } = await scene(5);
    const { liveId, itemId } = stage;
    const wish = { liveId, itemId, quantity: 1, requestId: 'late' };
    const refusedBefore = await refused('booking:create');
    network.freeze();
    const asked = performance.now();
    const booking = ani.connection.command('booking:create', wish, { patienceMs: 800 });
    expect(await failure(booking)).toBe('TIMEOUT');
    expect(performance.now() - asked).toBeLessThan(1_200);
    await delay(frozenMs);
    network.thaw();
    await until('the command has arrived', async () => {
      return (await refused('booking:create')) > refusedBefore;
    });
    expect(await seller.item(itemId)).toMatchObject({ available: 5, booked: 0 });
  });

  it('without a last moment would book when it arrives', async () => {
    const { seller, stage, network, ani } = await scene(5);
    const { liveId, itemId } = stage;
    const wish = { liveId, itemId, quantity: 1, requestId: 'late' };
    network.freeze();
    expect(await failure(ani.connection.send('booking:create', wish, 800))).toBe('TIMEOUT');
    network.thaw();
    await until('it has', async () => (await seller.item(itemId)).booked === 1);
    // The answer that came too late for its caller is taken in all the same.
    await until('the viewer knows', () => ani.me?.bookings.length === 1);
  });

  it('whose answer was lost is repeated and happens once', async () => {
    const { seller, stage, network, ani } = await scene(5);
    const lost = network.loseAnswer('"ok":true,"data":{"booking"');
    const booked = ani.book(stage.itemId, 2);
    await lost;
    const booking = await booked;
    expect(booking).toMatchObject({ quantity: 2, sequence: 1, status: 'held' });
    expect(await seller.item(stage.itemId)).toMatchObject({ available: 3, booked: 2 });
    await ani.ready();
    expect(ani.me?.bookings).toEqual([booking]);
  });

  it('is repeated until the store answers, and happens once', async () => {
    const { seller, stage, ani } = await scene(5);
    const attempts = vi.spyOn(ani.connection, 'send');
    redis.freeze();
    const booked = ani.book(stage.itemId);
    await vi.waitFor(() => expect(attempts.mock.calls.length).toBeGreaterThan(1), 9_000);
    redis.thaw();
    expect(await booked).toMatchObject({ sequence: 1 });
    expect(await seller.item(stage.itemId)).toMatchObject({ available: 4, booked: 1 });
  });

  it('that the server refuses is not repeated', async () => {
    const { stage, ani } = await scene(1);
    const attempts = vi.spyOn(ani.connection, 'send');
    const outcome = await settle(ani.book(stage.itemId, 2));
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: 'INSUFFICIENT_STOCK', details: { available: 1 } },
    });
    expect(!outcome.ok && outcome.error).toBeInstanceOf(LiveholdError);
    expect(attempts).toHaveBeenCalledTimes(1);
  });
});
