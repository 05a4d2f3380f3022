import type { Page, PageQuery } from '../protocol/http.js';
import { type WaitlistEntry, WaitlistEntrySchema } from '../protocol/waitlist.js';
import { shopKey } from './keys.js';
import { numberOf } from './paging.js';
import type { Store } from './store.js';

/** The entries that wait for an item, in the order of their tickets. The cursor is the last ticket shown. */
export async function pageWaiting(
  store: Store,
  shopId: string,
  itemId: string,
  { limit, cursor }: PageQuery,
): Promise<Page<WaitlistEntry>> {
  const after = cursor === undefined ? 0 : numberOf(cursor);
  const rows = await store.read((redis) =>
    redis.zRangeWithScores(`${shopKey(shopId)}:waiting:${itemId}`, `(${after}`, '+inf', {
      BY: 'SCORE',
      LIMIT: { offset: 0, count: limit },
    }),
  );
  const texts = await Promise.all(
    rows.map(({ value }) => {
      const entryId = value.slice(value.indexOf(' ') + 1);
      return store.read((redis) => redis.get(`${shopKey(shopId)}:entry:${entryId}`));
    }),
  );
  const items = texts.flatMap((text) =>
    text ? [WaitlistEntrySchema.parse(JSON.parse(text))] : [],
  );
  const last = rows.at(-1);
  return { items, nextCursor: rows.length === limit && last ? String(last.score) : null };
}
