import type { Position } from '../store/events.js';
import { allItemIds } from '../store/items.js';
import { shopKey } from '../store/keys.js';
import { allLiveIds } from '../store/lives.js';
import type { Store } from '../store/store.js';
import { viewerIds } from '../store/viewers.js';
import { readTouched, writeCopied } from './copy.js';
import type { ArchiveDatabase } from './database.js';
import { isNew, type Lease, moveCursor } from './lease.js';
import { nothingTouched, type Touched } from './touched.js';

/** Records copied in one transaction. */
const STEP = 100;

/**
 * Copies every record that Redis has, for a shop whose events of before are not in the stream any more: of an installation
 * that archived nothing until now. Ends with the cursor at `end`, which was the newest entry before it began: what changes
 * meanwhile is copied once more. One that is cut short starts over.
 */
export async function backfill(
  store: Store,
  db: ArchiveDatabase,
  lease: Lease,
  end: Position,
  stopping: AbortSignal,
): Promise<void> {
  const { shopId } = lease;
  for await (const touched of everyRecord(store, shopId)) {
    if (stopping.aborted) return;
    const copied = await readTouched(store, db, shopId, end, touched);
    await db.transaction().execute(async (trx) => {
      await moveCursor(trx, lease, lease.cursor);
      await writeCopied(store, trx, shopId, end, copied);
    });
  }
  const mishaps = isNew(lease) ? {} : { gaps: 1 };
  await db.transaction().execute((trx) => moveCursor(trx, lease, end, mishaps));
  lease.cursor = end;
}

/** Records by their indexes. */
const SETS = [
  ['orders', ':orders'],
  ['notices', ':notices:all'],
  ['refunds', ':refunds:all'],
] as const;

async function* everyRecord(store: Store, shopId: string): AsyncGenerator<Touched> {
  const base = shopKey(shopId);
  for (const itemId of await allItemIds(store, shopId))
    yield { ...nothingTouched(), restocks: new Set([itemId]) };
  for (const [kind, suffix] of SETS) {
    // From the oldest on: what is added meanwhile comes behind, or is in the stream.
    for (let start = 0; ; start += STEP) {
      const ids = await store.read((redis) =>
        redis.zRange(`${base}${suffix}`, start, start + STEP - 1),
      );
      if (ids.length === 0) break;
      yield { ...nothingTouched(), [kind]: new Set(ids) };
    }
  }
  for await (const ids of viewerIds(store, shopId, STEP))
    yield { ...nothingTouched(), ledgers: new Set(ids) };
  for (const liveId of await allLiveIds(store, shopId)) {
    const key = `${base}:bookings:live:${liveId}`;
    for (let left = await store.read((redis) => redis.lLen(key)); left > 0; left -= STEP) {
      const last = Math.max(left - STEP, 0) + 1;
      const ids = await store.read((redis) => redis.lRange(key, -left, -last));
      yield { ...nothingTouched(), bookings: new Set(ids) };
    }
  }
}
