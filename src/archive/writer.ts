import { sql } from 'kysely';
import type { ArchiveRecords } from '../store/records.js';
import type { ArchiveDatabase } from './database.js';
import {
  bookingRow,
  kept,
  ledgerRow,
  lineRows,
  noticeRow,
  type Origin,
  orderRow,
  paymentRows,
  type Row,
  refundRow,
  stockChangeRow,
} from './rows.js';
import type { ArchiveTables } from './schema.js';

/** Rows in one statement: a statement has at most 65,535 parameters. */
const ROWS = 250;

/** What makes a row the same one, beside `shop_id`. */
const KEYS = {
  events: ['ms', 'seq', 'n'],
  bookings: ['booking_id'],
  orders: ['order_id'],
  order_lines: ['order_id', 'line'],
  payments: ['payment_id'],
  payment_notices: ['notice_id'],
  refunds: ['refund_id'],
  ledger_entries: ['viewer_id', 'n'],
  stock_changes: ['item_id', 'n'],
  items: ['item_id'],
  lives: ['live_id'],
  viewers: ['viewer_id'],
} as const satisfies Partial<Record<keyof ArchiveTables, readonly string[]>>;

export type Archived = keyof typeof KEYS;

/** Tables whose rows say what has become of the record in Redis. It was there when the row was read: it is there again. */
const OF_REDIS: Archived[] = ['bookings', 'orders', 'payment_notices', 'refunds', 'ledger_entries'];

/** Those that say only whether it was lost. */
const OF_STREAM: Archived[] = ['events', 'order_lines', 'payments'];

/** Writes rows, each over the one of before. */
export async function upsert<Table extends Archived>(
  db: ArchiveDatabase,
  table: Table,
  rows: Row<Table>[],
): Promise<void> {
  const keys = ['shop_id', ...KEYS[table]];
  for (let from = 0; from < rows.length; from += ROWS) {
    const part = rows.slice(from, from + ROWS).map((row) => kept(table, row));
    const columns = Object.keys(part[0] ?? {}).filter((column) => !keys.includes(column));
    const changed = Object.fromEntries(
      columns.map((column) => [column, sql.ref(`excluded.${column}`)]),
    );
    const isThere = {
      ...(OF_REDIS.includes(table) && { left_redis_at: null, lost_at: null }),
      ...(OF_STREAM.includes(table) && { lost_at: null }),
    };
    // The types of one table stand for those of all: Kysely cannot say "whichever table this is".
    await db
      .insertInto(table as 'items')
      .values(part as unknown as Row<'items'>[])
      .onConflict((conflict) =>
        conflict.columns(keys as 'item_id'[]).doUpdateSet({ ...changed, ...isThere } as object),
      )
      .execute();
  }
}

/** How many entries of each growing list are archived, by table. */
interface Known {
  ledgers: Map<string, number>;
  restocks: Map<string, number>;
}

/** Writes records as they were read from Redis. */
export async function writeRecords(
  db: ArchiveDatabase,
  origin: Origin,
  records: ArchiveRecords,
): Promise<void> {
  const orders = Object.values(records.orders);
  const refunds = new Map(Object.entries(records.refunds));
  for (const order of orders)
    for (const [id, text] of Object.entries(order.refunds)) refunds.set(id, text);
  const bookings = Object.values(records.bookings).map((record) => bookingRow(origin, record));
  await upsert(db, 'bookings', bookings);
  await upsert(
    db,
    'orders',
    orders.map((order) => orderRow(origin, order)),
  );
  await upsert(
    db,
    'order_lines',
    orders.flatMap((order) => lineRows(origin, order)),
  );
  await upsert(
    db,
    'payments',
    orders.flatMap((order) => paymentRows(origin, order)),
  );
  const notices = Object.entries(records.notices).map(([id, text]) => noticeRow(origin, id, text));
  await upsert(db, 'payment_notices', notices);
  await upsert(
    db,
    'refunds',
    [...refunds].map(([id, text]) => refundRow(origin, id, text)),
  );
  const ledgers = grown(records.ledgers);
  await upsert(
    db,
    'ledger_entries',
    ledgers.map(([id, n, text]) => ledgerRow(origin, id, n, text)),
  );
  const restocks = grown(records.restocks);
  await upsert(
    db,
    'stock_changes',
    restocks.map(([id, n, text]) => stockChangeRow(origin, id, n, text)),
  );
}

/** New entries of lists with their places, 1 for the first. */
function grown(
  lists: Record<string, { from: number; rows: string[] }>,
): [id: string, n: number, record: string][] {
  return Object.entries(lists).flatMap(([id, { from, rows }]) =>
    rows.map((record, i): [string, number, string] => [id, from + i + 1, record]),
  );
}

/** How much of the ledgers and restocks the archive has. */
export async function knownOf(
  db: ArchiveDatabase,
  shopId: string,
  viewerIds: string[],
  itemIds: string[],
): Promise<Known> {
  const ledgers =
    viewerIds.length === 0
      ? []
      : await db
          .selectFrom('ledger_entries')
          .select(['viewer_id as id', ({ fn }) => fn.max('n').as('n')])
          .where('shop_id', '=', shopId)
          .where('viewer_id', 'in', viewerIds)
          .where('lost_at', 'is', null)
          .groupBy('viewer_id')
          .execute();
  const restocks =
    itemIds.length === 0
      ? []
      : await db
          .selectFrom('stock_changes')
          .select(['item_id as id', ({ fn }) => fn.max('n').as('n')])
          .where('shop_id', '=', shopId)
          .where('item_id', 'in', itemIds)
          .groupBy('item_id')
          .execute();
  const map = (rows: { id: string; n: number }[]) => new Map(rows.map(({ id, n }) => [id, n]));
  return { ledgers: map(ledgers), restocks: map(restocks) };
}
