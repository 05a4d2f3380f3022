import type { After } from './past.js';
import type { Store } from './store.js';

/** Members of an index that are read in one call. */
const STEP = 200;

/** Where an index is, and the part of its scores that counts, bounds included. */
export interface Index {
  key: string;
  min?: number;
  max?: number;
}

export interface Member {
  value: string;
  score: number;
}

/** A place in an index, which need not be that of a member. Without a name: before all of its score. */
export type Place = After;

/** Before all of it. */
export function top(index: Index): Place {
  return { score: index.max ?? Number.POSITIVE_INFINITY };
}

/** Redis compares the bytes of names; those of ids are ASCII, whose order is that of JavaScript's strings. */
export function isAfter(member: Member, place: Place): boolean {
  if (member.score !== place.score) return member.score < place.score;
  return place.value === undefined || member.value < place.value;
}

/** The next members after a place, and whether these are the last of the index. Members may come and go meanwhile. */
export async function membersAfter(
  store: Store,
  { key, min = Number.NEGATIVE_INFINITY }: Index,
  place: Place,
): Promise<{ members: Member[]; isLast: boolean }> {
  let rank = await likelyRank(store, key, place);
  for (;;) {
    // With the member before, which shows that none was left out.
    const start = Math.max(rank - 1, 0);
    const found = await store.read((redis) =>
      redis.zRangeWithScores(key, start, start + STEP, { REV: true }),
    );
    const members = found.filter((member) => isAfter(member, place) && member.score >= min);
    const isLast = found.length <= STEP || (found.at(-1)?.score ?? min) < min;
    const [first] = found;
    const beginsThere = start === 0 || (first !== undefined && !isAfter(first, place));
    if (beginsThere && (members.length > 0 || isLast)) return { members, isLast };
    rank = await searchRank(store, key, place);
  }
}

/** How many members come before what follows the place: right as long as the place's own member has stayed there. */
async function likelyRank(store: Store, key: string, { score, value }: Place): Promise<number> {
  if (value === undefined) return store.read((redis) => redis.zCount(key, `(${score}`, '+inf'));
  const rank = await store.read((redis) => redis.zRevRank(key, value));
  return rank === null ? 0 : rank + 1;
}

/** The same by halving, whatever is at the place. */
async function searchRank(store: Store, key: string, place: Place): Promise<number> {
  let low = 0;
  let high = await store.read((redis) => redis.zCount(key, '-inf', '+inf'));
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [member] = await store.read((redis) =>
      redis.zRangeWithScores(key, middle, middle, { REV: true }),
    );
    if (member && !isAfter(member, place)) low = middle + 1;
    else high = middle;
  }
  return low;
}
