import { sql } from 'kysely';
import type { Position } from '../store/events.js';
import type { Store } from '../store/store.js';
import { readTouched, writeCopied } from './copy.js';
import type { ArchiveDatabase } from './database.js';
import { type Lease, moveCursor } from './lease.js';
import { placeOf } from './rows.js';
import { nothingTouched, type Touched } from './touched.js';

/** Records looked at again in one transaction. */
const STEP = 200;

/** Tables of records that events after a place have changed, and what a row's record is called. */
const RECORDS = [
  ['bookings', 'bookings', 'booking_id'],
  ['orders', 'orders', 'order_id'],
  ['payment_notices', 'notices', 'notice_id'],
  ['refunds', 'refunds', 'refund_id'],
] as const;

/**
 * Redis came back without its last writes, which the archive has: `last` is the newest entry that it still knows. Nothing is
 * deleted: what Redis knows no more is marked with `lost_at`, and what it knows in an older state is copied anew.
 */
export async function undoLost(
  store: Store,
  db: ArchiveDatabase,
  lease: Lease,
  last: Position,
): Promise<void> {
  const { shopId } = lease;
  const now = sql<Date>`now()`;
  const since = placeOf(last);
  const isLater = sql<boolean>`(entry_ms, entry_seq) > (${since.entry_ms}, ${since.entry_seq})`;
  for (const [table, kind, id] of RECORDS) {
    for (;;) {
      // The types of one table stand for those of all.
      const rows = await db
        .selectFrom(table as 'bookings')
        .select(id as 'booking_id')
        .where('shop_id', '=', shopId)
        .where('left_redis_at', 'is', null)
        .where('lost_at', 'is', null)
        .where(isLater)
        .limit(STEP)
        .execute();
      const ids = rows.map((row) => row[id as 'booking_id']);
      if (ids.length === 0) break;
      const touched: Touched = { ...nothingTouched(), [kind]: new Set(ids) };
      const copied = await readTouched(store, db, shopId, touched);
      await db.transaction().execute(async (trx) => {
        await moveCursor(trx, lease, lease.cursor);
        await trx
          .updateTable(table as 'bookings')
          .set({ lost_at: now })
          .where('shop_id', '=', shopId)
          .where(id as 'booking_id', 'in', ids)
          .execute();
        await writeCopied(store, trx, shopId, last, copied);
      });
    }
  }
  await db.transaction().execute(async (trx) => {
    await moveCursor(trx, lease, last, { losses: 1 });
    await trx
      .updateTable('events')
      .set({ lost_at: now })
      .where('shop_id', '=', shopId)
      .where('lost_at', 'is', null)
      .where(sql<boolean>`(ms, seq) > (${since.entry_ms}, ${since.entry_seq})`)
      .execute();
    await trx
      .updateTable('ledger_entries')
      .set({ lost_at: now })
      .where('shop_id', '=', shopId)
      .where('lost_at', 'is', null)
      .where('left_redis_at', 'is', null)
      .where(isLater)
      .execute();
    await trx.deleteFrom('stock_changes').where('shop_id', '=', shopId).where(isLater).execute();
  });
  lease.cursor = last;
}
