import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../src/protocol/http.js';
import type { ItemView } from '../../src/protocol/item.js';
import { type Host, host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
});

const found = (seller: Host, query: string) => seller.get<Page<ItemView>>(`/items?${query}`);

describe('items', () => {
  it('have codes that are unique in the shop, whatever their case, and free again after a change', async () => {
    const seller = host(server);
    const item = { sku: 'S', code: 'a1', name: 'N', price: 1, stock: 1 };
    const { status, body } = await seller.call('POST', '/items', item);
    expect(status).toBe(201);
    const { itemId } = body.item;
    const taken = { status: 409, body: { error: { code: 'ALREADY_EXISTS', details: { itemId } } } };
    expect(await seller.call('POST', '/items', { ...item, code: 'A1' })).toMatchObject(taken);
    await seller.patch(`/items/${body.item.itemId}`, { code: 'A1' });
    await seller.patch(`/items/${body.item.itemId}`, { code: 'B1' });
    expect((await seller.call('POST', '/items', item)).status).toBe(201);
    expect((await host(server).call('POST', '/items', item)).status).toBe(201);
  });

  it('have one code, whatever its case and however its accents are put together', async () => {
    const seller = host(server);
    const item = { sku: 'S', code: 'É1', name: 'N', price: 1, stock: 1 };
    const { item: first } = await seller.post<{ item: ItemView }>('/items', item);
    for (const code of ['é1', 'E\u03011', 'É\u200B1']) {
      expect((await seller.call('POST', '/items', { ...item, code })).status).toBe(409);
      const { items } = await found(seller, `code=${encodeURIComponent(code)}`);
      expect(items).toEqual([first]);
    }
    await seller.patch(`/items/${first.itemId}`, { code: 'é1' });
    await seller.patch(`/items/${first.itemId}`, { code: 'Ü1' });
    expect((await seller.call('POST', '/items', item)).status).toBe(201);
    expect((await seller.call('POST', '/items', { ...item, code: 'ü1' })).status).toBe(409);
  });

  it('are found by SKU and by code', async () => {
    const seller = host(server);
    const make = async (sku: string, code: string) =>
      (
        await seller.post<{ item: ItemView }>('/items', {
          sku,
          code,
          name: 'N',
          price: 1,
          stock: 1,
        })
      ).item;
    const shirt = await make('KMJ S', 'A1');
    const more = [await make('KMJ', 'A2'), await make('KMJ', 'A3'), await make('KMJ', 'A4')];
    const ids = async (query: string) =>
      (await found(seller, query)).items.map((item) => item.itemId);
    expect(await ids('sku=KMJ%20S')).toEqual([shirt.itemId]);
    expect((await ids('sku=KMJ')).sort()).toEqual(more.map((item) => item.itemId).sort());
    expect(await ids('sku=kmj')).toEqual([]);
    expect(await ids('code=a1')).toEqual([shirt.itemId]);
    expect(await ids('code=A1&sku=KMJ')).toEqual([]);
    expect(await ids('code=A9')).toEqual([]);

    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await found(seller, `sku=KMJ&limit=2${cursor && `&cursor=${cursor}`}`);
      paged.push(...page.items.map((item) => item.itemId));
      cursor = page.nextCursor;
    }
    expect([...paged].sort()).toEqual(more.map((item) => item.itemId).sort());

    await seller.patch(`/items/${shirt.itemId}`, { sku: 'KMJ M', code: 'B1' });
    expect(await ids('sku=KMJ%20S')).toEqual([]);
    expect(await ids('sku=KMJ%20M')).toEqual([shirt.itemId]);
    expect(await ids('code=A1')).toEqual([]);
    expect((await seller.call('GET', '/items?sku=')).status).toBe(400);
  });
});
