import { type Selectable, sql } from 'kysely';
import { shopKey } from '../store/keys.js';
import type { Store } from '../store/store.js';
import type { ArchiveDatabase } from './database.js';
import type { ArchiveTables } from './schema.js';

/**
 * Records leave Redis, and return, in moves that the archive numbers. Redis keeps the number of the last one (`drops` of the
 * shop's `gone`) and refuses an older one, so whoever was overtaken moves nothing. By the two numbers it is seen that one
 * of the stores was restored from a copy. From the first move that is not known to have ended on, all are looked at again.
 */
export interface Move {
  n: number;
  /** No other move was under way when it began. */
  alone: boolean;
}

/** Somebody else has moved records of the shop meanwhile: what was about to move is looked at again. */
export class OvertakenError extends Error {
  override readonly name = 'OvertakenError';
}

/** More has left Redis than the archive knows of. */
class OlderArchiveError extends Error {
  override readonly name = 'OlderArchiveError';
}

/** The last move that Redis knows of, and when that was, epoch ms. */
export async function movesInRedis(
  store: Store,
  shopId: string,
): Promise<{ n: number; at: number }> {
  const key = `${shopKey(shopId)}:gone`;
  const [n, at] = await store.read((redis) => redis.hmGet(key, ['drops', 'dropped_at']));
  return { n: Number(n ?? 0), at: Number(at ?? 0) };
}

export type MovesState = Pick<
  Selectable<ArchiveTables['cursors']>,
  'drops' | 'unsettled_since' | 'older_since' | 'losses_accepted_at'
>;

/** What the archive knows of moves; in a transaction nobody begins one until its end. */
export function movesInArchive(
  db: ArchiveDatabase,
  shopId: string,
): Promise<MovesState | undefined> {
  return db
    .selectFrom('cursors')
    .select(['drops', 'unsettled_since', 'older_since', 'losses_accepted_at'])
    .where('shop_id', '=', shopId)
    .$if(db.isTransaction, (row) => row.forUpdate())
    .executeTakeFirst();
}

/**
 * Numbers the next move, in the transaction that marks what is to move.
 * @param inRedis the last one that Redis knew of before the transaction
 * @param trims it takes entries off lists, which needs no second look
 * @throws OlderArchiveError
 */
export async function beginMove(
  trx: ArchiveDatabase,
  shopId: string,
  inRedis: number,
  trims = false,
): Promise<Move> {
  const state = await movesInArchive(trx, shopId);
  const before = state?.drops ?? inRedis;
  if (before < inRedis) throw new OlderArchiveError(`${shopId}: more has left than is archived`);
  const n = before + 1;
  const since = state?.unsettled_since ?? null;
  await trx
    .updateTable('cursors')
    .set({ drops: n, ...(!trims && since === null && { unsettled_since: sql<Date>`now()` }) })
    .where('shop_id', '=', shopId)
    .execute();
  return { n, alone: since === null };
}

/** Answers whether no other move has begun since this one; then, if there was none under way either, all is settled. */
export async function endMove(
  trx: ArchiveDatabase,
  shopId: string,
  { n, alone }: Move,
): Promise<boolean> {
  const state = await movesInArchive(trx, shopId);
  if (state?.drops !== n) return false;
  if (alone) await settle(trx, shopId);
  return true;
}

export async function settle(trx: ArchiveDatabase, shopId: string): Promise<void> {
  await trx
    .updateTable('cursors')
    .set({ unsettled_since: null })
    .where('shop_id', '=', shopId)
    .execute();
}

/** What was marked since then, epoch ms, is looked at again. */
export async function unsettle(trx: ArchiveDatabase, shopId: string, since: number): Promise<void> {
  await trx
    .updateTable('cursors')
    .set({ unsettled_since: sql<Date>`least(unsettled_since, ${new Date(since)})` })
    .where('shop_id', '=', shopId)
    .execute();
}

/** Said in the log, in `/readyz` and by `npm run verify`. */
export const OLDER =
  'the archive is older than what has left Redis, which may be in neither: restore a newer one, or run npm run accept-loss; nothing leaves Redis until then';

/** From now on the archive goes on from what Redis knows; nothing leaves until somebody has looked at it. */
export async function noteOlder(trx: ArchiveDatabase, shopId: string, n: number): Promise<void> {
  await trx
    .updateTable('cursors')
    .set({ drops: n, older_since: sql<Date>`now()` })
    .where('shop_id', '=', shopId)
    .execute();
}

/** Whether the archive was found to be older than Redis, and nobody has accepted that. */
export function isOlder({
  older_since,
  losses_accepted_at,
}: Pick<MovesState, 'older_since' | 'losses_accepted_at'>): boolean {
  return older_since !== null && (losses_accepted_at === null || older_since > losses_accepted_at);
}

/** The shop of which that was found first. */
export async function firstOlder(
  db: ArchiveDatabase,
): Promise<{ shopId: string; since: number } | undefined> {
  const row = await db
    .selectFrom('cursors')
    .select(['shop_id', 'older_since'])
    .where('older_since', 'is not', null)
    .where(sql<boolean>`older_since > coalesce(losses_accepted_at, 'epoch')`)
    .orderBy('older_since')
    .limit(1)
    .executeTakeFirst();
  return row?.older_since ? { shopId: row.shop_id, since: row.older_since.getTime() } : undefined;
}
