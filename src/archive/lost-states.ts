import { isDeepStrictEqual } from 'node:util';
import { type Insertable, sql } from 'kysely';
import type { ArchiveRecords } from '../store/records.js';
import type { ArchiveDatabase } from './database.js';
import { keptJson } from './rows.js';
import type { LostStatesTable } from './schema.js';

type Row = Insertable<LostStatesTable>;
/** An order as the archive has it, or a text. */
type Kept = ArchiveRecords['orders'][string] | string;

/** Of each kind of record: its table, and what its row says in short. */
const KINDS = {
  bookings: { table: 'bookings', id: 'booking_id', status: 'status', amount: 'quantity' },
  notices: { table: 'payment_notices', id: 'notice_id', status: 'outcome', amount: 'count' },
  refunds: { table: 'refunds', id: 'refund_id', status: 'status', amount: 'amount' },
  orders: { table: 'orders', id: 'order_id', status: 'status', amount: 'total' },
} as const;
export type LostKind = keyof typeof KINDS;
export const LOST_KINDS = Object.keys(KINDS) as LostKind[];

/**
 * Redis has these in an older state than the archive, and the archive is about to go on with that: what it had is kept in
 * `lost_states`, without what says who somebody is. Answers how many there were.
 */
export async function keepLostStates(
  trx: ArchiveDatabase,
  shopId: string,
  records: ArchiveRecords,
): Promise<number> {
  let kept = 0;
  for (const kind of LOST_KINDS)
    kept += await keepOfKind(trx, shopId, kind, recordsOf(kind, records));
  return kept;
}

function recordsOf(kind: LostKind, records: ArchiveRecords): Map<string, Kept> {
  const found = new Map<string, Kept>(Object.entries(records[kind]));
  // They are written with their orders.
  if (kind === 'refunds')
    for (const { refunds } of Object.values(records.orders))
      for (const [id, text] of Object.entries(refunds)) found.set(id, text);
  return found;
}

async function keepOfKind(
  trx: ArchiveDatabase,
  shopId: string,
  kind: LostKind,
  now: Map<string, Kept>,
): Promise<number> {
  if (now.size === 0) return 0;
  const { table, id, status, amount } = KINDS[kind];
  // The types of one table stand for those of all.
  const rows = await trx
    .selectFrom(table as 'orders')
    .select([`${id as 'order_id'} as id`, `${status as 'status'} as status`])
    .select([`${amount as 'total'} as amount`, 'record', 'entry_ms', 'entry_seq'])
    .where('shop_id', '=', shopId)
    .where(id as 'order_id', 'in', [...now.keys()])
    .execute();
  const lost = rows
    .filter(
      (row) =>
        !isDeepStrictEqual(
          comparable(row.record as Kept),
          comparable(archived(now.get(row.id) ?? '')),
        ),
    )
    .map(({ id: record_id, record, ...row }): Row => {
      const text = keptJson(JSON.stringify(impersonal(record as Kept)));
      return { shop_id: shopId, kind, record_id, ...row, record: text };
    });
  if (lost.length === 0) return 0;
  await trx
    .insertInto('lost_states')
    .values(lost)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return lost.length;
}

/** What is in Redis, as the archive would have it. */
function archived(record: Kept): Kept {
  return typeof record === 'string' ? record : JSON.parse(keptJson(JSON.stringify(record)));
}

/** How often a gateway was asked changes without an event: that is no other state. */
function comparable(record: Kept): unknown {
  if (typeof record !== 'string') {
    const payments = Object.entries(record.payments).map(([id, { checks: _, ...fields }]) => [
      id,
      fields,
    ]);
    return { ...record, payments: Object.fromEntries(payments) };
  }
  if (!record.startsWith('{') || record.includes('\n')) return record;
  const { tries: _, ...rest } = JSON.parse(record);
  return rest;
}

function impersonal(record: Kept): unknown {
  if (typeof record === 'string') {
    if (!record.startsWith('{') || record.includes('\n')) return record;
    const { doneNote: _, ...rest } = JSON.parse(record);
    return rest;
  }
  const { recipient: _, note: __, hostNote: ___, ...fields } = record.fields;
  return { fields, payments: record.payments };
}

/** Whatever was lost until now was looked at by a person. */
export async function acceptLosses(db: ArchiveDatabase): Promise<void> {
  await db.updateTable('cursors').set({ losses_accepted_at: sql<Date>`now()` }).execute();
}

export interface LostRecord {
  kind: LostKind;
  id: string;
  status: string;
  amount: number;
  /** Redis has it, in an older state. */
  isThere: boolean;
}

/** What Redis had lost of what was archived, and nobody has accepted yet. */
export async function lostRecords(
  db: ArchiveDatabase,
  shopId: string,
  kind: LostKind,
  limit: number,
): Promise<LostRecord[]> {
  const { table, id, status, amount } = KINDS[kind];
  const cursor = await db
    .selectFrom('cursors')
    .select('losses_accepted_at')
    .where('shop_id', '=', shopId)
    .executeTakeFirst();
  const since = cursor?.losses_accepted_at ?? new Date(0);
  const older = await db
    .selectFrom('lost_states')
    .select(['record_id as id', 'status', 'amount'])
    .where('shop_id', '=', shopId)
    .where('kind', '=', kind)
    .where('noticed_at', '>', since)
    .orderBy('noticed_at')
    .limit(limit)
    .execute();
  const gone = await db
    .selectFrom(table as 'orders')
    .select([`${id as 'order_id'} as id`, `${status as 'status'} as status`])
    .select(`${amount as 'total'} as amount`)
    .where('shop_id', '=', shopId)
    .where('lost_at', '>', since)
    .orderBy('lost_at')
    .limit(limit)
    .execute();
  return [
    ...older.map((row) => ({ ...row, kind, isThere: true })),
    ...gone.map((row) => ({ ...row, kind, isThere: false })),
  ];
}
