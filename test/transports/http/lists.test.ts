import { beforeAll, describe, expect, it } from 'vitest';
import { AuditSchema, type Page, ShopViewSchema } from '../../../src/protocol/http.js';
import { ItemViewSchema } from '../../../src/protocol/item.js';
import { LiveSchema } from '../../../src/protocol/live.js';
import { HostBookingSchema } from '../../../src/protocol/snapshot.js';
import { LedgerEntrySchema, ViewerSchema } from '../../../src/protocol/viewer.js';
import { viewer } from '../../support/client.js';
import { type Host, host } from '../../support/host.js';
import { type Buyer, buyer } from '../../support/orders.js';
import { startRedis } from '../../support/redis-server.js';
import { startServer, type TestServer } from '../../support/server.js';
import { signToken } from '../../support/tokens.js';

let server: TestServer;
let seller: Host;
const lives: string[] = [];

/** Seven items, three lives, nine viewers; each of them books in every live, and some cancel. */
beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
  seller = host(server);
  await seller.settings({ booking: { cancelPenaltyPerItem: 2 } });
  const stages = [
    await seller.stage(50, 50),
    await seller.stage(50, 50),
    await seller.stage(50, 50, 50),
  ];
  for (let n = 0; n < 9; n++) {
    const client = await viewer(server, seller.shop, `v${n}`);
    for (const { liveId, itemId } of stages) {
      const request = { liveId, itemId, quantity: n + 1, requestId: liveId };
      const { booking } = await client.ask('booking:create', request);
      if (liveId === stages[0]?.liveId) {
        await client.ask('booking:cancel', { bookingId: booking.bookingId });
      }
    }
  }
  lives.push(...stages.map((stage) => stage.liveId));
});

/** Every row, gathered page by page. */
async function walk<Row>(path: string, limit: number): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = '';
  for (let pages = 0; cursor !== null && pages < 100; pages++) {
    const mark: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const joint: string = path.includes('?') ? '&' : '?';
    const page: Page<Row> = await seller.get(`${path}${joint}limit=${limit}${mark}`);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    rows.push(...page.items);
    cursor = page.nextCursor;
  }
  return rows;
}

const lists: [string, number, { parse(row: unknown): unknown }][] = [
  ['/items', 7, ItemViewSchema],
  ['/lives', 3, LiveSchema],
  ['/bookings', 27, HostBookingSchema],
  ['/bookings?status=held', 18, HostBookingSchema],
  ['/bookings?viewerId=v3', 3, HostBookingSchema],
  ['/bookings?viewerId=v3&status=cancelled', 1, HostBookingSchema],
  ['/viewers', 9, ViewerSchema],
  ['/viewers?maxReputation=90', 5, ViewerSchema],
  ['/viewers?minReputation=91&maxReputation=96', 3, ViewerSchema],
  ['/viewers/v3/reputation', 1, LedgerEntrySchema],
];

describe.each(lists)('%s', (path, count, schema) => {
  it(`has ${count} rows of the contract’s shape, whatever the size of a page`, async () => {
    const all = await walk(path, 200);
    expect(all).toHaveLength(count);
    for (const row of all) expect(schema.parse(row)).toEqual(row);
    for (const limit of [1, 2, 5]) expect(await walk(path, limit)).toEqual(all);
  });
});

describe('lists', () => {
  it('are newest first', async () => {
    expect((await walk<{ liveId: string }>('/lives', 200)).map((row) => row.liveId)).toEqual(
      [...lives].reverse(),
    );
    const bookings = await walk<{ createdAt: number }>(`/bookings?liveId=${lives[1]}`, 200);
    const times = bookings.map((booking) => booking.createdAt);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(times).toHaveLength(9);
  });

  it('of bookings can be of one item', async () => {
    const liveId = lives[0];
    const { items } = await seller.get<Page<{ itemId: string }>>(`/bookings?liveId=${liveId}`);
    const itemId = items[0]?.itemId;
    const path = `/bookings?itemId=${itemId}&status=cancelled`;
    expect(await walk(path, 4)).toMatchObject(Array(9).fill({ itemId, liveId }));
    expect(await walk(`/bookings?itemId=${itemId}&liveId=${lives[1]}`, 4)).toEqual([]);
  });

  it('do not shift under a cursor when something new comes', async () => {
    const first = await seller.get<Page<{ itemId: string }>>('/items?limit=3');
    await host(server, seller.shop).createItem(1);
    const rest = await seller.get<Page<{ itemId: string }>>(`/items?cursor=${first.nextCursor}`);
    const ids = [...first.items, ...rest.items].map((item) => item.itemId);
    expect(new Set(ids).size).toBe(7);
  });

  it.each([
    ['of the third, which the cursor names,', [2]],
    ['of all that were shown', [0, 1, 2]],
    ['of the next, who was not shown yet,', [3]],
  ])('of viewers leave nobody out when the reputation %s falls between pages', async (_, who) => {
    const shop = host(server);
    await shop.settings({ booking: { cancelPenaltyPerItem: 1 } });
    const stage = await shop.stage(50);
    const clients = new Map<string, Buyer>();
    for (let n = 0; n < 9; n++)
      clients.set(`w${n}`, await buyer(server, shop.shop, stage, `w${n}`));
    const ids = (page: Page<{ viewerId: string }>) => page.items.map((row) => row.viewerId);
    const order = ids(await shop.get('/viewers'));
    const first = await shop.get<Page<{ viewerId: string }>>('/viewers?limit=3');

    for (const place of who) {
      const client = clients.get(order[place] ?? '');
      const { bookingId } = (await client?.book()) ?? { bookingId: '' };
      await client?.client.ask('booking:cancel', { bookingId });
    }
    const rest = await shop.get<Page<{ viewerId: string }>>(
      `/viewers?cursor=${encodeURIComponent(first.nextCursor ?? '')}`,
    );
    const fallen = who.map((place) => order[place] ?? '');
    const stayed = order.slice(3).filter((id) => !fallen.includes(id));
    expect(ids(first)).toEqual(order.slice(0, 3));
    expect(ids(rest)).toEqual([...stayed, ...fallen.sort().reverse()]);
  });

  it('find their place among hundreds of equal reputations when the cursor’s viewer has left it', async () => {
    const shop = host(server);
    await shop.settings({ booking: { cancelPenaltyPerItem: 1 } });
    const stage = await shop.stage(50);
    const names = Array.from({ length: 450 }, (_, n) => `w${String(n).padStart(3, '0')}`);
    await Promise.all(
      names.map((name) =>
        server.app.services.viewers.me(shop.shop, { viewerId: name, name, guest: false }),
      ),
    );
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const mark: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
      const part: Page<{ viewerId: string }> = await shop.get(`/viewers?limit=150${mark}`);
      seen.push(...part.items.map((row) => row.viewerId));
      cursor = part.nextCursor;
      const last = await buyer(server, shop.shop, stage, seen.at(-1));
      const { bookingId } = await last.book();
      await last.client.ask('booking:cancel', { bookingId });
    } while (cursor !== null);
    const once = [...new Set(seen)];
    expect(once.sort()).toEqual(names);
    // Those who fell behind the place after they were shown come again, and nobody else does.
    expect(seen).toHaveLength(names.length + 3);
  });

  it.each([
    '/viewers?cursor=nonsense',
    '/viewers/v3/reputation?cursor=nonsense',
    '/bookings?viewerId=v3&cursor=-1',
  ])('refuse a cursor that no page gave: %s', async (path) => {
    const { status, body } = await seller.call('GET', path);
    expect({ status, code: body.error.code }).toEqual({ status: 400, code: 'VALIDATION' });
  });

  it('of a viewer’s own reputation are the viewer’s to read', async () => {
    const token = signToken({ sub: 'v3', shop: seller.shop, role: 'viewer' });
    const { status, body } = await seller.call('GET', '/me/reputation', undefined, token);
    expect(status).toBe(200);
    expect(body.items).toMatchObject([{ delta: -8, before: 100, after: 92 }]);
  });
});

describe('the audit and the public page of a shop', () => {
  it('have the contract’s shape', async () => {
    const audit = await seller.audit();
    expect(AuditSchema.parse(audit)).toEqual(audit);
    expect(audit).toMatchObject({ ok: true, reputationOk: true, problems: [] });
    const response = await fetch(`${server.url}/api/v1/shops/${seller.shop}`);
    const { shop } = (await response.json()) as { shop: unknown };
    expect(ShopViewSchema.parse(shop)).toEqual(shop);
    expect(shop).toMatchObject({ shopId: seller.shop, socialMedia: {}, marketplace: {} });
  });
});
