import { z } from 'zod';
import type { Page, PageQuery } from '../protocol/http.js';
import type { Store } from './store.js';

/** One page of a list of JSON rows, newest first. The cursor counts from the oldest, so new rows do not shift it. */
export async function pageList<Row>(
  store: Store,
  key: string,
  query: PageQuery,
  schema: z.ZodType<Row>,
): Promise<Page<Row>> {
  const length = await store.read((redis) => redis.lLen(key));
  const left = z.coerce.number().int().min(0).max(length).catch(length).parse(query.cursor);
  const start = length - left;
  const lines = await store.read((redis) => redis.lRange(key, start, start + query.limit - 1));
  const items = lines.map((line) => schema.parse(JSON.parse(line)));
  const remaining = left - items.length;
  return { items, nextCursor: remaining > 0 ? String(remaining) : null };
}
