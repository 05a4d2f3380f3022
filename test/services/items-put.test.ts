import { beforeAll, describe, expect, it } from 'vitest';
import { type ItemView, ItemViewSchema } from '../../src/protocol/item.js';
import { untilAuditOk } from '../support/audit.js';
import { viewer } from '../support/client.js';
import { fingerprint } from '../support/fingerprint.js';
import { type Host, host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
});

interface Put {
  items: ItemView[];
  created: number;
}

async function put(seller: Host, items: object[], requestId?: string): Promise<Put> {
  const { status, body } = await seller.call('PUT', '/items', { items, requestId });
  expect(body).toMatchObject({ items: {} });
  expect(status).toBe(200);
  return body;
}

/** Refused with these problems, and everything is as before. */
async function refused(seller: Host, items: unknown, code: string, issues: object[]) {
  const before = await fingerprint(seller);
  const { body } = await seller.call('PUT', '/items', { items });
  expect(body.error).toMatchObject({ code, details: { issues } });
  expect(body.error.details.issues).toHaveLength(issues.length);
  expect(await fingerprint(seller)).toBe(before);
}

const line = (n: number, more: object = {}) => ({
  sku: `SKU-${n}`,
  code: `A${n}`,
  name: `Kemeja ${n}`,
  price: 10_000 + n,
  ...more,
});

describe('PUT /items', () => {
  it('makes a thousand items, and changes those of them that differ', async () => {
    const seller = host(server);
    const lines = Array.from({ length: 1_000 }, (_, n) => line(n, { available: n }));
    const { items, created } = await put(seller, lines);
    expect(created).toBe(1_000);
    expect(items.map(({ sku, available, open }) => [sku, available, open])).toEqual(
      lines.map(({ sku }, n) => [sku, n, true]),
    );
    ItemViewSchema.array().parse(items);
    const { items: newest } = await seller.get<{ items: ItemView[] }>('/items?limit=2');
    expect(newest.map(({ sku }) => sku)).toEqual(['SKU-999', 'SKU-998']);

    lines[7] = line(7, { available: 700, name: 'Lain', open: false, imageUrl: '/a.png' });
    const again = await put(seller, lines);
    expect(again.created).toBe(0);
    const changed = again.items.filter((item, n) => item.revision !== items[n]?.revision);
    expect(changed).toMatchObject([{ sku: 'SKU-7', available: 700, name: 'Lain', open: false }]);
    await put(seller, [
      { sku: 'SKU-7', imageUrl: null },
      { sku: 'SKU-8', price: 1 },
    ]);
    expect(await seller.item(items[7]?.itemId ?? '')).not.toHaveProperty('imageUrl');
    expect(await seller.item(items[8]?.itemId ?? '')).toMatchObject({ price: 1, available: 8 });
    await untilAuditOk(seller);
  });

  it('names every problem by its line, and changes nothing', async () => {
    const seller = host(server);
    await put(seller, [line(1, { available: 5 }), line(2)]);
    await seller.post('/items', { ...line(2), code: 'TWIN', stock: 1 });
    await seller.post('/items', { ...line(9), code: 'É9', stock: 1 });
    const inShape = [
      line(1, { available: 9 }),
      { sku: 'NEW' },
      line(2),
      line(4, { code: 'e\u03019' }),
    ];
    await refused(seller, inShape, 'VALIDATION', [
      { line: 1, path: 'items.1.code', message: 'is needed for a new item' },
      { line: 1, path: 'items.1.name' },
      { line: 1, path: 'items.1.price' },
      { line: 2, path: 'items.2.sku', message: 'is that of several items' },
      { line: 3, path: 'items.3.code', message: 'is taken by another item of the shop' },
    ]);
    await refused(seller, [line(1, { name: 'B' }), line(5, { code: 'twin' })], 'ALREADY_EXISTS', [
      { line: 1, path: 'items.1.code' },
    ]);
    const bad = [
      {},
      line(1),
      line(1, { code: 'B', available: -1 }),
      line(3, { sold: 1, stock: 1.5 }),
    ];
    await refused(seller, bad, 'VALIDATION', [
      { line: 0, path: 'items.0.sku' },
      { line: 2, path: 'items.2.available' },
      { line: 3, path: 'items.3.stock' },
      { line: 3, path: 'items.3.sold' },
    ]);
    await refused(seller, [line(1), line(3), line(1, { code: 'a3' })], 'VALIDATION', [
      { line: 2, path: 'items.2.sku', message: 'is that of line 0, too' },
      { line: 2, path: 'items.2.code', message: 'is that of line 1, too' },
    ]);
    await refused(seller, [line(1, { available: 1, stock: 1 })], 'VALIDATION', [{ line: 0 }]);
    const tooMany = Array.from({ length: 1_001 }, (_, n) => line(n));
    await refused(seller, tooMany, 'VALIDATION', [{ path: 'items' }]);
  });

  it('lets items exchange their codes, and gives on what one of them leaves', async () => {
    const seller = host(server);
    const { items } = await put(seller, [line(1), line(2)]);
    await put(seller, [
      { sku: 'SKU-1', code: 'a2' },
      { sku: 'SKU-2', code: 'NEW' },
      line(3, { code: 'A1' }),
    ]);
    for (const [code, sku] of [
      ['A1', 'SKU-3'],
      ['A2', 'SKU-1'],
      ['new', 'SKU-2'],
    ]) {
      const found = await seller.get<{ items: ItemView[] }>(`/items?code=${code}`);
      expect(found.items.map((item) => item.sku)).toEqual([sku]);
    }
    expect(await seller.item(items[0]?.itemId ?? '')).toMatchObject({ code: 'a2' });
  });

  it('serves who waits from stock that rises, announces the rest to everyone, and can be repeated', async () => {
    const seller = host(server);
    const { liveId, itemId, items } = await seller.stage(1, 5);
    const [sku, other] = items.map((item) => item.sku);
    const [ani, budi] = [
      await viewer(server, seller.shop, 'ani'),
      await viewer(server, seller.shop, 'budi'),
    ];
    const request = { liveId, itemId, quantity: 1, requestId: 'r' };
    await ani.ask('booking:create', request);
    await budi.ask('waitlist:join', { ...request, quantity: 2 });
    await ani.ask('live:join', { shopId: seller.shop, liveId });
    const lines = [
      { sku, available: 5 },
      { sku: other, available: 2 },
    ];
    const first = await put(seller, lines, 'sync-1');
    expect(first.items).toMatchObject([
      { available: 3, booked: 3, waiting: 0 },
      { available: 2, booked: 0 },
    ]);
    expect((await budi.next('booking:updated')).booking).toMatchObject({ source: 'waitlist' });
    const { releases } = await ani.next('stock:released');
    expect(releases).toMatchObject([{ itemId, quantity: 3, reason: 'restocked', available: 3 }]);
    expect(await put(seller, lines, 'sync-1')).toEqual(first);
    expect(await seller.call('PUT', '/items', { items: [], requestId: 'sync-1' })).toMatchObject({
      body: { error: { code: 'REQUEST_CONFLICT' } },
    });
    expect(await put(seller, lines)).toMatchObject({ items: [{ available: 5 }, { available: 2 }] });
    await untilAuditOk(seller);
  });

  it('hands a large delivery over to a long line whole, before it answers', async () => {
    const seller = host(server);
    const { liveId, itemId, items } = await seller.stage(0);
    const waiters = Array.from({ length: 150 }, (_, n) => `w${n}`);
    await Promise.all(
      waiters.map(async (id) => {
        const client = await viewer(server, seller.shop, id);
        await client.ask('waitlist:join', { liveId, itemId, quantity: 1, requestId: 'w' });
      }),
    );
    const { items: put1 } = await put(seller, [{ sku: items[0]?.sku, available: 160 }]);
    expect(put1).toMatchObject([{ available: 10, booked: 150, waiting: 0 }]);
    await untilAuditOk(seller);
  });

  it('is a helper’s as well, and no viewer’s', async () => {
    const seller = host(server);
    const token = (claims: object) => signToken({ sub: 'h', shop: seller.shop, ...claims });
    const helper = token({ role: 'host', staff: 'helper' });
    expect((await seller.call('PUT', '/items', { items: [] }, helper)).status).toBe(200);
    const large = { items: [line(1, { name: 'x'.repeat(100_000) })] };
    expect((await seller.call('PUT', '/items', large, token({ role: 'viewer' }))).status).toBe(403);
  });
});
