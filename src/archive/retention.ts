import type { Store } from '../store/store.js';
import type { ArchiveDatabase } from './database.js';
import { type Departing, departing, ORDER_TABLES } from './departing.js';
import type { Lease } from './lease.js';
import { BOOKINGS, isItsTurn, LATER, Leaving, ORDERS, SINGLE, withAll } from './leaving.js';
import { trimLedgers } from './ledger-trimming.js';
import { type Lists, ListTrimming, noteLists } from './list-trimming.js';
import { nothingTouched } from './touched.js';

const FINISHED = ['paid', 'expired', 'cancelled', 'refunded'];

/**
 * Lets what is finished, and older than so many days, leave Redis. A record is marked as gone in the archive first and then
 * taken out of Redis by a script that compares it word for word; whoever pages through lists meanwhile finds it in one or
 * the other. All of it is done under the lease of the shop's archive.
 */
export class Retention {
  private readonly store: Store;
  private readonly db: ArchiveDatabase;
  private readonly days: number;
  private readonly leaving: Leaving;
  private readonly trimming: ListTrimming;

  constructor(store: Store, db: ArchiveDatabase, days: number) {
    this.store = store;
    this.db = db;
    this.days = days;
    this.leaving = new Leaving(store, db);
    this.trimming = new ListTrimming(store, db);
  }

  /** One small step; answers whether there may be more. */
  async step(lease: Lease): Promise<boolean> {
    const cutoff = new Date((await this.store.clock(lease.shopId)) - this.days * 86_400_000);
    const lists: Lists = { live: new Set(), item: new Set(), viewer: new Set() };
    const orders = await this.dropOrders(lease, cutoff, lists);
    const bookings = await this.dropBookings(lease, cutoff, lists);
    const notices = await this.dropNotices(lease, cutoff);
    const trimmed = await this.trimming.bookings(lease, lists);
    const entries = await trimLedgers(this.store, this.db, lease, cutoff);
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
    const left = await this.leaveTogether(lease, ids);
    for (const { bookings } of left) noteLists(lists, Object.values(bookings));
    await this.leaving.dropPaymentIndexes(shopId, left);
    return left.length;
  }

  /** Marks orders as gone and takes them out of Redis with all that is theirs; answers those that have left. */
  private async leaveTogether(lease: Lease, ids: string[], again = true): Promise<Departing[]> {
    const { shopId } = lease;
    const going = await departing(this.db, shopId, ids);
    const marked = { tables: ORDER_TABLES, column: 'order_id', ids } as const;
    const move = await this.leaving.begin(lease, marked);
    const { orders: gone } = await this.leaving.drop(shopId, move, { orders: going });
    const left = going.filter(({ id }) => gone[id]);
    const stayed = going.filter(({ id }) => !gone[id]);
    const stayedIds = stayed.map(({ id }) => id);
    await this.leaving.end(lease, move, { ...marked, ids: stayedIds });
    if (stayed.length === 0) return left;
    // Some things change without an event, such as how often a gateway was asked.
    await this.leaving.copyAnew(lease, withAll(stayed));
    if (again) return [...left, ...(await this.leaveTogether(lease, stayedIds, false))];
    await this.dueLater(lease, stayedIds);
    return left;
  }

  /** Something may still happen to these, such as money that comes late: in a day they are looked at again. */
  private async dueLater(lease: Lease, ids: string[]): Promise<void> {
    const days = this.days - Math.min(1, this.days / 10);
    const at = new Date((await this.store.clock(lease.shopId)) - days * 86_400_000);
    await this.db
      .updateTable('orders')
      .set({ changed_at: at })
      .where('shop_id', '=', lease.shopId)
      .where('order_id', 'in', ids)
      .execute();
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
      .where(isItsTurn)
      .orderBy('ended_at')
      .limit(BOOKINGS)
      .execute();
    if (rows.length === 0) return 0;
    const bookings = Object.fromEntries(rows.map((row) => [row.booking_id, row.record]));
    const gone = await this.leave(lease, 'bookings', bookings);
    noteLists(
      lists,
      gone.flatMap((id) => bookings[id] ?? []),
    );
    return gone.length;
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
      .where(isItsTurn)
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
    const gone = await this.leave(lease, 'notices', notices);
    return gone.length;
  }

  /** Marks records as gone and takes them out of Redis; answers those that have left, and the others are not marked. */
  private async leave(
    lease: Lease,
    kind: 'bookings' | 'notices',
    records: Record<string, string>,
  ): Promise<string[]> {
    const { table, column } = SINGLE[kind];
    const ids = Object.keys(records);
    const marked = { tables: [table], column, ids };
    const move = await this.leaving.begin(lease, marked);
    const { [kind]: gone } = await this.leaving.drop(lease.shopId, move, { [kind]: records });
    const stayed = ids.filter((id) => !gone[id]);
    await this.leaving.end(lease, move, { ...marked, ids: stayed });
    if (stayed.length > 0) {
      await this.db
        .updateTable(table as 'bookings')
        .set(LATER)
        .where('shop_id', '=', lease.shopId)
        .where(column as 'booking_id', 'in', stayed)
        .execute();
      await this.leaving.copyAnew(lease, { ...nothingTouched(), [kind]: new Set(stayed) });
    }
    return ids.filter((id) => gone[id]);
  }
}
