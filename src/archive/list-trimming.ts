import { sql } from 'kysely';
import { shopKey } from '../store/keys.js';
import type { BookingList } from '../store/past.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import type { ArchiveDatabase } from './database.js';
import { type Lease, moveCursor } from './lease.js';
import { isItsTurn, LATER } from './leaving.js';
import { beginMove, movesInRedis } from './moves.js';

/** What one step takes at most: bounds how long Redis is busy with it (a few ms). */
const LEFTOVERS = 20;
const ENTRIES = 200;
const LEDGERS = 50;

/** Which lists of bookings have entries whose records have left. */
export type Lists = Record<BookingList, Set<string>>;

/** The lists that bookings stand in, by their records. */
export function noteLists(lists: Lists, records: string[]): void {
  for (const record of records) {
    const { liveId, itemId, viewerId } = JSON.parse(record.slice(0, record.indexOf('\n')));
    lists.live.add(liveId);
    lists.item.add(itemId);
    lists.viewer.add(viewerId);
  }
}

/**
 * Takes the oldest entries off the lists in Redis, after the archive knows their places: a booking's when its record has
 * left, a ledger's when it is old enough.
 */
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
    let trimmed = 0;
    for (const list of ['live', 'item', 'viewer'] as const)
      for (const id of lists[list]) trimmed += await this.bookingsOf(lease, list, id);
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

  /** Takes the oldest entries off a list as far as their records have left, after the archive knows their places. */
  private async bookingsOf(lease: Lease, list: BookingList, id: string): Promise<number> {
    const { shopId } = lease;
    const suffix = `:bookings:${list}:${id}`;
    const key = `${shopKey(shopId)}${suffix}`;
    const [gone, newestFirst] = await this.store.read((redis) =>
      Promise.all([redis.get(`${key}:gone`), redis.lRange(key, -ENTRIES, -1)]),
    );
    const before = Number(gone ?? 0);
    const ids = newestFirst.reverse();
    if (ids.length === 0) return 0;
    const left = await this.db
      .selectFrom('bookings')
      .select('booking_id')
      .where('shop_id', '=', shopId)
      .where('booking_id', 'in', ids)
      .where('left_redis_at', 'is not', null)
      .execute();
    const known = new Set(left.map(({ booking_id }) => booking_id));
    for (const { booking_id: one } of left) {
      const record = `${shopKey(shopId)}:booking:${one}`;
      if ((await this.store.read((redis) => redis.get(record))) !== null) known.delete(one);
    }
    const end = ids.findIndex((one) => !known.has(one));
    const leaving = end < 0 ? ids : ids.slice(0, end);
    if (leaving.length === 0) return 0;
    const places = leaving.map((booking, i) => sql`(${booking}, ${before + i + 1}::bigint)`);
    const { n: inRedis } = await movesInRedis(this.store, shopId);
    const { n } = await this.db.transaction().execute(async (trx) => {
      await moveCursor(trx, lease, lease.cursor);
      await sql`update bookings set ${sql.ref(`${list}_rank`)} = place.n
        from (values ${sql.join(places)}) as place (id, n)
        where shop_id = ${shopId} and booking_id = place.id`.execute(trx);
      return beginMove(trx, shopId, inRedis, true);
    });
    const args = [suffix, String(before), JSON.stringify(leaving), String(n)];
    const { trimmed } = await this.store.run(scripts.archiveTrim, shopId, args);
    return trimmed ? leaving.length : 0;
  }

  /** What is older than the cutoff, of a few viewers. */
  async ledgers(lease: Lease, cutoff: Date): Promise<number> {
    const { shopId } = lease;
    const due = await this.db
      .selectFrom('ledger_entries')
      .select(['viewer_id', ({ fn }) => fn.max('n').as('n')])
      .where('shop_id', '=', shopId)
      .where('left_redis_at', 'is', null)
      .where('lost_at', 'is', null)
      .where('at', '<', cutoff)
      .where(isItsTurn)
      .groupBy('viewer_id')
      .limit(LEDGERS)
      .execute();
    let trimmed = 0;
    for (const { viewer_id, n } of due) trimmed += await this.ledgerOf(lease, viewer_id, n);
    return trimmed;
  }

  private async ledgerOf(lease: Lease, viewerId: string, last: number): Promise<number> {
    const { shopId } = lease;
    const suffix = `:ledger:${viewerId}`;
    const key = `${shopKey(shopId)}${suffix}:gone`;
    const before = Number((await this.store.read((redis) => redis.get(key))) ?? 0);
    const rows = await this.db
      .selectFrom('ledger_entries')
      .select(['n', 'record'])
      .where('shop_id', '=', shopId)
      .where('viewer_id', '=', viewerId)
      .where('lost_at', 'is', null)
      .where('n', '>', before)
      .where('n', '<=', last)
      .orderBy('n')
      .limit(ENTRIES)
      .execute();
    const records = rows.map(({ record }) => record);
    if (records.length > 0) {
      const { n: inRedis } = await movesInRedis(this.store, shopId);
      const { n } = await this.db.transaction().execute(async (trx) => {
        await moveCursor(trx, lease, lease.cursor);
        return beginMove(trx, shopId, inRedis, true);
      });
      const args = [suffix, String(before), JSON.stringify(records), String(n)];
      const { trimmed } = await this.store.run(scripts.archiveTrim, shopId, args);
      if (!trimmed) {
        await this.db
          .updateTable('ledger_entries')
          .set(LATER)
          .where('shop_id', '=', shopId)
          .where('viewer_id', '=', viewerId)
          .where('n', '<=', last)
          .where('left_redis_at', 'is', null)
          .execute();
        return 0;
      }
    }
    await this.db.transaction().execute(async (trx) => {
      await moveCursor(trx, lease, lease.cursor);
      await trx
        .updateTable('ledger_entries')
        .set({ left_redis_at: sql<Date>`now()` })
        .where('shop_id', '=', shopId)
        .where('viewer_id', '=', viewerId)
        .where('n', '<=', rows.at(-1)?.n ?? before)
        .execute();
    });
    return records.length;
  }
}
