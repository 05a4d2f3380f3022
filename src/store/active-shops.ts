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

/** Shops marked since a time, epoch ms of the servers' clocks. */
export function shopsMarkedSince(store: Store, since: number): Promise<string[]> {
  return store.read((redis) => redis.zRange(ACTIVE_SHOPS_KEY, since, '+inf', { BY: 'SCORE' }));
}

export function activeShops(store: Store): Promise<string[]> {
  return store.read((redis) => redis.zRange(ACTIVE_SHOPS_KEY, 0, -1));
}

/**
 * Forgets the shops that nobody has marked for long. The busy ones are marked anew before, and removal goes by the mark
 * alone, so a shop that becomes busy meanwhile stays.
 */
export async function forgetIdle(store: Store, busy: string[]): Promise<void> {
  await store.read(async (redis) => {
    const now = Date.now();
    if (busy.length > 0) {
      await redis.zAdd(
        ACTIVE_SHOPS_KEY,
        busy.map((value) => ({ score: now, value })),
      );
    }
    await redis.zRemRangeByScore(ACTIVE_SHOPS_KEY, '-inf', now - FORGET_AFTER_MS);
  });
}

/** The shop's next deadline, epoch ms, or null. */
export async function nextDeadline(store: Store, shopId: string): Promise<number | null> {
  const first = await store.read((redis) =>
    redis.zRangeWithScores(`${shopKey(shopId)}:deadlines`, 0, 0),
  );
  return first[0]?.score ?? null;
}
