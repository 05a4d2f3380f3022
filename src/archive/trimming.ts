import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import type { ArchiveDatabase } from './database.js';
import { type Lease, moveCursor } from './lease.js';
import { beginMove, movesInRedis } from './moves.js';

/** The oldest entries of a list that are to leave it. */
export interface Trim {
  /** What the list's key ends with. */
  suffix: string;
  /** How many have left before. */
  before: number;
  /** Oldest first. */
  entries: string[];
}

/**
 * Takes entries off lists in one move; answers of each list whether it was as expected, undefined when others moved meanwhile.
 * @param note writes what the archive must know of it, in the transaction that numbers the move
 */
export async function trimLists(
  store: Store,
  db: ArchiveDatabase,
  lease: Lease,
  lists: Trim[],
  note?: (trx: ArchiveDatabase) => Promise<void>,
): Promise<boolean[] | undefined> {
  const { shopId } = lease;
  if (lists.length === 0) return [];
  const { n: inRedis } = await movesInRedis(store, shopId);
  const { n: move } = await db.transaction().execute(async (trx) => {
    await moveCursor(trx, lease, lease.cursor);
    await note?.(trx);
    return beginMove(trx, shopId, inRedis, true);
  });
  const args = [JSON.stringify({ move, lists })];
  const done = await store.run(scripts.archiveTrim, shopId, args);
  return 'late' in done ? undefined : done.trimmed;
}
