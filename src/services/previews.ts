import { LRUCache } from 'lru-cache';
import { readItem } from '../store/items.js';
import { readLive } from '../store/lives.js';
import { readShopName } from '../store/shops.js';
import type { Store } from '../store/store.js';

/** What a link to a live is shown with in a chat. */
export interface Preview {
  title: string;
  shopName: string;
  imageUrl: string | undefined;
}

/** How long a preview is believed, ms: when a live goes on air thousands open the same page. */
const FRESH_MS = 5_000;
const MOST = 1_000;
/** Items that are looked at for a picture. */
const LOOKED_AT = 5;

/** Titles and pictures of lives, for their pages' heads. */
export class Previews {
  private readonly fresh: LRUCache<string, { preview: Preview | undefined }>;

  constructor(store: Store) {
    this.fresh = new LRUCache({
      max: MOST,
      ttl: FRESH_MS,
      fetchMethod: async (path) => {
        const [shopId = '', liveId = ''] = path.split('/');
        return { preview: await read(store, shopId, liveId) };
      },
    });
  }

  /** Undefined when there is no such live. */
  async of(shopId: string, liveId: string): Promise<Preview | undefined> {
    return (await this.fresh.fetch(`${shopId}/${liveId}`))?.preview;
  }
}

async function read(store: Store, shopId: string, liveId: string): Promise<Preview | undefined> {
  const [live, shopName] = await Promise.all([
    readLive(store, shopId, liveId),
    readShopName(store, shopId),
  ]);
  if (!live || shopName === undefined) return undefined;
  const pinned = live.pinnedItemId === null ? [] : [live.pinnedItemId];
  const looked = [...pinned, ...live.itemIds.slice(0, LOOKED_AT)];
  const items = await Promise.all(looked.map((id) => readItem(store, shopId, id)));
  const imageUrl = items.find((item) => item?.imageUrl !== undefined)?.imageUrl;
  return { title: live.title, shopName, imageUrl };
}
