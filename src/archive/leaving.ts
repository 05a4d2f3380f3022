import { sql } from 'kysely';
import { shopKey } from '../store/keys.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import { readTouched, writeCopied } from './copy.js';
import type { ArchiveDatabase } from './database.js';
import { type Departing, departing, type ORDER_TABLES } from './departing.js';
import { type Lease, moveCursor } from './lease.js';
import { type Lists, ListTrimming, noteLists } from './list-trimming.js';
import { keepLostStates } from './lost-states.js';
import { nothingTouched, type Touched } from './touched.js';

/** Records that leave in one step: bounds how long Redis is busy with it (a few ms). */
export const ORDERS = 20;
export const BOOKINGS = 200;

const DAY_MS = 86_400_000;

/** What records leave by: marks in the archive, and the script that takes them out of Redis. */
export class Leaving {
  private readonly store: Store;
  private readonly db: ArchiveDatabase;

  constructor(store: Store, db: ArchiveDatabase) {
    this.store = store;
    this.db = db;
  }

  drop(shopId: string, what: object) {
    const all = { orders: [], bookings: {}, notices: {}, ...what };
    return this.store.run(scripts.archiveDrop, shopId, [JSON.stringify(all)]);
  }

  /** How often anything was taken out: less than before once Redis has come back without its last writes. */
  async drops(shopId: string): Promise<number> {
    const key = `${shopKey(shopId)}:gone`;
    const [drops] = await this.store.read((redis) => redis.hmGet(key, ['drops']));
    return Number(drops ?? 0);
  }

  async mark(
    lease: Lease,
    tables: readonly (typeof ORDER_TABLES)[number][],
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

  /** What Redis has of these is copied as it is now, and has not left; of what it has not nothing changes. */
  async copyAnew(lease: Lease, touched: Touched): Promise<void> {
    if (touched.orders.size + touched.bookings.size + touched.notices.size === 0) return;
    const { shopId, cursor } = lease;
    const copied = await readTouched(this.store, this.db, shopId, cursor, touched);
    await this.db.transaction().execute(async (trx) => {
      await moveCursor(trx, lease, cursor);
      await keepLostStates(trx, shopId, copied.records);
      await writeCopied(this.store, trx, shopId, cursor, copied);
    });
  }

  /**
   * What was marked as gone, and may be in Redis all the same, goes now or is copied as it is: a server has died before it
   * took it out, or Redis came back with it.
   * @param since what Redis has may be as old as this, epoch ms; it is looked at a day further back
   */
  async resume(lease: Lease, since = Number.POSITIVE_INFINITY): Promise<void> {
    const now = await this.store.clock(lease.shopId);
    const from = new Date(Math.min(now, since) - DAY_MS);
    const lists: Lists = { live: new Set(), item: new Set(), viewer: new Set() };
    await this.resumeOrders(lease, from, lists);
    await this.resumeSingle(lease, 'bookings', from, lists);
    await this.resumeSingle(lease, 'notices', from, lists);
    await this.resumeLedgers(lease, from);
    const trimming = new ListTrimming(this.store, this.db);
    while ((await trimming.bookings(lease, lists)) > 0);
  }

  private async resumeOrders(lease: Lease, from: Date, lists: Lists): Promise<void> {
    const { shopId } = lease;
    const orders = await this.db
      .selectFrom('orders')
      .select('order_id')
      .where('shop_id', '=', shopId)
      .where('left_redis_at', '>', from)
      .execute();
    for (let start = 0; start < orders.length; start += ORDERS) {
      const ids = orders.slice(start, start + ORDERS).map(({ order_id }) => order_id);
      const going = await departing(this.db, shopId, ids);
      for (const { bookings } of going) noteLists(lists, Object.values(bookings));
      const { orders: gone } = await this.drop(shopId, { orders: going });
      await this.copyAnew(lease, withAll(going.filter(({ id }) => !gone[id])));
    }
  }

  /** Bookings of no order, and notices: those of orders have gone with them, if they could. */
  private async resumeSingle(
    lease: Lease,
    kind: 'bookings' | 'notices',
    from: Date,
    lists: Lists,
  ): Promise<void> {
    const { shopId } = lease;
    const [table, id] =
      kind === 'bookings' ? ['bookings', 'booking_id'] : ['payment_notices', 'notice_id'];
    // The types of one table stand for those of both.
    const rows = await this.db
      .selectFrom(table as 'bookings')
      .select([`${id as 'booking_id'} as id`, 'record'])
      .where('shop_id', '=', shopId)
      .where('left_redis_at', '>', from)
      .$if(kind === 'bookings', (some) => some.where('order_id', 'is', null))
      .execute();
    for (let start = 0; start < rows.length; start += BOOKINGS) {
      const part = rows.slice(start, start + BOOKINGS);
      const records = Object.fromEntries(part.map((row) => [row.id, row.record]));
      if (kind === 'bookings') noteLists(lists, Object.values(records));
      const { [kind]: gone } = await this.drop(shopId, { [kind]: records });
      const stayed = Object.keys(records).filter((one) => !gone[one]);
      await this.copyAnew(lease, { ...nothingTouched(), [kind]: new Set(stayed) });
    }
  }

  /** Entries that Redis has again may leave once more. */
  private async resumeLedgers(lease: Lease, from: Date): Promise<void> {
    const { shopId } = lease;
    const viewers = await this.db
      .selectFrom('ledger_entries')
      .select('viewer_id')
      .distinct()
      .where('shop_id', '=', shopId)
      .where('left_redis_at', '>', from)
      .execute();
    for (const { viewer_id } of viewers) {
      const key = `${shopKey(shopId)}:ledger:${viewer_id}:gone`;
      const gone = Number((await this.store.read((redis) => redis.get(key))) ?? 0);
      await this.db
        .updateTable('ledger_entries')
        .set({ left_redis_at: null })
        .where('shop_id', '=', shopId)
        .where('viewer_id', '=', viewer_id)
        .where('left_redis_at', '>', from)
        .where('n', '>', gone)
        .execute();
    }
  }
}

/** Orders with all that leaves with them. */
export function withAll(orders: Departing[]): Touched {
  const ids = (kind: 'bookings' | 'notices' | 'refunds') =>
    new Set(orders.flatMap((order) => Object.keys(order[kind])));
  return {
    ...nothingTouched(),
    orders: new Set(orders.map(({ id }) => id)),
    bookings: ids('bookings'),
    notices: ids('notices'),
    refunds: ids('refunds'),
  };
}
