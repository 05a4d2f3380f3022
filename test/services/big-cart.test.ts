import { beforeAll, describe, expect, it } from 'vitest';
import { shopKey } from '../../src/store/keys.js';
import { untilAuditOk } from '../support/audit.js';
import { hostSocket } from '../support/client.js';
import { type Host, host, type Stage } from '../support/host.js';
import { buyer, stockOf } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

/** The most bookings that one viewer may hold, and so that one order may have. */
const LIMIT = 200;
/** More than Lua can unpack at once. */
const HUGE = 9_000;

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
});

async function opened(stock: number) {
  const seller = host(server);
  const stage = await seller.stage(stock);
  const ani = await buyer(server, seller.shop, stage);
  return { seller, stage, ani };
}

/** Bookings of one unit each. */
async function fillCart(
  { shop }: Host,
  { liveId, itemId }: Stage,
  count: number,
  viewerId = 'ani',
): Promise<void> {
  const { bookings } = server.app.services;
  const viewer = { viewerId, name: `Viewer ${viewerId}`, guest: false };
  const book = (n: number) =>
    bookings.create(shop, viewer, { liveId, itemId, quantity: 1, requestId: `fill-${n}` });
  await Promise.all(Array.from({ length: count }, (_, n) => book(n)));
}

/** Makes every held booking of the shop due at this very moment. */
const LAPSE = `
local time = redis.call('TIME')
local now = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
local count = 0
for _, member in ipairs(redis.call('ZRANGE', KEYS[1] .. ':deadlines', 0, -1)) do
  local list = member:match('^bookings:(%d+)$')
  if list then
    redis.call('ZADD', KEYS[1] .. ':deadlines', 'XX', now, member)
    count = count + redis.call('LLEN', KEYS[1] .. ':due:' .. list)
  end
end
return count`;

describe('a cart of very many bookings', () => {
  it('ends at the limit, and what has ended no longer counts', async () => {
    const { seller, stage, ani } = await opened(2 * LIMIT);
    const { liveId, itemId } = stage;
    await fillCart(seller, stage, LIMIT);
    const request = { liveId, itemId, quantity: 1, requestId: 'one-more' };
    expect(await ani.client.emit('booking:create', request)).toMatchObject({
      error: { code: 'MAX_BOOKINGS', details: { limit: LIMIT } },
    });
    const { bookings } = await ani.client.ask('me:get', {});
    expect(bookings).toHaveLength(LIMIT);
    await ani.client.ask('booking:cancel', { bookingId: bookings[0]?.bookingId ?? '' });
    await ani.client.ask('booking:create', request);
    await untilAuditOk(seller);
  });

  it('becomes one order, and everyone is notified', async () => {
    const count = LIMIT;
    const { seller, stage, ani } = await opened(2 * LIMIT);
    const console = await hostSocket(server, seller.shop);
    await fillCart(seller, stage, count);
    const { checkoutId, lines } = await ani.checkout();
    expect(lines).toHaveLength(count);

    const order = await ani.place(checkoutId);

    expect(order).toMatchObject({ lines, total: count * 10_000, status: 'awaiting_payment' });
    expect(await ani.told(order.orderId, 'awaiting_payment')).toEqual(order);
    expect((await console.next('order:updated')).order).toEqual(order);
    const { items } = await ani.client.next('stock:changed', (told) =>
      told.items.some((view) => view.allocated > 0),
    );
    const stock = { available: 2 * LIMIT - count, booked: 0, allocated: count, sold: 0 };
    expect(items).toMatchObject([{ itemId: stage.itemId, ...stock }]);
    expect(await stockOf(seller, stage.itemId)).toEqual(stock);
    expect((await ani.client.ask('me:get', {})).bookings).toEqual([]);
    await untilAuditOk(seller);
  });

  it('is released whole when thousands lapse at one moment, and shown to the host before', async () => {
    const { seller, stage, ani } = await opened(HUGE);
    const { itemId, liveId } = stage;
    const console = await hostSocket(server, seller.shop);
    await fillCart(seller, stage, LIMIT);
    for (let n = 1; n < HUGE / LIMIT; n++) await fillCart(seller, stage, LIMIT, `viewer-${n}`);
    const full = await console.ask('live:join', { liveId });
    expect(full.items).toMatchObject([{ itemId, available: 0, booked: HUGE }]);
    expect(full.bookings).toHaveLength(1_000);
    expect((await ani.client.ask('me:get', {})).bookings).toHaveLength(LIMIT);
    await untilAuditOk(seller);

    const client = await redis.client();
    expect(await client.eval(LAPSE, { keys: [shopKey(seller.shop)] })).toBe(HUGE);
    const [empty, audit, me] = await Promise.all([
      console.ask('live:join', { liveId }),
      seller.audit(),
      ani.client.ask('me:get', {}),
    ]);

    expect(empty.items).toMatchObject([{ itemId, available: HUGE, booked: 0 }]);
    expect(empty.bookings).toEqual([]);
    expect(audit).toMatchObject({ ok: true, reputationOk: true, problems: [] });
    expect(me.bookings).toEqual([]);
    const told = (items: { available: number }[]) => items[0]?.available === HUGE;
    await ani.client.next('stock:changed', ({ items }) => told(items));
    await console.next('stock:changed', ({ items }) => told(items));
    await untilAuditOk(seller);
  });
});
