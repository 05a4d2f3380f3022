import type { z } from 'zod';
import { AppError } from '../protocol/errors.js';
import type { Page } from '../protocol/http.js';
import type { Store } from './store.js';

/** The most index entries that one request looks at; a filter that finds little answers a short page. */
const SCAN_LIMIT = 5_000;
const STEP = 200;

const NOT_A_CURSOR = { cursor: 'is not from an earlier page' };

interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

/** Rows of the given ids, undefined for those that the filter leaves out. */
type Load<Row> = (ids: string[]) => Promise<(Row | undefined)[]>;

/** Where an index is, and the part of its scores that counts, bounds included. */
export interface Index {
  key: string;
  min?: number;
  max?: number;
}

interface Member {
  value: string;
  score: number;
}

/** A place in an index, which need not be that of a member. Without a name: before all of its score. */
interface Place {
  score: number;
  value?: string;
}

/**
 * One page of a sorted set: highest score first, equal scores by name, last first, as Redis has them. The cursor is the
 * score and the name of the last member seen, so what follows is the same whatever has become of that member since, and
 * whatever has come into the index or left it before that place.
 */
export async function page<Row>(
  store: Store,
  index: Index,
  query: PageRequest,
  load: Load<Row>,
): Promise<Page<Row>> {
  const items: Row[] = [];
  let place = query.cursor === undefined ? top(index) : placeOf(query.cursor);
  for (let seen = 0; seen < SCAN_LIMIT; ) {
    const { members, isLast } = await partAfter(store, index, place);
    const rows = await load(members.map((member) => member.value));
    for (const [i, row] of rows.entries()) {
      place = members[i] ?? place;
      if (row !== undefined) items.push(row);
      if (items.length < query.limit) continue;
      const end = isLast && i === members.length - 1;
      return { items, nextCursor: end ? null : cursorOf(place) };
    }
    if (isLast) return { items, nextCursor: null };
    seen += members.length;
  }
  return { items, nextCursor: cursorOf(place) };
}

function top(index: Index): Place {
  return { score: index.max ?? Number.POSITIVE_INFINITY };
}

function cursorOf(place: Place): string {
  return `${place.score}~${place.value}`;
}

function placeOf(cursor: string): Place {
  const [, score, value] = /^(\d+)~(.+)$/.exec(cursor) ?? [];
  if (score === undefined || value === undefined) {
    throw new AppError('VALIDATION', NOT_A_CURSOR);
  }
  return { score: Number(score), value };
}

/** Redis compares the bytes of names; those of ids are ASCII, whose order is that of JavaScript's strings. */
function isAfter(member: Member, place: Place): boolean {
  if (member.score !== place.score) return member.score < place.score;
  return place.value === undefined || member.value < place.value;
}

/** The next members after a place, and whether these are the last of the index. */
async function partAfter(
  store: Store,
  { key, min = Number.NEGATIVE_INFINITY }: Index,
  place: Place,
): Promise<{ members: Member[]; isLast: boolean }> {
  let rank = await likelyRank(store, key, place);
  for (;;) {
    // With the member before, which shows that none was left out: members come and go between the calls.
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

/**
 * One page of a list that grows at its head, newest first. Places are counted from the tail, the oldest, so new rows do
 * not shift them; the cursor says how many rows are left.
 */
export async function pageList<Row>(
  store: Store,
  key: string,
  query: PageRequest,
  load: Load<Row>,
): Promise<Page<Row>> {
  const length = await store.read((redis) => redis.lLen(key));
  let left = query.cursor === undefined ? length : Math.min(rowsLeft(query.cursor), length);
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

function rowsLeft(cursor: string): number {
  if (!/^\d+$/.test(cursor)) throw new AppError('VALIDATION', NOT_A_CURSOR);
  return Number(cursor);
}

/** For `pageList`: entries that are rows themselves, as JSON. */
export function jsonRows<Row>(schema: z.ZodType<Row>): (entries: string[]) => Promise<Row[]> {
  return async (entries) => entries.map((entry) => schema.parse(JSON.parse(entry)));
}
