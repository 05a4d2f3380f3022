import { ACTIVE_SHOPS_KEY } from './keys.js';
import { scripts } from './scripts/index.js';
import type { Store } from './store.js';

/** A server says that a shop is active at most this often, ms. */
export const MARK_EVERY_MS = 5 * 60_000;
/** A shop without deadlines and unmarked for this long is forgotten; must be well over `MARK_EVERY_MS`. */
const FORGET_AFTER_MS = 3 * MARK_EVERY_MS;

/** Before a shop's first hold: so that every server's sweeper knows of it, also after this server died. */
export async function markActive(store: Store, shopId: string): Promise<void> {
  await store.runAt(scripts.activeShops, ACTIVE_SHOPS_KEY, ['', '', shopId]);
}

/** Shops marked since a time of Redis's clock, epoch ms; 0 for all. `now`: that clock. */
export function shopsMarkedSince(
  store: Store,
  since: number,
): Promise<{ now: number; shops: string[] }> {
  return store.runAt(scripts.activeShops, ACTIVE_SHOPS_KEY, [String(since), '']);
}

/**
 * Forgets the shops that nobody has marked for long. The busy ones are marked again before, and removal goes by the mark
 * alone, so a shop that becomes busy meanwhile stays.
 */
export async function forgetIdle(store: Store, busy: string[]): Promise<void> {
  const args = ['', String(FORGET_AFTER_MS), ...busy];
  await store.runAt(scripts.activeShops, ACTIVE_SHOPS_KEY, args);
}
