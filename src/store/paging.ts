import type { z } from 'zod';
import { AppError } from '../protocol/errors.js';
import type { Page } from '../protocol/http.js';
import { type Index, isAfter, type Member, membersAfter, type Place, top } from './index-places.js';
import { shopKey } from './keys.js';
import type { PastRecords, PastRow } from './past.js';
import type { Store } from './store.js';

/** The most index entries that one request looks at; a filter that finds little answers a short page. */
const SCAN_LIMIT = 5_000;
/** Entries of a list that are read in one call. */
const STEP = 200;

const NOT_A_CURSOR = { cursor: 'is not from an earlier page' };

/** What has left an index. */
export interface Past<Row> {
  /** The highest score of what has left; 0 when nothing has. */
  newest(): Promise<number>;
  rows(after: Place, limit: number): Promise<PastRow<Row>[]>;
}

interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

/** Rows of the given ids, undefined for those that the filter leaves out. */
type Load<Row> = (ids: string[]) => Promise<(Row | undefined)[]>;

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
  past?: Past<Row>,
): Promise<Page<Row>> {
  const found = await pageHere(store, index, query, load);
  if (!past) return { items: found.rows.map(({ row }) => row), nextCursor: found.nextCursor };
  return withPast(found, index, query, past);
}

interface FoundHere<Row> {
  rows: PastRow<Row>[];
  nextCursor: string | null;
}

/** The same with what has left, each in its place. What is here was read first: what leaves meanwhile is found there. */
async function withPast<Row>(
  { rows, nextCursor }: FoundHere<Row>,
  index: Index,
  { limit, cursor }: PageRequest,
  past: Past<Row>,
): Promise<Page<Row>> {
  const end = nextCursor === null ? undefined : placeOf(nextCursor);
  const nothingLeft = end !== undefined && (await past.newest()) < end.score;
  if (nothingLeft) return { items: rows.map(({ row }) => row), nextCursor };
  const after = cursor === undefined ? top(index) : placeOf(cursor);
  const here = new Set(rows.map(({ value }) => value));
  const older = await past.rows(after, limit);
  const all = [...rows, ...older.filter(({ value }) => !here.has(value))].sort(byPlace);
  // What comes behind the end of the part that was read here waits for the next page.
  const known = end ? all.filter((one) => !isAfter(one, end)) : all;
  const items = known.slice(0, limit);
  const last = items.at(-1);
  const isWhole = end === undefined && known.length <= limit && older.length < limit;
  const stop = known.length > limit || !end ? last : end;
  return {
    items: items.map(({ row }) => row),
    nextCursor: isWhole || !stop ? null : cursorOf(stop),
  };
}

/** What has left an index of a shop, where there is an archive. `index`: its name in the shop's `gone`. */
export function pastOf<Row>(
  store: Store,
  shopId: string,
  index: 'orders' | 'paid_at' | 'refunds' | 'notices',
  rows: (past: PastRecords, after: Place, limit: number) => Promise<PastRow<Row>[]>,
): Past<Row> | undefined {
  const { past } = store;
  if (!past) return undefined;
  return {
    newest: async () => {
      const key = `${shopKey(shopId)}:gone`;
      return Number((await store.read((redis) => redis.hmGet(key, [index])))[0] ?? 0);
    },
    rows: (after, limit) => rows(past, after, limit),
  };
}

function byPlace(one: Member, other: Member): number {
  return isAfter(other, one) ? -1 : 1;
}

async function pageHere<Row>(
  store: Store,
  index: Index,
  query: PageRequest,
  load: Load<Row>,
): Promise<FoundHere<Row>> {
  const items: PastRow<Row>[] = [];
  let place = query.cursor === undefined ? top(index) : placeOf(query.cursor);
  for (let seen = 0; seen < SCAN_LIMIT; ) {
    const { members, isLast } = await membersAfter(store, index, place);
    const rows = await load(members.map((member) => member.value));
    for (const [i, row] of rows.entries()) {
      const member = members[i];
      place = member ?? place;
      if (member && row !== undefined) items.push({ ...member, row });
      if (items.length < query.limit) continue;
      const end = isLast && i === members.length - 1;
      return { rows: items, nextCursor: end ? null : cursorOf(place) };
    }
    if (isLast) return { rows: items, nextCursor: null };
    seen += members.length;
  }
  return { rows: items, nextCursor: cursorOf(place) };
}

function cursorOf(place: Place): string {
  return `${place.score}~${place.value}`;
}

function placeOf(cursor: string): Place {
  const [, score, value] = /^(\d{1,15})~(\P{C}+)$/u.exec(cursor) ?? [];
  if (score === undefined || value === undefined) {
    throw new AppError('VALIDATION', NOT_A_CURSOR);
  }
  return { score: Number(score), value };
}

/**
 * One page of a list that grows at its head, newest first. Places are counted from the tail, the oldest, so new rows do
 * not shift them; the cursor says how many rows are left. The oldest may have left Redis; `past` reads on there.
 *
 * @param past rows from a place down, newest first; where it lacks one the places go on below it
 */
export async function pageList<Row>(
  store: Store,
  key: string,
  query: PageRequest,
  load: Load<Row>,
  past: (from: number, limit: number) => Promise<Placed<Row>[]> = async () => [],
): Promise<Page<Row>> {
  let [gone, here] = await lengthOf(store, key);
  let left =
    query.cursor === undefined ? gone + here : Math.min(numberOf(query.cursor), gone + here);
  const items: Row[] = [];
  for (let seen = 0; left > 0 && seen < SCAN_LIMIT; seen += STEP) {
    const last = Math.max(left - STEP, gone) + 1;
    const entries =
      left > gone
        ? await store.read((redis) => redis.lRange(key, -(left - gone), -(last - gone)))
        : [];
    const before = gone;
    [gone, here] = await lengthOf(store, key);
    // What has left while it was read is read there.
    if (gone !== before) continue;
    const rows = left > gone ? placed(await load(entries), left) : await past(left, STEP);
    if (rows.length === 0) return { items, nextCursor: null };
    for (const { place, row } of rows) {
      left = place - 1;
      if (row !== undefined) items.push(row);
      if (items.length === query.limit)
        return { items, nextCursor: left > 0 ? String(left) : null };
    }
  }
  return { items, nextCursor: left > 0 ? String(left) : null };
}

/** A row of a list with its place counted from the oldest, 1 for that; undefined for one that the filter leaves out. */
interface Placed<Row> {
  place: number;
  row: Row | undefined;
}

function placed<Row>(rows: (Row | undefined)[], from: number): Placed<Row>[] {
  return rows.map((row, i) => ({ place: from - i, row }));
}

/** How many entries of a list have left Redis, and how many are there. */
async function lengthOf(store: Store, key: string): Promise<[gone: number, here: number]> {
  return store.read(async (redis) => {
    const [gone, here] = await Promise.all([redis.get(`${key}:gone`), redis.lLen(key)]);
    return [Number(gone ?? 0), here];
  });
}

/** Of a cursor that is one number. @throws VALIDATION */
export function numberOf(cursor: string): number {
  if (!/^\d+$/.test(cursor)) throw new AppError('VALIDATION', NOT_A_CURSOR);
  return Number(cursor);
}

/** For `pageList`: entries that are rows themselves, as JSON. */
export function jsonRows<Row>(schema: z.ZodType<Row>): (entries: string[]) => Promise<Row[]> {
  return async (entries) => entries.map((entry) => schema.parse(JSON.parse(entry)));
}
