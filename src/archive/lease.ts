import { sql } from 'kysely';
import { BEGINNING, type Position } from '../store/events.js';
import type { ArchiveDatabase } from './database.js';
import { placeOf } from './rows.js';

/** A server that died, or stands still, keeps others from a shop's archive for so long. By the database's clock. */
const LEASE = sql<Date>`now() + interval '10 seconds'`;

/** The right to write a shop's archive. What is written under an older fence is refused, however late it comes. */
export interface Lease {
  shopId: string;
  fence: number;
  /** The last entry of the stream that is archived; moved on with each write. */
  cursor: Position;
}

/** Another server has taken over, or somebody else moved the cursor. */
class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** Undefined while another server has it. */
export async function takeLease(
  db: ArchiveDatabase,
  shopId: string,
  holder: string,
): Promise<Lease | undefined> {
  await db
    .insertInto('cursors')
    .values({ shop_id: shopId, drops: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await db
    .updateTable('cursors')
    .set({ holder, lease_until: LEASE, fence: sql`fence + 1` })
    .where('shop_id', '=', shopId)
    .where((where) =>
      where.or([where('holder', '=', holder), where('lease_until', '<', sql<Date>`now()`)]),
    )
    .returning(['fence', 'entry_ms', 'entry_seq'])
    .executeTakeFirst();
  return row && { shopId, fence: row.fence, cursor: `${row.entry_ms}-${row.entry_seq}` };
}

/** Others need not wait for its end. */
export async function giveUpLease(db: ArchiveDatabase, { shopId, fence }: Lease): Promise<void> {
  await db
    .updateTable('cursors')
    .set({ lease_until: sql<Date>`to_timestamp(0)` })
    .where('shop_id', '=', shopId)
    .where('fence', '=', fence)
    .execute();
}

/** What happened on the way, counted with the cursor. */
export interface Mishaps {
  gaps?: number;
  losses?: number;
}

/**
 * Moves the cursor, first in a transaction: whoever else holds or wants the lease waits for the transaction's end, and
 * fails or goes on from there.
 * @throws LeaseLostError
 */
export async function moveCursor(
  trx: ArchiveDatabase,
  { shopId, fence, cursor }: Lease,
  to: Position,
  { gaps = 0, losses = 0 }: Mishaps = {},
): Promise<void> {
  const from = placeOf(cursor);
  const { numUpdatedRows } = await trx
    .updateTable('cursors')
    .set({
      ...placeOf(to),
      lease_until: LEASE,
      archived_at: sql<Date>`now()`,
      gaps: sql`gaps + ${gaps}`,
      losses: sql`losses + ${losses}`,
    })
    .where('shop_id', '=', shopId)
    .where('fence', '=', fence)
    .where('entry_ms', '=', from.entry_ms)
    .where('entry_seq', '=', from.entry_seq)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new LeaseLostError(`the lease of ${shopId} is another server's`);
}

/** Whether nothing of the shop has been archived yet. */
export function isNew({ cursor }: Lease): boolean {
  return cursor === BEGINNING;
}
