import { z } from 'zod';
import type { Page, PageQuery } from '../protocol/http.js';
import { type ItemView, ItemViewSchema } from '../protocol/item.js';
import { shopKey } from './keys.js';
import { page } from './paging.js';
import type { Store } from './store.js';

/** An item's hash as Redis gives it: everything is text. */
const ItemRecord = z.object({
  sku: z.string(),
  code: z.string(),
  name: z.string(),
  price: z.coerce.number(),
  imageUrl: z.string().optional(),
  open: z.string().transform((flag) => flag === '1'),
  available: z.coerce.number(),
  booked: z.coerce.number(),
  allocated: z.coerce.number(),
  sold: z.coerce.number(),
  revision: z.coerce.number(),
});

export async function readItem(
  store: Store,
  shopId: string,
  itemId: string,
): Promise<ItemView | undefined> {
  const fields = await store.read((redis) => redis.hGetAll(`${shopKey(shopId)}:item:${itemId}`));
  const record = ItemRecord.safeParse(fields);
  return record.success ? ItemViewSchema.parse({ itemId, ...record.data }) : undefined;
}

export function pageItems(store: Store, shopId: string, query: PageQuery): Promise<Page<ItemView>> {
  return page(store, { key: `${shopKey(shopId)}:items` }, query, (ids) =>
    Promise.all(ids.map((id) => readItem(store, shopId, id))),
  );
}

/** Every item's id, oldest first. */
export function allItemIds(store: Store, shopId: string): Promise<string[]> {
  return store.read((redis) => redis.zRange(`${shopKey(shopId)}:items`, 0, -1));
}
