import { z } from 'zod';
import type { Page } from '../protocol/http.js';
import type { Store } from './store.js';

/** The most rows that one request looks at; a filter that finds little answers a short page. */
const SCAN_LIMIT = 5_000;
const STEP = 200;

/**
 * One page of a list that grows at its head, newest first. Places are counted from the tail, the oldest, so new rows do not
 * shift them; the cursor says how many rows are left.
 *
 * @param load what the given entries stand for, undefined for those that the filter leaves out
 */
export async function pageList<Row>(
  store: Store,
  key: string,
  query: { limit: number; cursor?: string | undefined },
  load: (entries: string[]) => Promise<(Row | undefined)[]>,
): Promise<Page<Row>> {
  const length = await store.read((redis) => redis.lLen(key));
  let left = z.coerce.number().int().min(0).max(length).catch(length).parse(query.cursor);
  const items: Row[] = [];
  for (let seen = 0; left > 0 && seen < SCAN_LIMIT; seen += STEP) {
    const last = Math.max(left - STEP, 0) + 1;
    const entries = await store.read((redis) => redis.lRange(key, -left, -last));
    for (const row of await load(entries)) {
      left--;
      if (row !== undefined) items.push(row);
      if (items.length === query.limit)
        return { items, nextCursor: left > 0 ? String(left) : null };
    }
  }
  return { items, nextCursor: left > 0 ? String(left) : null };
}

/** For `pageList`: entries that are rows themselves, as JSON. */
export function jsonRows<Row>(schema: z.ZodType<Row>): (entries: string[]) => Promise<Row[]> {
  return async (entries) => entries.map((entry) => schema.parse(JSON.parse(entry)));
}
