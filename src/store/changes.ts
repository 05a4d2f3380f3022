import type { Change } from '../protocol/staff.js';
import { ChangeSchema } from '../protocol/staff.js';
import { shopKey } from './keys.js';
import type { Store } from './store.js';

/** A shop's changes are kept for so long, s, and so many of them. */
const KEPT = 90 * 86_400;
const MOST = 10_000;

/** Where the ids of a shop's changes stand, by when they were made. */
export function changesKey(shopId: string): string {
  return `${shopKey(shopId)}:changes`;
}

function keyOf(shopId: string, changeId: string): string {
  return `${shopKey(shopId)}:change:${changeId}`;
}

/**
 * Writes a change down. Plain writes of a key each, the record before its place in the list: nothing is decided by them,
 * and unlike a script they work while the shop's slot of a Redis Cluster moves.
 */
export async function writeChange(store: Store, shopId: string, change: Change): Promise<void> {
  const { changeId, at } = change;
  const key = changesKey(shopId);
  await store.read((redis) =>
    redis.set(keyOf(shopId, changeId), JSON.stringify(change), { EX: KEPT }),
  );
  await store.read((redis) => redis.zAdd(key, { score: at, value: changeId }));
  // Records that nobody can find any more would stay for weeks.
  const over = await store.read((redis) => redis.zRange(key, 0, -1 - MOST));
  for (const id of over) await removeChange(store, shopId, id);
}

export async function removeChange(store: Store, shopId: string, changeId: string): Promise<void> {
  await store.read((redis) =>
    Promise.all([redis.zRem(changesKey(shopId), changeId), redis.del(keyOf(shopId, changeId))]),
  );
}

/** Undefined when it is no longer kept. */
export async function readChange(
  store: Store,
  shopId: string,
  changeId: string,
): Promise<Change | undefined> {
  const record = await store.read((redis) => redis.get(keyOf(shopId, changeId)));
  return record === null ? undefined : ChangeSchema.parse(JSON.parse(record));
}
