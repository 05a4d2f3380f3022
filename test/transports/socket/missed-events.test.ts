import { beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.js';
import { connectViewer } from '../../../src/client/index.js';
import { readConfig } from '../../../src/config.js';
import { atEnd } from '../../support/at-end.js';
import { hostSocket, type ViewerClient, viewer } from '../../support/client.js';
import { host, type Stage } from '../../support/host.js';
import { type RedisProxy, startRedisProxy } from '../../support/redis-proxy.js';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { startServer, type TestServer } from '../../support/server.js';
import type { Reachable } from '../../support/server-environment.js';
import { serverEnvironment } from '../../support/server-environment.js';
import { signToken } from '../../support/tokens.js';
import { until } from '../../support/until.js';

let redis: RedisServer;
let near: TestServer;
let proxy: RedisProxy;
/** Its Redis goes away now and then. */
let far: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  near = await startServer({ redisUrl: redis.url });
  proxy = await startRedisProxy(redis);
  far = await startServer({ redisUrl: proxy.url });
});

async function opened() {
  const seller = host(near);
  await seller.settings({ booking: { cancelPenaltyPerItem: 5, waitlist: true } });
  const stage = await seller.stage(3, 3, 0);
  return { seller, stage, phone: await viewer(near, seller.shop, 'ani') };
}

async function book(phone: ViewerClient, { liveId, items }: Stage, n: number) {
  const itemId = items[n]?.itemId ?? '';
  const request = { liveId, itemId, quantity: 1, requestId: `book ${n}` };
  return (await phone.ask('booking:create', request)).booking;
}

/** While the far server sees nothing: of one booking the end, another one, a place in line. */
async function happenings(phone: ViewerClient, stage: Stage, first: { bookingId: string }) {
  await phone.ask('booking:cancel', { bookingId: first.bookingId });
  const second = await book(phone, stage, 1);
  const itemId = stage.items[2]?.itemId ?? '';
  const wish = { liveId: stage.liveId, itemId, quantity: 1, requestId: 'wait' };
  return { second, entry: (await phone.ask('waitlist:join', wish)).entry };
}

/** The events that every client knows, and what is so now as a whole. */
async function hearsOf(
  tablet: ViewerClient,
  first: { bookingId: string },
  { second, entry }: Awaited<ReturnType<typeof happenings>>,
) {
  const of = (bookingId: string, status: string) =>
    tablet.next(
      'booking:updated',
      (t) => t.booking.bookingId === bookingId && t.booking.status === status,
    );
  await of(first.bookingId, 'cancelled');
  await of(second.bookingId, 'held');
  expect((await tablet.next('waitlist:updated')).entry).toEqual(entry);
  expect(await tablet.next('reputation:changed')).toMatchObject({ reputation: 95, delta: -5 });
  expect(await tablet.next('viewer:updated')).toMatchObject({ reputation: 95, status: 'active' });
}

describe('what is a viewer’s own', () => {
  it('is sent again after a gap in the stream, and hosts reconnect for everything', async () => {
    const { seller, stage, phone } = await opened();
    const tablet = await viewer(far, seller.shop, 'ani');
    const steady = connectViewer({
      url: far.url,
      token: signToken({ sub: 'ani', shop: seller.shop, role: 'viewer' }),
      shopId: seller.shop,
      liveId: stage.liveId,
      socket: { transports: ['websocket'] },
    });
    atEnd(() => steady.close());
    await steady.ready();
    const cockpit = await hostSocket(far, seller.shop);
    const first = await book(phone, stage, 0);
    await tablet.next('booking:updated');

    const sentBack = new Promise((resolve) => cockpit.socket.once('disconnect', resolve));
    proxy.cut();
    const happened = await happenings(phone, stage, first);
    await (await redis.client()).xTrim(`livehold:{${seller.shop}}:events`, 'MAXLEN', 0);
    proxy.mend();

    await hearsOf(tablet, first, happened);
    expect((await tablet.next('me:replaced')).me).toEqual(await phone.ask('me:get', {}));
    await sentBack;
    await until('the client knows what the viewer has', () => {
      const { bookings = [], waitlist = [], reputation } = steady.me ?? {};
      return (
        bookings.length === 1 &&
        bookings[0]?.bookingId === happened.second.bookingId &&
        waitlist[0]?.entryId === happened.entry.entryId &&
        reputation === 95
      );
    });
    const third = await phone.ask('booking:cancel', { bookingId: happened.second.bookingId });
    const { booking } = await tablet.next(
      'booking:updated',
      (told) => told.booking.status === 'cancelled',
    );
    expect(booking).toEqual(third.booking);
  });

  it('is sent to a socket that connected before its server had a store', async () => {
    const { seller, stage, phone } = await opened();
    const first = await book(phone, stage, 0);
    const away = await startRedisProxy(redis);
    away.cut();
    const app = createApp(readConfig(serverEnvironment(away.url, {})));
    atEnd(() => app.close());
    const { port } = await app.listen();
    const starting = app.start();
    const early: Reachable = { url: `http://127.0.0.1:${port}` };
    const tablet = await viewer(early, seller.shop, 'ani');

    const happened = await happenings(phone, stage, first);
    away.mend();
    // Also of what happened in less time than Redis takes to answer.
    away.delay(150);
    await starting;
    await hearsOf(tablet, first, happened);
    expect(tablet.heard('me:replaced')).toEqual([]);
  });
});
