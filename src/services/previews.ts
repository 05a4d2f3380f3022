import { LRUCache } from 'lru-cache';
import { AppError } from '../protocol/errors.js';
import type { FirstSight } from '../protocol/snapshot.js';
import type { Shops } from './shops.js';
import type { Snapshots } from './snapshots.js';

/**
 * How old what a page begins with may be, ms: when a live goes on air thousands open the same page. The page's own
 * connection replaces it a moment later.
 */
const FRESH_MS = 500;
const MOST = 1_000;
/** More rows than a phone shows at once; the others come with the snapshot. */
const MOST_ITEMS = 24;

/** Lives as their pages begin: what is on sale, before there is a connection. */
export class Previews {
  private readonly fresh: LRUCache<string, { sight: FirstSight | undefined }>;

  constructor(snapshots: Snapshots, shops: Shops) {
    this.fresh = new LRUCache({
      max: MOST,
      ttl: FRESH_MS,
      fetchMethod: async (path): Promise<{ sight: FirstSight | undefined }> => {
        const [shopId = '', liveId = ''] = path.split('/');
        try {
          return { sight: await read(snapshots, shops, shopId, liveId) };
        } catch (error) {
          // Also that there is no such live is remembered.
          if (error instanceof AppError && error.code === 'NOT_FOUND') return { sight: undefined };
          throw error;
        }
      },
    });
  }

  /** Undefined when there is no such live. */
  async of(shopId: string, liveId: string): Promise<FirstSight | undefined> {
    return (await this.fresh.fetch(`${shopId}/${liveId}`))?.sight;
  }
}

async function read(
  snapshots: Snapshots,
  shops: Shops,
  shopId: string,
  liveId: string,
): Promise<FirstSight> {
  const [{ live, items, rules }, { lives: _, ...shop }] = await Promise.all([
    snapshots.forViewer(shopId, liveId),
    shops.view(shopId),
  ]);
  const shown = items.filter(
    ({ itemId }, place) => place < MOST_ITEMS || itemId === live.pinnedItemId,
  );
  return { live, items: shown, shop, ...(rules && { rules }) };
}
