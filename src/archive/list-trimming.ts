import { sql } from 'kysely';
import { shopKey } from '../store/keys.js';
import type { BookingList } from '../store/past.js';
import type { Store } from '../store/store.js';
import type { ArchiveDatabase } from './database.js';
import type { Lease } from './lease.js';
import { isItsTurn, LATER } from './leaving.js';
import { type Trim, trimLists } from './trimming.js';

const LEFTOVERS = 20;
/** Lists that are looked at together, and the entries looked at of each. */
const LISTS_AT_ONCE = 50;
const ENTRIES = 200;
/** What leaves in one call at most: bounds how long Redis is busy with it (a few ms). */
const ENTRIES_AT_ONCE = 1_000;
const LISTS = ['live', 'item', 'viewer'] as const satisfies BookingList[];

/** Which lists of bookings have entries whose records have left. */
export type Lists = Record<BookingList, Set<string>>;

interface BookingTrim extends Trim {
  list: BookingList;
}

/** The lists that bookings stand in, by their records. */
export function noteLists(lists: Lists, records: string[]): void {
  for (const record of records) {
    const { liveId, itemId, viewerId } = JSON.parse(record.slice(0, record.indexOf('\n')));
    lists.live.add(liveId);
    lists.item.add(itemId);
    lists.viewer.add(viewerId);
  }
}

/** Takes bookings whose records have left off the lists in Redis, oldest first, after the archive knows their places there. */
export class ListTrimming {
  private readonly store: Store;
  private readonly db: ArchiveDatabase;

  constructor(store: Store, db: ArchiveDatabase) {
    this.store = store;
    this.db = db;
  }

  /** Trims the lists of which records have just left, and a few that a server which died has left untrimmed. */
  async bookings(lease: Lease, lists: Lists): Promise<number> {
    const leftovers = await this.leftovers(lease.shopId, lists);
    const all = LISTS.flatMap((list) => [...lists[list]].map((id) => ({ list, id })));
    let trimmed = 0;
    for (let from = 0; from < all.length; from += LISTS_AT_ONCE) {
      const oldest = await this.oldest(lease.shopId, all.slice(from, from + LISTS_AT_ONCE));
      for (const part of parts(await this.leaving(lease.shopId, oldest)))
        trimmed += await this.trim(lease, part);
    }
    // They stand behind one that has not left, for months maybe.
    if (trimmed === 0 && leftovers.length > 0)
      await this.db
        .updateTable('bookings')
        .set(LATER)
        .where('shop_id', '=', lease.shopId)
        .where('booking_id', 'in', leftovers)
        .execute();
    return trimmed;
  }

  /** Answers which bookings are looked at for their lists. */
  private async leftovers(shopId: string, lists: Lists): Promise<string[]> {
    const rows = await this.db
      .selectFrom('bookings')
      .select(['booking_id', 'live_id', 'item_id', 'viewer_id'])
      .where('shop_id', '=', shopId)
      .where('left_redis_at', 'is not', null)
      .where(isItsTurn)
      .where((where) =>
        where.or([
          where('live_rank', 'is', null),
          where('item_rank', 'is', null),
          where('viewer_rank', 'is', null),
        ]),
      )
      .orderBy('left_redis_at')
      .limit(LEFTOVERS)
      .execute();
    for (const { live_id, item_id, viewer_id } of rows) {
      lists.live.add(live_id);
      lists.item.add(item_id);
      lists.viewer.add(viewer_id);
    }
    return rows.map(({ booking_id }) => booking_id);
  }

  /** The oldest entries of lists, as Redis has them. */
  private async oldest(
    shopId: string,
    lists: { list: BookingList; id: string }[],
  ): Promise<BookingTrim[]> {
    return Promise.all(
      lists.map(async ({ list, id }) => {
        const suffix = `:bookings:${list}:${id}`;
        const key = `${shopKey(shopId)}${suffix}`;
        const [gone, newestFirst] = await this.store.read((redis) =>
          Promise.all([redis.get(`${key}:gone`), redis.lRange(key, -ENTRIES, -1)]),
        );
        return { list, suffix, before: Number(gone ?? 0), entries: newestFirst.reverse() };
      }),
    );
  }

  /** Of each list its entries up to the first whose record has not left. */
  private async leaving(shopId: string, lists: BookingTrim[]): Promise<BookingTrim[]> {
    const ids = [...new Set(lists.flatMap(({ entries }) => entries))];
    if (ids.length === 0) return [];
    const rows = await this.db
      .selectFrom('bookings')
      .select('booking_id')
      .where('shop_id', '=', shopId)
      .where('booking_id', 'in', ids)
      .where('left_redis_at', 'is not', null)
      .execute();
    const marked = new Set(rows.map(({ booking_id }) => booking_id));
    const first = lists.map((one) => upTo(one, marked));
    // Marked, and there all the same.
    const there = await this.stillThere(shopId, [...new Set(first.flatMap((one) => one.entries))]);
    for (const id of there) marked.delete(id);
    return first.map((one) => upTo(one, marked)).filter(({ entries }) => entries.length > 0);
  }

  private async stillThere(shopId: string, ids: string[]): Promise<string[]> {
    const records = await this.store.read((redis) =>
      Promise.all(ids.map((id) => redis.get(`${shopKey(shopId)}:booking:${id}`))),
    );
    return ids.filter((_, i) => records[i] !== null);
  }

  /** Answers how many entries have left, after the archive knows their places. */
  private async trim(lease: Lease, lists: BookingTrim[]): Promise<number> {
    const trims = lists.map(({ list: _, ...trim }) => trim);
    const trimmed = await trimLists(this.store, this.db, lease, trims, async (trx) => {
      for (const list of LISTS) {
        const places = lists
          .filter((one) => one.list === list)
          .flatMap(({ before, entries }) =>
            entries.map((id, i) => sql`(${id}, ${before + i + 1}::bigint)`),
          );
        if (places.length === 0) continue;
        await sql`update bookings set ${sql.ref(`${list}_rank`)} = place.n
          from (values ${sql.join(places)}) as place (id, n)
          where shop_id = ${lease.shopId} and booking_id = place.id`.execute(trx);
      }
    });
    return lists.reduce((sum, { entries }, i) => sum + (trimmed?.[i] ? entries.length : 0), 0);
  }
}

function upTo(one: BookingTrim, left: Set<string>): BookingTrim {
  const end = one.entries.findIndex((id) => !left.has(id));
  return end < 0 ? one : { ...one, entries: one.entries.slice(0, end) };
}

/** Lists with so many entries together as one call may take. */
function* parts(lists: BookingTrim[]): Generator<BookingTrim[]> {
  let part: BookingTrim[] = [];
  let size = 0;
  for (const one of lists) {
    if (size + one.entries.length > ENTRIES_AT_ONCE) {
      yield part;
      [part, size] = [[], 0];
    }
    part.push(one);
    size += one.entries.length;
  }
  if (part.length > 0) yield part;
}
