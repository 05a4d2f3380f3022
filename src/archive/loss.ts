import { sql } from 'kysely';
import type { Position } from '../store/events.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import { readTouched, writeCopied } from './copy.js';
import type { ArchiveDatabase } from './database.js';
import { type Lease, moveCursor } from './lease.js';
import { keepLostStates } from './lost-states.js';
import { unsettle } from './moves.js';
import { placeOf } from './rows.js';
import { nothingTouched, type Touched } from './touched.js';

/** Redis may have again what has left it since its last entry, by the database's clock. */
const DAY_MS = 86_400_000;
/** Records looked at again in one transaction. */
const STEP = 200;

/** Tables of records that events after a place have changed, and what a row's record is called. */
const RECORDS = [
  ['bookings', 'bookings', 'booking_id'],
  ['payment_notices', 'notices', 'notice_id'],
  // Before the orders, which are written with their refunds.
  ['refunds', 'refunds', 'refund_id'],
  ['orders', 'orders', 'order_id'],
] as const;

/** What is written with an order, and lost with it. */
const OF_ORDERS = ['order_lines', 'payments'] as const;

/** What grows with places, and by what a row's list is called. */
const LISTS = [
  ['ledger_entries', 'ledgers', 'viewer_id'],
  ['stock_changes', 'restocks', 'item_id'],
] as const;

/** Of which shop, since which entry, and what the rows are marked with. */
interface Loss {
  store: Store;
  db: ArchiveDatabase;
  lease: Lease;
  last: Position;
  found: Found;
}

/** Records that Redis has no more, and those that it has in an older state. */
interface Found {
  missing: number;
  older: number;
}

const NOW = sql<Date>`now()`;

/**
 * Redis came back without its last writes, which the archive has: `last` is the newest entry that it still knows. What Redis
 * knows no more is marked with `lost_at`, and what it knows in an older state is copied again, after the archive's is kept.
 * A row names the last entry of the batch that it was written with, so some are looked at that nothing has happened to.
 */
export async function undoLost(
  store: Store,
  db: ArchiveDatabase,
  lease: Lease,
  last: Position,
): Promise<Found> {
  const found = { missing: 0, older: 0 };
  const loss = { store, db, lease, last, found };
  for (const one of RECORDS) await undoRecords(loss, one);
  for (const one of LISTS) await undoLists(loss, one);
  const { entry_ms, entry_seq } = placeOf(last);
  await db.transaction().execute(async (trx) => {
    await moveCursor(trx, lease, last, { losses: 1 });
    await unsettle(trx, lease.shopId, entry_ms - DAY_MS);
    await trx
      .updateTable('events')
      .set({ lost_at: NOW })
      .where('shop_id', '=', lease.shopId)
      .where('lost_at', 'is', null)
      .where(sql<boolean>`(ms, seq) > (${entry_ms}, ${entry_seq})`)
      .execute();
  });
  lease.cursor = last;
  await restoreGone(store, db, lease.shopId);
  return found;
}

/** What `:gone` says the newest is of, for each index: its table and time. Of bookings it says only that some have left. */
const GONE = [
  ['orders', 'orders', 'created_at'],
  ['paid_at', 'orders', 'paid_at'],
  ['refunds', 'refunds', 'at'],
  ['notices', 'payment_notices', 'at'],
  ['bookings', 'bookings', 'created_at'],
] as const;

/** Whoever reads records asks the archive for those that Redis says have left; Redis may have lost that too. */
async function restoreGone(store: Store, db: ArchiveDatabase, shopId: string): Promise<void> {
  const newest: Record<string, string> = {};
  for (const [index, table, at] of GONE) {
    // The types of one table stand for those of all.
    const row = await db
      .selectFrom(table as 'bookings')
      .select(({ fn }) => fn.max(at as 'created_at').as('at'))
      .where('shop_id', '=', shopId)
      .where('left_redis_at', 'is not', null)
      .executeTakeFirstOrThrow();
    if (row.at !== null) newest[index] = String((row.at as Date).getTime());
  }
  // Of a shop of which nothing has left nobody has to ask.
  if (Object.keys(newest).length === 0) return;
  await store.run(scripts.archiveGone, shopId, [JSON.stringify(newest)]);
}

const isAfter = (last: Position) => {
  const { entry_ms, entry_seq } = placeOf(last);
  return sql<boolean>`(entry_ms, entry_seq) > (${entry_ms}, ${entry_seq})`;
};

async function undoRecords(
  { store, db, lease, last, found }: Loss,
  [table, kind, id]: (typeof RECORDS)[number],
): Promise<void> {
  const { shopId } = lease;
  for (;;) {
    // The types of one table stand for those of all.
    const rows = await db
      .selectFrom(table as 'bookings')
      .select(id as 'booking_id')
      .where('shop_id', '=', shopId)
      .where('left_redis_at', 'is', null)
      .where('lost_at', 'is', null)
      .where(isAfter(last))
      .limit(STEP)
      .execute();
    const ids = rows.map((row) => row[id as 'booking_id']);
    if (ids.length === 0) return;
    const touched: Touched = { ...nothingTouched(), [kind]: new Set(ids) };
    const copied = await readTouched(store, db, shopId, last, touched);
    const there = new Set(Object.keys(copied.records[kind]));
    found.missing += ids.filter((one) => !there.has(one)).length;
    await db.transaction().execute(async (trx) => {
      await moveCursor(trx, lease, lease.cursor);
      found.older += await keepLostStates(trx, shopId, copied.records);
      for (const part of kind === 'orders' ? ([table, ...OF_ORDERS] as const) : [table])
        await trx
          .updateTable(part as 'bookings')
          .set({ lost_at: NOW })
          .where('shop_id', '=', shopId)
          .where(id as 'booking_id', 'in', ids)
          .execute();
      await writeCopied(store, trx, shopId, last, copied);
    });
  }
}

/** Of the lists with entries after the loss: those entries are marked, and what Redis has in their places is read again. */
async function undoLists(
  { store, db, lease, last }: Loss,
  [table, kind, id]: (typeof LISTS)[number],
): Promise<void> {
  const { shopId } = lease;
  const isLedger = table === 'ledger_entries';
  for (;;) {
    const rows = await db
      .selectFrom(table as 'ledger_entries')
      .select(id as 'viewer_id')
      .distinct()
      .where('shop_id', '=', shopId)
      .where(isAfter(last))
      .$if(isLedger, (some) => some.where('left_redis_at', 'is', null).where('lost_at', 'is', null))
      .limit(STEP)
      .execute();
    const ids = rows.map((row) => row[id as 'viewer_id']);
    if (ids.length === 0) return;
    await db.transaction().execute(async (trx) => {
      await moveCursor(trx, lease, lease.cursor);
      if (isLedger)
        await trx
          .updateTable('ledger_entries')
          .set({ lost_at: NOW })
          .where('shop_id', '=', shopId)
          .where('viewer_id', 'in', ids)
          .where('left_redis_at', 'is', null)
          .where('lost_at', 'is', null)
          .where(isAfter(last))
          .execute();
      else
        await trx
          .deleteFrom('stock_changes')
          .where('shop_id', '=', shopId)
          .where('item_id', 'in', ids)
          .where(isAfter(last))
          .execute();
      const touched: Touched = { ...nothingTouched(), [kind]: new Set(ids) };
      await writeCopied(
        store,
        trx,
        shopId,
        last,
        await readTouched(store, trx, shopId, last, touched),
      );
    });
  }
}
