import { setTimeout as delay } from 'node:timers/promises';
import { comparePositions, type Position, streamEnd } from '../../store/events.js';
import type { Store } from '../../store/store.js';
import type { ArchiveDatabase } from '../database.js';

/** Both sides of a comparison of one shop. */
export interface Sides {
  store: Store;
  db: ArchiveDatabase;
  shopId: string;
}

/** How long the archive may take to have what Redis has, ms. */
const CATCH_UP_MS = 60_000;
const LOOK_EVERY_MS = 50;
/** What changes all the time is looked at so often. */
const TRIES = 10;

/** Nothing can be said: the archive lacks what has happened. */
class ArchiveBehindError extends Error {
  override readonly name = 'ArchiveBehindError';
}

/** Resolves when the archive has everything up to an entry of the stream; without one, up to the newest. */
export async function untilArchived(
  { store, db, shopId }: Sides,
  position?: Position,
): Promise<void> {
  const wanted = position ?? (await streamEnd(store, shopId));
  const deadline = performance.now() + CATCH_UP_MS;
  for (;;) {
    const cursor = await db
      .selectFrom('cursors')
      .select(['entry_ms', 'entry_seq'])
      .where('shop_id', '=', shopId)
      .executeTakeFirst();
    const place = `${cursor?.entry_ms ?? 0}-${cursor?.entry_seq ?? 0}`;
    if (comparePositions(place, wanted) >= 0) return;
    if (performance.now() > deadline)
      throw new ArchiveBehindError(
        `${shopId}: the archive has nothing after ${place}, and Redis has come to ${wanted}: does a server run with this archive?`,
      );
    await delay(LOOK_EVERY_MS);
  }
}

export interface Difference {
  /** What Redis said of it. */
  live: string;
  problems: string[];
}

/**
 * Looks again at what differs. A record may change between the look at Redis and the one at the archive, so a difference is
 * one when Redis says the same twice and the archive, which has everything up to then, does not.
 */
export async function confirmed(
  ids: string[],
  look: (ids: string[]) => Promise<Map<string, Difference>>,
): Promise<string[]> {
  const found: string[] = [];
  let before = await look(ids);
  for (let tries = 0; tries < TRIES && before.size > 0; tries++) {
    const now = await look([...before.keys()]);
    for (const [id, { live, problems }] of now) {
      if (before.get(id)?.live !== live) continue;
      found.push(...problems);
      now.delete(id);
    }
    before = now;
  }
  for (const id of before.keys()) found.push(`${id}: changes faster than it can be compared`);
  return found;
}
