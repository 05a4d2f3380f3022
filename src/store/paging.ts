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
 * One page of a sorted set, newest first. The cursor names the last member seen and its score: new arrivals do not shift
 * what follows, and a member that has left the index meanwhile still marks its place.
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
  for (let seen = 0; ; ) {
    const members = await membersFrom(store, index, start);
    const rows = await load(members.map((member) => member.value));
    for (const [i, row] of rows.entries()) {
      if (row === undefined) continue;
      items.push(row);
      if (items.length < query.limit) continue;
      const isLast = i === members.length - 1 && members.length < STEP;
      return { items, nextCursor: isLast ? null : cursorOf(members[i]) };
    }
    if (members.length < STEP) return { items, nextCursor: null };
    start += members.length;
    seen += members.length;
    if (seen >= SCAN_LIMIT) return { items, nextCursor: cursorOf(members.at(-1)) };
  }
}

interface Member {
  value: string;
  score: number;
}

function membersFrom(store: Store, index: Index, offset: number): Promise<Member[]> {
  return store.read((redis) =>
    redis.zRangeWithScores(index.key, index.max ?? '+inf', index.min ?? '-inf', {
      BY: 'SCORE',
      REV: true,
      LIMIT: { offset, count: STEP },
    }),
  );
}

function cursorOf(member: Member | undefined): string | null {
  return member ? `${member.score}~${member.value}` : null;
}

/** How many members of the range come before the place that the cursor names, the place included. */
async function startAfter(store: Store, index: Index, cursor: string | undefined): Promise<number> {
  if (cursor === undefined) return 0;
  const [, score, id] = /^(\d+)~(.+)$/.exec(cursor) ?? [];
  if (score === undefined || id === undefined) {
    throw new AppError('VALIDATION', { cursor: 'is not from an earlier page' });
  }
  const top = index.max === undefined ? '+inf' : String(index.max);
  const [rank, outside, above] = await store.read((redis) =>
    Promise.all([
      redis.zRevRank(index.key, id),
      index.max === undefined ? 0 : redis.zCount(index.key, `(${index.max}`, '+inf'),
      redis.zCount(index.key, `(${score}`, top),
    ]),
  );
  return rank === null ? above : Math.max(0, rank - outside + 1);
}
