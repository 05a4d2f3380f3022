import { z } from 'zod';
import type { Page, PageQuery } from '../protocol/http.js';
import { codeKey, type ItemView, ItemViewSchema } from '../protocol/item.js';
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
  waiting: z.coerce.number().default(0),
  head: z.coerce.number().default(1),
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

/** The id of the item that has the code. */
async function itemIdOfCode(
  store: Store,
  shopId: string,
  code: string,
): Promise<string | undefined> {
  const codes = `${shopKey(shopId)}:codes`;
  return (await store.read((redis) => redis.hmGet(codes, [codeKey(code)])))[0] ?? undefined;
}

/** Of keys that may be codes (`codeKey`) those that are, with the items that have them. */
export async function itemIdsOfKeys(
  store: Store,
  shopId: string,
  keys: string[],
): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const ids = await store.read((redis) => redis.hmGet(`${shopKey(shopId)}:codes`, keys));
  return new Map(keys.flatMap((key, i) => (ids[i] == null ? [] : [[key, ids[i]]])));
}

/** The item that has the code, if there is one and it has the SKU, if one is given. */
export async function itemOfCode(
  store: Store,
  shopId: string,
  code: string,
  sku?: string,
): Promise<Page<ItemView>> {
  const itemId = await itemIdOfCode(store, shopId, code);
  const item = itemId ? await readItem(store, shopId, itemId) : undefined;
  const fits = item && (sku === undefined || item.sku === sku);
  return { items: fits ? [item] : [], nextCursor: null };
}

/** The items of a SKU, in the order of their ids. */
export async function pageItemsOfSku(
  store: Store,
  shopId: string,
  sku: string,
  { limit, cursor }: PageQuery,
): Promise<Page<ItemView>> {
  // Members are a SKU and an id with a line feed between, which neither has in it.
  const after = cursor === undefined ? `[${sku}\n` : `(${sku}\n${cursor}`;
  const members = await store.read((redis) =>
    redis.zRange(`${shopKey(shopId)}:skus`, after, `(${sku}\v`, {
      BY: 'LEX',
      LIMIT: { offset: 0, count: limit },
    }),
  );
  const ids = members.map((member) => member.slice(sku.length + 1));
  const found = await Promise.all(ids.map((id) => readItem(store, shopId, id)));
  return {
    items: found.flatMap((item) => (item?.sku === sku ? [item] : [])),
    nextCursor: ids.length === limit ? (ids.at(-1) ?? null) : null,
  };
}

/** Every item's id, oldest first. */
export function allItemIds(store: Store, shopId: string): Promise<string[]> {
  return store.read((redis) => redis.zRange(`${shopKey(shopId)}:items`, 0, -1));
}
