import { performance } from 'node:perf_hooks';
import { beforeAll, expect, it } from 'vitest';
import type { EventsAnswer } from '../../src/protocol/webhook.js';
import { type Host, host } from '../support/host.js';
import { buyer } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { until } from '../support/until.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
});

/** All that there is, in pages of `limit`. */
async function all(seller: Host, limit: number, types = ''): Promise<EventsAnswer> {
  const items: EventsAnswer['items'] = [];
  let after = '0-0';
  for (;;) {
    const page = await seller.get<EventsAnswer>(`/events?after=${after}&limit=${limit}${types}`);
    items.push(...page.items);
    if (page.items.length === 0) return { items, nextCursor: page.nextCursor };
    after = page.nextCursor;
  }
}

it('lists what happened, in order, each event once whatever the size of the pages', async () => {
  const seller = host(server);
  const stage = await seller.stage(5);
  const ani = await buyer(server, seller.shop, stage);
  const { orderId } = await ani.buy();
  await seller.post(`/orders/${orderId}/confirm-payment`);
  const whole = await all(seller, 200);
  const types = whole.items.map(({ type }) => type);
  const told = ['live.started', 'booking.created', 'order.placed', 'order.paid'] as const;
  expect(types.filter((type) => told.some((one) => one === type))).toEqual(told);
  expect(new Set(whole.items.map(({ id }) => id)).size).toBe(types.length);
  const ids = ({ items }: EventsAnswer) =>
    items.filter(({ type }) => type !== 'stock.changed').map(({ id }) => id);
  expect(ids(await all(seller, 1))).toEqual(ids(whole));
  const paid = await all(seller, 1, '&types=order.paid,order.expired');
  expect(paid.items).toMatchObject([{ type: 'order.paid', data: { order: { orderId } } }]);
});

it('lists each event once where a page ends in the first entry of a millisecond and others came just before', async () => {
  const redis = await startRedis();
  const own = await startServer({ redisUrl: redis.url });
  const seller = host(own);
  await seller.settings({ booking: { paidRewardPerItem: 1 } });
  const stage = await seller.stage(5);
  const ani = await buyer(own, seller.shop, stage);
  await seller.post('/viewers/ani/reputation', { delta: -9, reason: 'uji', requestId: 'low' });
  const { orderId } = await ani.buy();
  await seller.post(`/orders/${orderId}/confirm-payment`);
  // Nothing is written from here on: the last stock follows within a second.
  await until('the last stock is there', async () => {
    const { items } = await all(seller, 200, '&types=stock.changed');
    return items.some(({ data }) => (data.stock as { sold: number }).sold === 1);
  });
  const client = await redis.client();
  const key = `livehold:{${seller.shop}}:events`;
  const entries = await client.xRange(key, '-', '+');
  const paid = entries?.find(({ message }) => JSON.stringify(message).includes('order.paid'));
  await client.del(key);
  for (const place of ['1000-0', '1000-1', '1001-0', '1001-1'])
    await client.xAdd(key, place, paid?.message ?? {});
  const types = '&types=order.paid,reputation.changed';
  const ids = ({ items }: EventsAnswer) => items.map(({ id }) => id);
  const whole = ids(await all(seller, 200, types));
  expect(whole.length).toBe(8);
  expect(ids(await all(seller, 1, types))).toEqual(whole);
});

it('lists the stock of an item once a second at most, at once, and in the end as it is', async () => {
  const seller = host(server);
  const stage = await seller.stage(1, 1);
  const [busy = '', calm = ''] = stage.items.map(({ itemId }) => itemId);
  const ani = await buyer(server, seller.shop, stage);
  const begun = performance.now();
  let available = 1;
  while (performance.now() - begun < 2_500) {
    await seller.restock(busy, 1);
    available += 1;
  }
  await ani.book(1, calm);
  const { items: now } = await all(seller, 200, '&types=booking.created');
  expect(now).toHaveLength(1);
  const stock: { itemId: string; available: number; at: number }[] = [];
  const last = (itemId: string) => stock.findLast((one) => one.itemId === itemId)?.available;
  for (let after = '0-0'; last(busy) !== available || last(calm) !== 0; ) {
    const query = `after=${after}&wait=5&types=stock.changed`;
    const { items, nextCursor } = await seller.get<EventsAnswer>(`/events?${query}`);
    expect(items).not.toEqual([]);
    stock.push(...items.map(({ data, at }) => ({ ...(data.stock as (typeof stock)[0]), at })));
    after = nextCursor;
  }
  for (const itemId of [busy, calm]) {
    const times = stock.filter((one) => one.itemId === itemId).map(({ at }) => at);
    const between = times.slice(1).map((at, i) => at - (times[i] ?? 0));
    expect(between.filter((ms) => ms < 1_000)).toEqual([]);
  }
  expect(stock.filter(({ itemId }) => itemId === busy).length).toBeLessThanOrEqual(5);
});

it('holds the answer until something happens, or the time is over', async () => {
  const seller = host(server);
  const stage = await seller.stage(5);
  const { nextCursor } = await all(seller, 200);
  const begun = performance.now();
  const none = await seller.get<EventsAnswer>(`/events?after=${nextCursor}&wait=0.5`);
  expect(none).toEqual({ items: [], nextCursor });
  expect(performance.now() - begun).toBeGreaterThanOrEqual(490);
  const waiting = seller.get<EventsAnswer>(`/events?after=${nextCursor}&wait=20&types=live.ended`);
  await seller.restock(stage.itemId, 1);
  await seller.post(`/lives/${stage.liveId}/end`);
  expect((await waiting).items).toMatchObject([{ type: 'live.ended' }]);
});

it('answers what it holds when the server stops', async () => {
  const own = await startServer({ redisUrl: (await startRedis()).url });
  const seller = host(own);
  await seller.stage(1);
  const { nextCursor } = await all(seller, 200);
  const held = seller.get<EventsAnswer>(`/events?after=${nextCursor}&wait=25`);
  // Asked after it, and answered: the server has taken it by then.
  await seller.get('/lives');
  const begun = performance.now();
  const closed = own.close();
  expect(await held).toEqual({ items: [], nextCursor });
  await closed;
  expect(performance.now() - begun).toBeLessThan(5_000);
});

/** Enough old entries that the next commit would cut some off. */
async function fill(redis: RedisServer, shop: string): Promise<() => Promise<number>> {
  const client = await redis.client();
  const key = `livehold:{${shop}}:events`;
  const many = client.multi();
  for (let n = 0; n < 10_300; n += 1) many.xAdd(key, '*', { after: '0-0' });
  await many.execAsPipeline();
  return () => client.xLen(key);
}

it('keeps every event once somebody has asked, however many come', async () => {
  const redis = await startRedis();
  const own = await startServer({ redisUrl: redis.url });
  for (const asks of [false, true]) {
    const seller = host(own);
    const stage = await seller.stage(5);
    if (asks) await seller.get('/events');
    const length = await fill(redis, seller.shop);
    await seller.restock(stage.itemId, 1);
    if (asks) expect(await length()).toBeGreaterThan(10_300);
    else expect(await length()).toBeLessThan(10_200);
  }
});

it('refuses what it does not understand, and strangers', async () => {
  const seller = host(server);
  for (const query of ['after=x', 'types=order.eaten', 'limit=201', 'wait=26', 'more=1']) {
    expect(await seller.call('GET', `/events?${query}`)).toMatchObject({
      status: 400,
      body: { error: { code: 'VALIDATION' } },
    });
  }
  expect((await fetch(`${server.url}/api/v1/events`)).status).toBe(401);
});
