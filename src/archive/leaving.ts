import { sql } from 'kysely';
import { paymentIndexKey } from '../store/keys.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import { readTouched, writeCopied } from './copy.js';
import type { ArchiveDatabase } from './database.js';
import type { Departing, ORDER_TABLES } from './departing.js';
import { type Lease, moveCursor } from './lease.js';
import { keepLostStates } from './lost-states.js';
import { beginMove, endMove, type Move, movesInRedis, OvertakenError } from './moves.js';
import { nothingTouched, type Touched } from './touched.js';

/** Records that leave in one step: bounds how long Redis is busy with it (a few ms). */
export const ORDERS = 20;
export const BOOKINGS = 200;

/** What leaves by itself, of no order. */
export const SINGLE = {
  bookings: { table: 'bookings', column: 'booking_id' },
  notices: { table: 'payment_notices', column: 'notice_id' },
} as const;

/** Whether it is a row's turn. */
export const isItsTurn = sql<boolean>`(look_again_at is null or look_again_at < now())`;
/** Others come first meanwhile: what never matches would keep them from their turn. */
export const LATER = { look_again_at: sql<Date>`now() + interval '1 hour'` };

export interface Marked {
  tables: readonly (typeof ORDER_TABLES)[number][];
  column: 'order_id' | 'booking_id' | 'notice_id';
  ids: string[];
}

/** What records leave by: marks in the archive, and the script that takes them out of Redis. */
export class Leaving {
  private readonly store: Store;
  private readonly db: ArchiveDatabase;

  constructor(store: Store, db: ArchiveDatabase) {
    this.store = store;
    this.db = db;
  }

  /** Numbers a move under the lease, and marks what is to leave by it. Its number must be written to Redis next. */
  async begin(lease: Lease, marked?: Marked): Promise<Move> {
    const { shopId, cursor } = lease;
    const { n } = await movesInRedis(this.store, shopId);
    return this.db.transaction().execute(async (trx) => {
      await moveCursor(trx, lease, cursor);
      const move = await beginMove(trx, shopId, n);
      if (marked) await mark(trx, shopId, marked, true);
      return move;
    });
  }

  /** @throws OvertakenError: then nothing has left */
  async drop(shopId: string, { n }: Move, what: object) {
    const all = { move: n, orders: [], bookings: {}, notices: {}, ...what };
    const dropped = await this.store.run(scripts.archiveDrop, shopId, [JSON.stringify(all)]);
    if ('late' in dropped) throw new OvertakenError(`${shopId}: move ${n} was overtaken`);
    return dropped;
  }

  /** What has not left by a move is not marked any more. */
  async end(lease: Lease, move: Move, stayed: Marked): Promise<void> {
    await this.db.transaction().execute(async (trx) => {
      await moveCursor(trx, lease, lease.cursor);
      if (stayed.ids.length > 0) await mark(trx, lease.shopId, stayed, false);
      await endMove(trx, lease.shopId, move);
    });
  }

  /**
   * What Redis has of these is copied as it is now, and has not left; of what it has not nothing changes.
   * @param mayBeOlder Redis may have been restored from an older file: what the archive had is kept
   */
  async copyAnew(lease: Lease, touched: Touched, mayBeOlder = false): Promise<void> {
    if (touched.orders.size + touched.bookings.size + touched.notices.size === 0) return;
    const { shopId, cursor } = lease;
    const copied = await readTouched(this.store, this.db, shopId, cursor, touched);
    await this.db.transaction().execute(async (trx) => {
      await moveCursor(trx, lease, cursor);
      if (mayBeOlder) await keepLostStates(trx, shopId, copied.records);
      await writeCopied(this.store, trx, shopId, cursor, copied);
    });
  }

  /** Which shop and account an online payment is of is found in the archive from now on. */
  async dropPaymentIndexes(shopId: string, orders: Departing[]): Promise<void> {
    const ids = orders.flatMap(({ payments }) => Object.keys(payments));
    const homes = await this.store.read((redis) =>
      Promise.all(ids.map((id) => redis.get(paymentIndexKey(id)))),
    );
    const there = ids.filter((_, i) => homes[i] !== null);
    if (there.length === 0) return;
    const accounts = ids.flatMap((id, i) =>
      homes[i] == null ? [] : [sql`(${id}, ${homes[i].split(' ')[1] ?? null}::text)`],
    );
    await sql`update payments set account_id = home.account
      from (values ${sql.join(accounts)}) as home (id, account)
      where shop_id = ${shopId} and payment_id = home.id`.execute(this.db);
    await this.store.read((redis) =>
      Promise.all(there.map((id) => redis.del(paymentIndexKey(id)))),
    );
  }
}

async function mark(
  trx: ArchiveDatabase,
  shopId: string,
  { tables, column, ids }: Marked,
  gone: boolean,
): Promise<void> {
  for (const table of tables) {
    // The types of one table stand for those of all.
    await trx
      .updateTable(table as 'orders')
      .set({ left_redis_at: gone ? sql<Date>`now()` : null })
      .where('shop_id', '=', shopId)
      .where(column as 'order_id', 'in', ids)
      .execute();
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
