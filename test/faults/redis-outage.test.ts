import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { untilAuditOk } from '../support/audit.js';
import { type ViewerClient, viewer } from '../support/client.js';
import { type Host, host } from '../support/host.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { StockWatch } from '../support/stock-watch.js';
import { until, untilServed } from '../support/until.js';

let redis: RedisServer;
let server: TestServer;
let seller: Host;
let liveId: string;
let itemId: string;
let ani: ViewerClient;

beforeEach(async () => {
  redis = await startRedis('always');
  server = await startServer({ redisUrl: redis.url });
  seller = host(server);
  ({ liveId, itemId } = await seller.stage(1_000));
  ani = await viewer(server, seller.shop, 'ani');
  await ani.ask('live:join', { shopId: seller.shop, liveId });
});

const outages = [
  { name: 'frozen', rounds: 40, begin: () => redis.freeze(), end: () => redis.thaw() },
  { name: 'killed', rounds: 10, begin: () => redis.kill(), end: () => redis.start() },
];

interface Answered {
  what: string;
  code: string;
  ms: number;
}

/** One of every kind of command that needs the store, each with how it was answered and how long that took. */
function everyCommand(round: number): Promise<Answered>[] {
  const request = { liveId, itemId, quantity: 1, requestId: `r${round}` };
  const sockets: [string, unknown][] = [
    ['booking:create', request],
    ['booking:cancel', { bookingId: 'bk_none' }],
    ['live:join', { shopId: seller.shop, liveId }],
    ['me:get', {}],
  ];
  const calls: [string, string, unknown?][] = [
    ['GET', '/items'],
    ['GET', '/audit'],
    ['PATCH', '/settings', { booking: { minReputation: 0 } }],
    ['POST', `/items/${itemId}/restock`, { quantity: 1, requestId: `d${round}` }],
  ];
  const timed = async (what: string, work: Promise<string>): Promise<Answered> => {
    const started = performance.now();
    const code = await work;
    return { what, code, ms: performance.now() - started };
  };
  return [
    ...sockets.map(([event, payload]) =>
      timed(
        event,
        ani.send(event, payload).then((ack) => (ack.ok ? 'ok' : ack.error.code)),
      ),
    ),
    ...calls.map(([method, path, body]) =>
      timed(
        `${method} ${path}`,
        seller.call(method, path, body).then(({ body: b }) => b.error?.code ?? 'ok'),
      ),
    ),
  ];
}

async function readiness(): Promise<number> {
  return (await fetch(`${server.url}/readyz`)).status;
}

describe.each(outages)('with Redis $name', ({ rounds, begin, end }) => {
  it('every command answers STORE_UNAVAILABLE within 5 s, and has one effect in the end', async () => {
    await ani.ask('booking:create', { liveId, itemId, quantity: 1, requestId: 'before' });
    await begin();
    // New commands keep coming in the whole time: none may wait behind those that are stuck.
    const answers: Promise<Answered>[] = [];
    for (let round = 0; round < rounds; round++) {
      answers.push(...everyCommand(round));
      await delay(150);
    }
    expect(await readiness()).toBe(503);
    const answered = await Promise.all(answers);
    const slowest = answered.reduce((a, b) => (a.ms > b.ms ? a : b));
    console.info(
      `${answered.length} commands; slowest ${slowest.what} ${slowest.ms.toFixed(0)} ms`,
    );
    expect(answered.filter(({ code }) => code !== 'STORE_UNAVAILABLE')).toEqual([]);
    expect(slowest.ms).toBeLessThan(5_000);

    await end();
    await until('ready again', async () => (await readiness()) === 200);
    for (let round = 0; round < rounds; round++) {
      const request = { liveId, itemId, quantity: 1, requestId: `r${round}` };
      const ack = await untilServed(() => ani.emit('booking:create', request));
      expect(ack).toMatchObject({ ok: true });
      await until(
        'restocked',
        async () => (await seller.restock(itemId, 1, `d${round}`)).status === 200,
      );
    }
    expect(await seller.item(itemId)).toMatchObject({
      booked: rounds + 1,
      available: 1_000 - 1,
    });
    expect((await ani.ask('me:get', {})).bookings).toHaveLength(rounds + 1);
    await untilAuditOk(seller);
  });

  it('what fell due meanwhile is released, clients catch up, and the sweeper goes on', async () => {
    await seller.settings({ booking: { bookingTimeoutMinutes: 0.02 } });
    const budi = await viewer(server, seller.shop, 'budi');
    const watch = new StockWatch(budi, seller.shop, liveId);
    await watch.join();
    const { booking } = await ani.ask('booking:create', {
      liveId,
      itemId,
      quantity: 3,
      requestId: 'r1',
    });
    await begin();
    await until('the deadline is over', () => Date.now() > booking.expiresAt);
    await end();

    const gone = await ani.next('booking:updated', (told) => told.booking.status === 'expired');
    expect(gone.booking.bookingId).toBe(booking.bookingId);
    await watch.settled(seller, itemId);
    expect(watch.items.get(itemId)).toMatchObject({ available: 1_000, booked: 0 });

    await ani.ask('booking:create', { liveId, itemId, quantity: 3, requestId: 'r2' });
    const { releases } = await budi.next('stock:released');
    expect(releases[0]).toMatchObject({ itemId, quantity: 3, reason: 'booking_expired' });
    await ani.next('booking:updated', (told) => told.booking.status === 'expired');
    await untilAuditOk(seller);
  });
});

describe('with Redis away', () => {
  it('a socket may connect; it is served once Redis is back', async () => {
    await redis.kill();
    const late = await viewer(server, seller.shop, 'late');
    const join = () => late.emit('live:join', { shopId: seller.shop, liveId });
    expect(await join()).toMatchObject({ ok: false, error: { code: 'STORE_UNAVAILABLE' } });
    await redis.start();
    expect(await untilServed(join)).toMatchObject({ ok: true });
    await ani.ask('booking:create', { liveId, itemId, quantity: 1, requestId: 'r1' });
    await late.next('stock:changed', ({ items }) => items.some((item) => item.booked === 1));
  });

  it('a server can be stopped', async () => {
    redis.freeze();
    const stuck = ani.emit('me:get', {});
    await server.close();
    await stuck.catch(() => 'the connection went with the server');
  });

  it('a server that starts meanwhile comes up when Redis does', async () => {
    await redis.kill();
    const starting = startServer({ redisUrl: redis.url });
    await redis.start();
    expect((await fetch(`${(await starting).url}/readyz`)).status).toBe(200);
  });
});
