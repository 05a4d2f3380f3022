import { ACTIVE_SHOPS_KEY, shopKey } from './keys.js';
import type { Store } from './store.js';

/** A server says that a shop is active at most this often, ms. */
export const MARK_EVERY_MS = 5 * 60_000;
/** A shop without deadlines and unmarked for this long is forgotten; must be well over `MARK_EVERY_MS`. */
const FORGET_AFTER_MS = 3 * MARK_EVERY_MS;

/** Before a shop's first hold: so that every server's sweeper knows of it, also after this server died. */
export async function markActive(store: Store, shopId: string): Promise<void> {
  await store.read((redis) => redis.zAdd(ACTIVE_SHOPS_KEY, { score: Date.now(), value: shopId }));
}

export function activeShops(store: Store): Promise<string[]> {
  return store.read((redis) => redis.zRange(ACTIVE_SHOPS_KEY, 0, -1));
}

/** Called for a shop that was seen without deadlines: forgets it if no server has marked it for long. */
export async function forgetIdle(store: Store, shopIds: string[]): Promise<void> {
  if (shopIds.length === 0) return;
  const scores = await store.read((redis) => redis.zmScore(ACTIVE_SHOPS_KEY, shopIds));
  const idle = shopIds.filter(
    (_, i) => (scores[i] ?? Number.POSITIVE_INFINITY) < Date.now() - FORGET_AFTER_MS,
  );
  if (idle.length > 0) await store.read((redis) => redis.zRem(ACTIVE_SHOPS_KEY, idle));
}

/** The shop's next deadline, epoch ms, or null. */
export async function nextDeadline(store: Store, shopId: string): Promise<number | null> {
  const first = await store.read((redis) =>
    redis.zRangeWithScores(`${shopKey(shopId)}:deadlines`, 0, 0),
  );
  return first[0]?.score ?? null;
}
