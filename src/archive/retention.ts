import { sql } from 'kysely';
import { paymentIndexKey, shopKey } from '../store/keys.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import type { ArchiveDatabase } from './database.js';
import { departing } from './departing.js';
import { type Lease, moveCursor } from './lease.js';

/** Records that leave in one step: bounds how long Redis is busy with it (a few ms). */
const ORDERS = 20;
const BOOKINGS = 200;
const ENTRIES = 200;
const LEDGERS = 50;

const FINISHED = ['paid', 'expired', 'cancelled', 'refunded'];

/** Which lists of bookings have entries whose records have left. */
interface Lists {
  live: Set<string>;
  item: Set<string>;
  viewer: Set<string>;
}

/**
 * Lets what is finished, and older than so many days, leave Redis. A record is marked as gone in the archive first and then
 * taken out of Redis by a script that compares it word for word; whoever pages through lists meanwhile finds it in one or
 * the other. All of it is done under the lease of the shop's archive.
 */
export class Retention {
  private readonly store: Store;
  private readonly db: ArchiveDatabase;
  private readonly days: number;

  constructor(store: Store, db: ArchiveDatabase, days: number) {
    this.store = store;
    this.db = db;
    this.days = days;
  }

  /** What was marked as gone by a server that died before it took it out of Redis goes now; the rest has gone. */
  async resume(lease: Lease): Promise<void> {
    const recently = sql<boolean>`left_redis_at > now() - interval '1 day'`;
    const orders = await this.db
      .selectFrom('orders')
      .select('order_id')
      .where('shop_id', '=', lease.shopId)
      .where(recently)
      .execute();
    for (let from = 0; from < orders.length; from += ORDERS) {
      const ids = orders.slice(from, from + ORDERS).map(({ order_id }) => order_id);
      await this.drop(lease.shopId, { orders: await departing(this.db, lease.shopId, ids) });
    }
    const bookings = await this.db
      .selectFrom('bookings')
      .select(['booking_id', 'record'])
      .where('shop_id', '=', lease.shopId)
      .where('order_id', 'is', null)
      .where(recently)
      .execute();
    for (let from = 0; from < bookings.length; from += BOOKINGS) {
      const part = bookings.slice(from, from + BOOKINGS);
      const records = Object.fromEntries(part.map((row) => [row.booking_id, row.record]));
      await this.drop(lease.shopId, { bookings: records });
    }
  }

  /** One small step; answers whether there may be more. */
  async step(lease: Lease): Promise<boolean> {
    const cutoff = new Date((await this.store.clock(lease.shopId)) - this.days * 86_400_000);
    const lists: Lists = { live: new Set(), item: new Set(), viewer: new Set() };
    const orders = await this.dropOrders(lease, cutoff, lists);
    const bookings = await this.dropBookings(lease, cutoff, lists);
    const notices = await this.dropNotices(lease, cutoff);
    await this.leftovers(lease.shopId, lists);
    let trimmed = 0;
    for (const list of ['live', 'item', 'viewer'] as const)
      for (const id of lists[list]) trimmed += await this.trimBookings(lease, list, id);
    const entries = await this.trimLedgers(lease, cutoff);
    return orders + bookings + notices + trimmed + entries > 0;
  }

  private async dropOrders(lease: Lease, cutoff: Date, lists: Lists): Promise<number> {
    const { shopId } = lease;
    const due = await this.db
      .selectFrom('orders')
      .select('order_id')
      .where('shop_id', '=', shopId)
      .where('left_redis_at', 'is', null)
      .where('lost_at', 'is', null)
      .where('status', 'in', FINISHED)
      .where('changed_at', '<', cutoff)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('refunds')
              .select('refund_id')
              .whereRef('refunds.shop_id', '=', 'orders.shop_id')
              .whereRef('refunds.order_id', '=', 'orders.order_id')
              .where('refunds.status', '=', 'open'),
          ),
        ),
      )
      .orderBy('changed_at')
      .limit(ORDERS)
      .execute();
    const ids = due.map(({ order_id }) => order_id);
    if (ids.length === 0) return 0;
    const going = await departing(this.db, shopId, ids);
    await this.mark(lease, ORDER_TABLES, 'order_id', ids, true);
    const { orders: gone } = await this.drop(shopId, { orders: going });
    const stayed = ids.filter((id) => !gone[id]);
    if (stayed.length > 0) await this.stay(lease, stayed);
    const left = going.filter(({ id }) => gone[id]);
    for (const { bookings } of left) note(lists, Object.values(bookings));
    await this.dropPaymentIndexes(
      shopId,
      left.flatMap(({ payments }) => Object.keys(payments)),
    );
    return left.length;
  }

  /** What is in Redis in another state than the archive thinks is copied once more before it is due again. */
  private async stay(lease: Lease, ids: string[]): Promise<void> {
    await this.mark(lease, ORDER_TABLES, 'order_id', ids, false);
    const at = new Date(await this.store.clock(lease.shopId));
    await this.db
      .updateTable('orders')
      .set({ changed_at: at })
      .where('shop_id', '=', lease.shopId)
      .where('order_id', 'in', ids)
      .execute();
  }

  /** Which shop and account an online payment is of is found in the archive from now on. */
  private async dropPaymentIndexes(shopId: string, paymentIds: string[]): Promise<void> {
    for (const id of paymentIds) {
      const home = await this.store.read((redis) => redis.get(paymentIndexKey(id)));
      if (home === null) continue;
      await this.db
        .updateTable('payments')
        .set({ account_id: home.split(' ')[1] ?? null })
        .where('shop_id', '=', shopId)
        .where('payment_id', '=', id)
        .execute();
      await this.store.read((redis) => redis.del(paymentIndexKey(id)));
    }
  }

  private async dropBookings(lease: Lease, cutoff: Date, lists: Lists): Promise<number> {
    const rows = await this.db
      .selectFrom('bookings')
      .select(['booking_id', 'record'])
      .where('shop_id', '=', lease.shopId)
      .where('left_redis_at', 'is', null)
      .where('lost_at', 'is', null)
      .where('status', 'in', ['cancelled', 'expired'])
      .where('ended_at', '<', cutoff)
      .orderBy('ended_at')
      .limit(BOOKINGS)
      .execute();
    if (rows.length === 0) return 0;
    const bookings = Object.fromEntries(rows.map((row) => [row.booking_id, row.record]));
    const ids = Object.keys(bookings);
    await this.mark(lease, ['bookings'], 'booking_id', ids, true);
    const { bookings: gone } = await this.drop(lease.shopId, { bookings });
    const stayed = ids.filter((id) => !gone[id]);
    if (stayed.length > 0) await this.mark(lease, ['bookings'], 'booking_id', stayed, false);
    note(
      lists,
      ids.filter((id) => gone[id]).flatMap((id) => bookings[id] ?? []),
    );
    return ids.length - stayed.length;
  }

  /** Of no order, or of one that has left before. */
  private async dropNotices(lease: Lease, cutoff: Date): Promise<number> {
    const rows = await this.db
      .selectFrom('payment_notices')
      .select(['notice_id', 'record'])
      .where('shop_id', '=', lease.shopId)
      .where('left_redis_at', 'is', null)
      .where('lost_at', 'is', null)
      .where('outcome', 'not in', ['open', 'unclear'])
      .where('last_at', '<', cutoff)
      .where((where) =>
        where.or([
          where('order_id', 'is', null),
          where.exists(
            where
              .selectFrom('orders')
              .select('orders.order_id')
              .whereRef('orders.shop_id', '=', 'payment_notices.shop_id')
              .whereRef('orders.order_id', '=', 'payment_notices.order_id')
              .where('orders.left_redis_at', 'is not', null),
          ),
        ]),
      )
      .limit(BOOKINGS)
      .execute();
    if (rows.length === 0) return 0;
    const notices = Object.fromEntries(rows.map((row) => [row.notice_id, row.record]));
    const ids = Object.keys(notices);
    await this.mark(lease, ['payment_notices'], 'notice_id', ids, true);
    const { notices: gone } = await this.drop(lease.shopId, { notices });
    const stayed = ids.filter((id) => !gone[id]);
    if (stayed.length > 0) await this.mark(lease, ['payment_notices'], 'notice_id', stayed, false);
    return ids.length - stayed.length;
  }

  private drop(shopId: string, what: object) {
    const all = { orders: [], bookings: {}, notices: {}, ...what };
    return this.store.run(scripts.archiveDrop, shopId, [JSON.stringify(all)]);
  }

  private async mark(
    lease: Lease,
    tables: readonly ('orders' | 'bookings' | 'payment_notices' | 'refunds')[],
    column: 'order_id' | 'booking_id' | 'notice_id',
    ids: string[],
    gone: boolean,
  ): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      await moveCursor(trx, lease, lease.cursor);
      for (const table of tables) {
        // The types of one table stand for those of all.
        await trx
          .updateTable(table as 'orders')
          .set({ left_redis_at: gone ? sql<Date>`now()` : null })
          .where('shop_id', '=', lease.shopId)
          .where(column as 'order_id', 'in', ids)
          .execute();
      }
    });
  }

  /** Lists that a server which died has left untrimmed. */
  private async leftovers(shopId: string, lists: Lists): Promise<void> {
    const rows = await this.db
      .selectFrom('bookings')
      .select(['live_id', 'item_id', 'viewer_id'])
      .where('shop_id', '=', shopId)
      .where('left_redis_at', 'is not', null)
      .where((where) =>
        where.or([
          where('live_rank', 'is', null),
          where('item_rank', 'is', null),
          where('viewer_rank', 'is', null),
        ]),
      )
      .orderBy('left_redis_at')
      .limit(ORDERS)
      .execute();
    for (const { live_id, item_id, viewer_id } of rows) {
      lists.live.add(live_id);
      lists.item.add(item_id);
      lists.viewer.add(viewer_id);
    }
  }

  /** Takes the oldest entries off a list as far as their records have left, after the archive knows their places. */
  private async trimBookings(
    lease: Lease,
    list: 'live' | 'item' | 'viewer',
    id: string,
  ): Promise<number> {
    const { shopId } = lease;
    const suffix = `:bookings:${list}:${id}`;
    const key = `${shopKey(shopId)}${suffix}`;
    const [gone, newestFirst] = await this.store.read((redis) =>
      Promise.all([redis.get(`${key}:gone`), redis.lRange(key, -ENTRIES, -1)]),
    );
    const before = Number(gone ?? 0);
    const ids = newestFirst.reverse();
    if (ids.length === 0) return 0;
    const left = await this.db
      .selectFrom('bookings')
      .select('booking_id')
      .where('shop_id', '=', shopId)
      .where('booking_id', 'in', ids)
      .where('left_redis_at', 'is not', null)
      .execute();
    const known = new Set(left.map(({ booking_id }) => booking_id));
    for (const { booking_id: one } of left) {
      const record = `${shopKey(shopId)}:booking:${one}`;
      if ((await this.store.read((redis) => redis.get(record))) !== null) known.delete(one);
    }
    const end = ids.findIndex((one) => !known.has(one));
    const leaving = end < 0 ? ids : ids.slice(0, end);
    if (leaving.length === 0) return 0;
    const places = leaving.map((booking, i) => sql`(${booking}, ${before + i + 1}::bigint)`);
    await this.db.transaction().execute(async (trx) => {
      await moveCursor(trx, lease, lease.cursor);
      await sql`update bookings set ${sql.ref(`${list}_rank`)} = place.n
        from (values ${sql.join(places)}) as place (id, n)
        where shop_id = ${shopId} and booking_id = place.id`.execute(trx);
    });
    const args = [suffix, String(before), JSON.stringify(leaving)];
    const { trimmed } = await this.store.run(scripts.archiveTrim, shopId, args);
    return trimmed ? leaving.length : 0;
  }

  private async trimLedgers(lease: Lease, cutoff: Date): Promise<number> {
    const { shopId } = lease;
    const due = await this.db
      .selectFrom('ledger_entries')
      .select(['viewer_id', ({ fn }) => fn.max('n').as('n')])
      .where('shop_id', '=', shopId)
      .where('left_redis_at', 'is', null)
      .where('lost_at', 'is', null)
      .where('at', '<', cutoff)
      .groupBy('viewer_id')
      .limit(LEDGERS)
      .execute();
    let trimmed = 0;
    for (const { viewer_id, n } of due) trimmed += await this.trimLedger(lease, viewer_id, n);
    return trimmed;
  }

  private async trimLedger(lease: Lease, viewerId: string, last: number): Promise<number> {
    const { shopId } = lease;
    const suffix = `:ledger:${viewerId}`;
    const key = `${shopKey(shopId)}${suffix}:gone`;
    const before = Number((await this.store.read((redis) => redis.get(key))) ?? 0);
    const rows = await this.db
      .selectFrom('ledger_entries')
      .select(['n', 'record'])
      .where('shop_id', '=', shopId)
      .where('viewer_id', '=', viewerId)
      .where('lost_at', 'is', null)
      .where('n', '>', before)
      .where('n', '<=', last)
      .orderBy('n')
      .limit(ENTRIES)
      .execute();
    const records = rows.map(({ record }) => record);
    if (records.length > 0) {
      const args = [suffix, String(before), JSON.stringify(records)];
      const { trimmed } = await this.store.run(scripts.archiveTrim, shopId, args);
      if (!trimmed) return 0;
    }
    await this.db.transaction().execute(async (trx) => {
      await moveCursor(trx, lease, lease.cursor);
      await trx
        .updateTable('ledger_entries')
        .set({ left_redis_at: sql<Date>`now()` })
        .where('shop_id', '=', shopId)
        .where('viewer_id', '=', viewerId)
        .where('n', '<=', rows.at(-1)?.n ?? before)
        .execute();
    });
    return records.length;
  }
}

const ORDER_TABLES = ['orders', 'bookings', 'payment_notices', 'refunds'] as const;

/** The lists that bookings stand in, by their records. */
function note(lists: Lists, records: string[]): void {
  for (const record of records) {
    const { liveId, itemId, viewerId } = JSON.parse(record.slice(0, record.indexOf('\n')));
    lists.live.add(liveId);
    lists.item.add(itemId);
    lists.viewer.add(viewerId);
  }
}
