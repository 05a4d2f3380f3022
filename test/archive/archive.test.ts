import { beforeAll, describe, expect, it } from 'vitest';
import { type ArchiveDatabase, migrate, openDatabase } from '../../src/archive/database.js';
import type { Page } from '../../src/protocol/http.js';
import type { Refund } from '../../src/protocol/refund.js';
import type { LiveReport, Period } from '../../src/protocol/report.js';
import type { EventsAnswer } from '../../src/protocol/webhook.js';
import { atEnd } from '../support/at-end.js';
import { type Host, host } from '../support/host.js';
import { buyer } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';
import { until } from '../support/until.js';
import { lastingDifferences, untilArchived } from './compare.js';
import { databases } from './databases.js';
import { evening } from './evening.js';

describe.each(databases)('the archive in %s', (_, start) => {
  let redis: RedisServer;
  let server: TestServer;
  let db: ArchiveDatabase;
  beforeAll(async () => {
    const [url, started] = await Promise.all([start(), startRedis()]);
    redis = started;
    db = openDatabase(url, () => {});
    await migrate(db);
    atEnd(() => db.destroy());
    server = await startServer({ redisUrl: redis.url, DATABASE_URL: url });
  });

  it('has everything that happens in a shop', async () => {
    const seller = host(server);
    await evening(seller, server);
    await untilArchived(redis, seller.shop);
    expect(await lastingDifferences(redis, db, seller.shop)).toEqual([]);
    // What grows is read on from where it was.
    const more = { delta: -3, reason: 'lagi', requestId: 'again' };
    await seller.post('/viewers/ani/reputation', more);
    await untilArchived(redis, seller.shop);
    expect(await lastingDifferences(redis, db, seller.shop)).toEqual([]);
    const orders = await db
      .selectFrom('orders')
      .select(['code', 'status', 'total', 'host_note'])
      .where('shop_id', '=', seller.shop)
      .orderBy('created_at')
      .execute();
    expect(orders.map(({ status, total, host_note }) => ({ status, total, host_note }))).toEqual([
      { status: 'refunded', total: 20_000, host_note: 'mau warna lain' },
      { status: 'cancelled', total: 10_000, host_note: null },
    ]);
    const refunds = await db
      .selectFrom('refunds')
      .select(['amount', 'reason', 'status'])
      .where('shop_id', '=', seller.shop)
      .execute();
    expect(refunds).toEqual([{ amount: 20_000, reason: 'cancelled_by_host', status: 'open' }]);
  });

  it('is read on in by who asks for events that have left the stream', async () => {
    const seller = host(server);
    await evening(seller, server);
    await untilArchived(redis, seller.shop);
    const ask = async (limit: number) => {
      const found: string[] = [];
      for (let after = '0-0'; ; ) {
        const query = `after=${after}&limit=${limit}`;
        const { items, nextCursor } = await seller.get<EventsAnswer>(`/events?${query}`);
        found.push(...items.filter(({ type }) => type !== 'stock.changed').map(({ id }) => id));
        if (items.length === 0) return found;
        after = nextCursor;
      }
    };
    const before = await ask(200);
    const client = await redis.client();
    await client.xTrim(`livehold:{${seller.shop}}:events`, 'MAXLEN', 3);
    expect(before.length).toBeGreaterThan(10);
    expect(await ask(200)).toEqual(before);
    expect(await ask(3)).toEqual(before);
  });

  it('reports the totals of a live and a day', async () => {
    const seller = host(server);
    const stage = await seller.stage(3);
    const ani = await buyer(server, seller.shop, stage, 'ani');
    const budi = await buyer(server, seller.shop, stage, 'budi');
    const cici = await buyer(server, seller.shop, stage, 'cici');
    const { liveId, itemId } = stage;
    const order = await ani.buy();
    await seller.post(`/orders/${order.orderId}/confirm-payment`);
    await budi.book(2);
    await cici.client.ask('waitlist:join', { liveId, itemId, quantity: 1, requestId: 'w' });
    await untilArchived(redis, seller.shop);
    // The line comes with the stock, which follows its last publication by a second.
    const report = await until('the line is archived', async () => {
      const answer = await seller.get<{ report: LiveReport }>(`/reports/lives/${liveId}`);
      return answer.report.waiting === 1 && answer.report;
    });
    const units = { booked: 3, paid: 1, lapsed: 0, cancelled: 0, rupiah: 10_000, waiting: 1 };
    expect(report).toMatchObject({ liveId, orders: 1, buyers: 1, ...units });
    expect(report.items).toMatchObject([{ itemId, ...units }]);
    expect(report.timeToPay.median).toBeGreaterThan(0);
    expect(report.late).toEqual({ payments: 0, rupiah: 0 });
    const wib = new Date(report.startedAt ?? 0).getTime() + 7 * 3_600_000;
    const day = new Date(wib).toISOString().slice(0, 10);
    const range = `from=${day}&to=${day}`;
    const { items } = await seller.get<{ items: Period[] }>(`/reports/periods?${range}`);
    expect(items).toEqual([
      {
        period: day,
        orders: 1,
        rupiah: order.total,
        ppn: order.ppn,
        refunded: 0,
        booked: 3,
        lapsed: 0,
        cancelled: 0,
      },
    ]);
    const months = await seller.get<{ items: Period[] }>(`/reports/periods?by=month&${range}`);
    expect(months.items).toMatchObject([{ period: day.slice(0, 7), orders: 1 }]);
    expect(await csv(seller, `/reports/periods.csv?separator=;&${range}`)).toBe(
      `\ufeffperiod;orders;rupiah;ppn;refunded;booked;lapsed;cancelled\r\n${day};1;${order.total};${order.ppn};0;3;0;0\r\n`,
    );
    expect(await csv(seller, `/reports/lives/${liveId}/items.csv`)).toContain(
      ',3,1,0,0,10000,1\r\n',
    );
    expect(await seller.call('GET', '/reports/lives/lv_none')).toMatchObject({ status: 404 });
    expect(await seller.call('GET', '/reports/periods?from=2026-02-30&to=x')).toMatchObject({
      status: 400,
    });
    const helper = signToken({ sub: 'h', shop: seller.shop, role: 'host', staff: 'helper' });
    const refused = await seller.call('GET', `/reports/periods?${range}`, undefined, helper);
    expect(refused.status).toBe(403);
  });

  async function csv(seller: Host, path: string): Promise<string> {
    const authorization = `Bearer ${signToken({ sub: 'host', shop: seller.shop, role: 'host' })}`;
    const answer = await fetch(`${server.url}/api/v1${path}`, { headers: { authorization } });
    return Buffer.from(await answer.arrayBuffer()).toString('utf8');
  }

  it('is stopped by no words that a database cannot hold, new or kept before', async () => {
    const seller = host(server);
    const stage = await seller.stage(5);
    const { liveId, itemId } = stage;
    const ani = await buyer(server, seller.shop, stage, 'ani');
    const { orderId } = await ani.buy();
    await seller.post(`/orders/${orderId}/confirm-payment`);
    // As a server kept them that let them in.
    const client = await redis.client();
    const base = `livehold:{${seller.shop}}`;
    await client.hSet(`${base}:viewer:ani`, 'name', 'An\0i');
    await client.hSet(`${base}:order:${orderId}`, 'note', 'me\0rah');
    await seller.post(`/orders/${orderId}/refund`, { restock: true, requestId: 'back' });
    const [{ refundId = '' } = {}] = (await seller.get<Page<Refund>>('/refunds')).items;
    const refund = JSON.parse((await client.get(`${base}:refund:${refundId}`)) ?? '');
    const said = { ...refund, words: 'a\0\0\\u0000' };
    await client.set(`${base}:refund:${refundId}`, JSON.stringify(said));
    const done = { note: 'lewat\0\r\nBCA', requestId: 'done' };
    expect(await seller.post(`/refunds/${refundId}/done`, done)).toMatchObject({
      refund: { doneNote: 'lewat \nBCA' },
    });
    const viewer = { name: ' Ra\0ni\u202E', handle: 'tiktok:rani' };
    const booked = { liveId, itemId, quantity: 1, viewer, requestId: 'rani' };
    expect(await seller.post('/bookings', booked)).toMatchObject({ viewer: { name: 'Ra ni' } });
    const correction = { delta: -1, reason: 'ma\0af', requestId: 'c' };
    await seller.post('/viewers/ani/reputation', correction);
    await untilArchived(redis, seller.shop);
    const notes = () =>
      db
        .selectFrom('orders')
        .innerJoin('refunds', 'refunds.order_id', 'orders.order_id')
        .innerJoin('ledger_entries', 'ledger_entries.viewer_id', 'orders.viewer_id')
        .select(['orders.note', 'done_note', 'ledger_entries.note as reason'])
        .where('orders.shop_id', '=', seller.shop)
        .where('ledger_entries.shop_id', '=', seller.shop)
        .execute();
    const kept = { note: 'merah', done_note: 'lewat \nBCA', reason: 'ma af' };
    expect(await notes()).toEqual([kept]);
    expect(await seller.call('DELETE', '/viewers/ani')).toMatchObject({ status: 200 });
    await untilArchived(redis, seller.shop);
    expect(await notes()).toEqual([{ note: null, done_note: null, reason: null }]);
    expect(await lastingDifferences(redis, db, seller.shop)).toEqual([]);
  });

  it('forgets who was erased, and no sum', async () => {
    const seller = host(server);
    await evening(seller, server);
    const { items } = await seller.get<Page<Refund>>('/refunds');
    const note = { note: 'BCA a.n. Ani', requestId: 'd' };
    await seller.post(`/refunds/${items[0]?.refundId}/done`, note);
    await untilArchived(redis, seller.shop);
    expect(await said(seller.shop)).toMatch(/Viewer ani.*BCA a\.n\. Ani/s);
    const before = await sums(seller.shop);
    expect(await seller.call('DELETE', '/viewers/ani')).toMatchObject({ status: 200 });
    await untilArchived(redis, seller.shop);
    const all = await said(seller.shop);
    for (const text of ['Viewer ani', 'BCA', 'mau warna', 'maaf', 'Jl. Mawar', '6281234567890'])
      expect(all).not.toContain(text);
    expect(all).toContain('Viewer budi');
    // Word for word, for by that it is known again when it may leave Redis.
    expect(await lastingDifferences(redis, db, seller.shop)).toEqual([]);
    expect(await sums(seller.shop)).toEqual(before);
  });

  function sums(shop: string) {
    return db
      .selectFrom('orders')
      .select(['order_id', 'total', 'status', 'invoice_number'])
      .where('shop_id', '=', shop)
      .orderBy('order_id')
      .execute();
  }

  /** Everything that is archived of a shop, as one text. */
  async function said(shop: string): Promise<string> {
    const tables = ['viewers', 'orders', 'events', 'refunds', 'ledger_entries'] as const;
    const rows = tables.map((table) =>
      db
        .selectFrom(table as 'orders')
        .selectAll()
        .where('shop_id', '=', shop)
        .execute(),
    );
    return JSON.stringify(await Promise.all(rows));
  }
});
