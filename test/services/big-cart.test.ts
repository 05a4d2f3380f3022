import { beforeAll, describe, expect, it } from 'vitest';
import { shopKey } from '../../src/store/keys.js';
import { untilAuditOk } from '../support/audit.js';
import { hostSocket } from '../support/client.js';
import { type Host, host, type Stage } from '../support/host.js';
import { buyer, stockOf } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

/** The most bookings that one order may have. */
const LIMIT = 1_000;
/** More than Lua can unpack at once. */
const HUGE = 9_000;
/** Bookings asked for at a time: none waits so long that it is refused. */
const WAVE = 500;

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
async function fillCart({ shop }: Host, { liveId, itemId }: Stage, count: number): Promise<void> {
  const { bookings } = server.app.services;
  const ani = { viewerId: 'ani', name: 'Viewer ani' };
  const book = (n: number) =>
    bookings.create(shop, ani, { liveId, itemId, quantity: 1, requestId: `fill-${n}` });
  for (let from = 0; from < count; from += WAVE) {
    const wave = Math.min(WAVE, count - from);
    await Promise.all(Array.from({ length: wave }, (_, i) => book(from + i)));
  }
}

/** Makes every held booking of the shop due at this very moment. */
const LAPSE = `
local time = redis.call('TIME')
local now = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
local count = 0
for _, member in ipairs(redis.call('ZRANGE', KEYS[1] .. ':deadlines', 0, -1)) do
  redis.call('ZADD', KEYS[1] .. ':deadlines', 'XX', now, member)
  count = count + redis.call('LLEN', KEYS[1] .. ':due:' .. member:match('%d+'))
end
return count`;

describe('a cart of very many bookings', () => {
  it('cannot be checked out above the limit, and the refusal changes nothing', async () => {
    const { seller, stage, ani } = await opened(2 * LIMIT);
    await fillCart(seller, stage, LIMIT);
    const { checkoutId } = await ani.checkout();
    await ani.book(1);
    const before = await ani.client.ask('me:get', {});
    const item = await seller.item(stage.itemId);
    expect(before.bookings).toHaveLength(LIMIT + 1);
    expect(before.checkout?.checkoutId).toBe(checkoutId);

    expect(await ani.client.emit('checkout:start', {})).toMatchObject({
      ok: false,
      error: { code: 'VALIDATION', details: { limit: LIMIT } },
    });

    expect(await ani.client.ask('me:get', {})).toEqual(before);
    expect(await seller.item(stage.itemId)).toEqual(item);
    expect(ani.client.heard('checkout:expired')).toEqual([]);
    await untilAuditOk(seller);
  });

  it.each([900, LIMIT])('of %i becomes one order, and everyone is told', async (count) => {
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

  it('is shown to the host and released whole when all of it lapses at one moment', async () => {
    const { seller, stage, ani } = await opened(HUGE);
    const { itemId, liveId } = stage;
    const console = await hostSocket(server, seller.shop);
    await fillCart(seller, stage, HUGE);
    const full = await console.ask('live:join', { liveId });
    expect(full.items).toMatchObject([{ itemId, available: 0, booked: HUGE }]);
    expect(full.bookings).toHaveLength(1_000);
    expect((await ani.client.ask('me:get', {})).bookings).toHaveLength(HUGE);
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
