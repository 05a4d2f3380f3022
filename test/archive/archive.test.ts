import { beforeAll, describe, expect, it } from 'vitest';
import { type ArchiveDatabase, migrate, openDatabase } from '../../src/archive/database.js';
import type { Page } from '../../src/protocol/http.js';
import type { Refund } from '../../src/protocol/refund.js';
import { atEnd } from '../support/at-end.js';
import { host } from '../support/host.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { differences, untilArchived } from './compare.js';
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
    expect(await differences(redis, db, seller.shop)).toEqual([]);
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
