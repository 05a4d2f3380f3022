import { AppError } from '../protocol/errors.js';
import type { Page } from '../protocol/http.js';
import type { Store } from './store.js';

/** The most index entries that one request looks at; a filter that finds little answers a short page. */
const SCAN_LIMIT = 5_000;
const STEP = 200;

/** Where an index is, and the part of its scores that counts. Newest (highest) first. */
export interface Index {
  key: string;
  min?: number;
  max?: number;
}

/**
 * One page of a sorted set, newest first. The cursor is the last member seen: members are never removed from the
 * indexes that are paged, so new arrivals do not shift what follows.
 *
 * @param load rows of the given ids, undefined for those that the filter leaves out
 */
export async function page<Row>(
  store: Store,
  index: Index,
  query: { limit: number; cursor?: string | undefined },
  load: (ids: string[]) => Promise<(Row | undefined)[]>,
): Promise<Page<Row>> {
  const items: Row[] = [];
  let start = await startAfter(store, index, query.cursor);
  for (let seen = 0; seen < SCAN_LIMIT; ) {
    const ids = await store.read((redis) =>
      redis.zRange(index.key, index.max ?? '+inf', index.min ?? '-inf', {
        BY: 'SCORE',
        REV: true,
        LIMIT: { offset: start, count: STEP },
      }),
    );
    const rows = await load(ids);
    for (const [i, row] of rows.entries()) {
      if (row === undefined) continue;
      items.push(row);
      if (items.length === query.limit) {
        const last = i === ids.length - 1 && ids.length < STEP;
        return { items, nextCursor: last ? null : (ids[i] ?? null) };
      }
    }
    if (ids.length < STEP) return { items, nextCursor: null };
    start += ids.length;
    seen += ids.length;
    if (seen >= SCAN_LIMIT) return { items, nextCursor: ids.at(-1) ?? null };
  }
  return { items, nextCursor: null };
}

async function startAfter(store: Store, index: Index, cursor: string | undefined): Promise<number> {
  if (cursor === undefined) return 0;
  const [rank, above] = await store.read((redis) =>
    Promise.all([
      redis.zRevRank(index.key, cursor),
      index.max === undefined ? 0 : redis.zCount(index.key, `(${index.max}`, '+inf'),
    ]),
  );
  if (rank === null) throw new AppError('VALIDATION', { cursor: 'is not from an earlier page' });
  return Math.max(0, rank - above + 1);
}
