import { sql } from 'kysely';
import type { Position } from '../../store/events.js';
import { countersSince, type ItemCounters } from '../../store/item-counters.js';
import { readRecords } from '../../store/records.js';
import type { AuditRow } from '../../store/scripts/index.js';
import type { ArchiveDatabase } from '../database.js';
import { confirmed, type Difference, type Sides, untilArchived } from './compare.js';

/** Bookings compared word for word at once. */
const STEP = 100;

const BUCKETS = ['booked', 'allocated', 'sold'] as const;
type Sums = Record<(typeof BUCKETS)[number] | 'bookings', number>;

/** Rebuilds an item's buckets from the archive's bookings and stock changes. Exact, also while it sells. */
export async function verifyItem(sides: Sides, itemId: string): Promise<string[]> {
  const underway = new Set<string>();
  const stock = await confirmed([itemId], async () => {
    const problems = await compareItem(sides, itemId, underway);
    return new Map(problems.length > 0 ? [[itemId, { live: '', problems }]] : []);
  });
  return [...stock, ...(await verifyBookings(sides, [...underway]))];
}

/**
 * The archive's sums are of one moment. What has happened to the item between then and the look at Redis's counters is known
 * by the stream: those bookings count as Redis has them, and are compared one by one afterwards (`underway`).
 */
async function compareItem(sides: Sides, itemId: string, underway: Set<string>): Promise<string[]> {
  const { store, db, shopId } = sides;
  const changed = new Map<string, AuditRow>();
  const seen = await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      const position = await cursorOf(trx, shopId);
      const take = (rows: AuditRow[]) => {
        for (const row of rows) changed.set(row[0], row);
      };
      const counters = await countersSince(store, shopId, itemId, position, take);
      if (!counters) return undefined;
      return { counters, sums: await sumsOf(trx, shopId, itemId, [...changed.keys()]) };
    });
  if (!seen) return [`item ${itemId}: the archive is so far behind that the stream was trimmed`];
  const { counters, sums } = seen;
  for (const [id, bucket, quantity] of changed.values()) {
    underway.add(id);
    sums.bookings += 1;
    if (bucket !== '') sums[bucket] += quantity;
  }
  // Units on their way to the waiting line count as booked, and are nobody's yet.
  sums.booked += counters.pending;
  await untilArchived(sides, counters.at);
  return differences(itemId, counters, sums, await stockOf(sides, itemId, counters.restocks));
}

function differences(
  itemId: string,
  counters: ItemCounters,
  sums: Sums,
  stock: { changes: number; units: number },
): string[] {
  const available = stock.units - sums.booked - sums.allocated - sums.sold;
  const problems: string[] = [];
  const hold = (what: string, live: number, archived: number) => {
    if (live !== archived)
      problems.push(`item ${itemId}: ${what} is ${live}, by the archive ${archived}`);
  };
  hold('available', counters.available, available);
  for (const bucket of BUCKETS) hold(bucket, counters[bucket], sums[bucket]);
  hold('the number of bookings', counters.bookings, sums.bookings);
  hold('the number of stock changes', counters.restocks, stock.changes);
  return problems;
}

async function cursorOf(db: ArchiveDatabase, shopId: string): Promise<Position> {
  const row = await db
    .selectFrom('cursors')
    .select(['entry_ms', 'entry_seq'])
    .where('shop_id', '=', shopId)
    .executeTakeFirst();
  return `${row?.entry_ms ?? 0}-${row?.entry_seq ?? 0}`;
}

/** Units in each bucket by the bookings and their orders, but for some bookings. */
async function sumsOf(
  db: ArchiveDatabase,
  shopId: string,
  itemId: string,
  without: string[],
): Promise<Sums> {
  const { rows } = await sql<Record<keyof Sums, number | null>>`
    select
      sum(b.quantity) filter (where b.status = 'held') as booked,
      sum(b.quantity) filter (where b.status = 'ordered' and o.status = 'awaiting_payment') as allocated,
      sum(b.quantity) filter (where b.status = 'ordered' and o.still_sold) as sold,
      count(*) as bookings
    from bookings b
    left join orders o on o.shop_id = b.shop_id and o.order_id = b.order_id and o.lost_at is null
    where b.shop_id = ${shopId} and b.item_id = ${itemId} and b.lost_at is null
      and b.booking_id <> all (${without}::text[])`.execute(db);
  const [row] = rows;
  const of = (name: keyof Sums) => row?.[name] ?? 0;
  return {
    booked: of('booked'),
    allocated: of('allocated'),
    sold: of('sold'),
    bookings: of('bookings'),
  };
}

/** The first so many changes of the stock: an item has no others before they are archived. */
async function stockOf(
  { db, shopId }: Sides,
  itemId: string,
  count: number,
): Promise<{ changes: number; units: number }> {
  const row = await db
    .selectFrom('stock_changes')
    .select(({ fn }) => [
      fn.countAll<number>().as('changes'),
      fn.sum<number | null>('quantity').as('units'),
    ])
    .where('shop_id', '=', shopId)
    .where('item_id', '=', itemId)
    .where('n', '<=', count)
    .executeTakeFirst();
  return { changes: row?.changes ?? 0, units: row?.units ?? 0 };
}

/** Whether the archive has bookings as Redis has them. */
async function verifyBookings(sides: Sides, ids: string[]): Promise<string[]> {
  const problems: string[] = [];
  for (let from = 0; from < ids.length; from += STEP)
    problems.push(
      ...(await confirmed(ids.slice(from, from + STEP), (part) => lookAt(sides, part))),
    );
  return problems;
}

async function lookAt(sides: Sides, ids: string[]): Promise<Map<string, Difference>> {
  const { store, db, shopId } = sides;
  const none = { orders: [], notices: [], refunds: [], ledgers: [], restocks: [] };
  const live = await readRecords(store, shopId, { ...none, bookings: ids });
  await untilArchived(sides);
  const rows = await db
    .selectFrom('bookings')
    .select(['booking_id', 'record', 'left_redis_at'])
    .where('shop_id', '=', shopId)
    .where('booking_id', 'in', ids)
    .where('lost_at', 'is', null)
    .execute();
  const archived = new Map(rows.map((row) => [row.booking_id, row]));
  const different = new Map<string, Difference>();
  for (const id of ids) {
    const kept = live.bookings[id];
    const row = archived.get(id);
    if (kept === undefined ? row?.left_redis_at : row?.record === kept) continue;
    const problem = kept === undefined ? 'is in Redis no more' : 'is another in the archive';
    different.set(id, { live: kept ?? '', problems: [`booking ${id}: ${problem}`] });
  }
  return different;
}
