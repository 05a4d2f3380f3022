import { sql } from 'kysely';
import { shopKey } from '../store/keys.js';
import type { Store } from '../store/store.js';
import type { ArchiveDatabase } from './database.js';
import { departing } from './departing.js';
import { type Lease, moveCursor } from './lease.js';
import { BOOKINGS, Leaving, ORDERS, SINGLE, withAll } from './leaving.js';
import { type Lists, ListTrimming, noteLists } from './list-trimming.js';
import { movesInArchive, settle } from './moves.js';
import { nothingTouched } from './touched.js';

const KINDS = ['orders', 'bookings', 'notices', 'ledgers'] as const;

/** A page of viewers whose ledgers are looked at. */
const LEDGERS = 50;

interface Place {
  at: Date;
  id: string;
}

/**
 * What was marked as gone since a moment, and may be in Redis all the same, goes now or is copied as it is: a server has
 * died before it took it out, or Redis came back with it. It is done a page at a time, oldest marks first, each under the
 * lease again; one that is cut short begins again.
 */
export class Resuming {
  private readonly store: Store;
  private readonly db: ArchiveDatabase;
  private readonly leaving: Leaving;
  readonly since: Date;
  private kind = 0;
  private place: Place | undefined;

  constructor(store: Store, db: ArchiveDatabase, since: Date) {
    this.store = store;
    this.db = db;
    this.leaving = new Leaving(store, db);
    this.since = since;
  }

  /** One page; answers whether there is more to look at. */
  async step(lease: Lease): Promise<boolean> {
    const kind = KINDS[this.kind];
    if (kind === undefined) return this.finish(lease);
    const found =
      kind === 'orders'
        ? await this.orders(lease)
        : kind === 'ledgers'
          ? await this.ledgers(lease)
          : await this.single(lease, kind);
    if (!found) {
      this.kind++;
      this.place = undefined;
    }
    return true;
  }

  /** Unless somebody has begun to move records meanwhile, or finds that it must be looked further back. */
  private async finish(lease: Lease): Promise<false> {
    const { shopId } = lease;
    const move = await this.leaving.begin(lease);
    await this.leaving.drop(shopId, move, {});
    await this.db.transaction().execute(async (trx) => {
      await moveCursor(trx, lease, lease.cursor);
      const state = await movesInArchive(trx, shopId);
      if (state?.drops !== move.n) return;
      if (state.unsettled_since?.getTime() === this.since.getTime()) await settle(trx, shopId);
    });
    return false;
  }

  private marked(table: 'orders' | 'bookings' | 'payment_notices', id: string, limit: number) {
    const { place } = this;
    // The types of one table stand for those of all.
    return this.db
      .selectFrom(table as 'bookings')
      .select([`${id as 'booking_id'} as id`, 'left_redis_at as at'])
      .where('left_redis_at', '>=', this.since)
      .$if(place !== undefined, (rows) =>
        rows.where(
          sql<boolean>`(left_redis_at, ${sql.ref(id)}) > (${place?.at}, ${place?.id ?? ''})`,
        ),
      )
      .orderBy('left_redis_at')
      .orderBy(id as 'booking_id')
      .limit(limit);
  }

  /** Notes where the next page begins. */
  private goOn(last: { at: Date | null; id: string } | undefined): boolean {
    if (last?.at) this.place = { at: last.at, id: last.id };
    return last !== undefined;
  }

  private async orders(lease: Lease): Promise<boolean> {
    const { shopId } = lease;
    const rows = await this.marked('orders', 'order_id', ORDERS)
      .where('shop_id', '=', shopId)
      .execute();
    if (rows.length === 0) return false;
    const going = await departing(
      this.db,
      shopId,
      rows.map(({ id }) => id),
    );
    const move = await this.leaving.begin(lease);
    const { orders: gone } = await this.leaving.drop(shopId, move, { orders: going });
    const left = going.filter(({ id }) => gone[id]);
    await this.leaving.dropPaymentIndexes(shopId, left);
    await this.leaving.copyAnew(lease, withAll(going.filter(({ id }) => !gone[id])), true);
    await this.trim(
      lease,
      left.flatMap(({ bookings }) => Object.values(bookings)),
    );
    return this.goOn(rows.at(-1));
  }

  /** Bookings of no order, and notices: those of orders have gone with them, if they could. */
  private async single(lease: Lease, kind: 'bookings' | 'notices'): Promise<boolean> {
    const { shopId } = lease;
    const { table, column } = SINGLE[kind];
    const rows = await this.marked(table, column, BOOKINGS)
      .select('record')
      .where('shop_id', '=', shopId)
      .$if(kind === 'bookings', (some) => some.where('order_id', 'is', null))
      .execute();
    if (rows.length === 0) return false;
    const records = Object.fromEntries(rows.map((row) => [row.id, row.record]));
    const move = await this.leaving.begin(lease);
    const { [kind]: gone } = await this.leaving.drop(shopId, move, { [kind]: records });
    const stayed = Object.keys(records).filter((one) => !gone[one]);
    await this.leaving.copyAnew(lease, { ...nothingTouched(), [kind]: new Set(stayed) }, true);
    if (kind === 'bookings') await this.trim(lease, Object.values(records));
    return this.goOn(rows.at(-1));
  }

  private async trim(lease: Lease, bookings: string[]): Promise<void> {
    const lists: Lists = { live: new Set(), item: new Set(), viewer: new Set() };
    noteLists(lists, bookings);
    const trimming = new ListTrimming(this.store, this.db);
    while ((await trimming.bookings(lease, lists)) > 0);
  }

  /** Entries that Redis has again may leave once more. */
  private async ledgers(lease: Lease): Promise<boolean> {
    const { shopId } = lease;
    const viewers = await this.db
      .selectFrom('ledger_entries')
      .select('viewer_id')
      .distinct()
      .where('shop_id', '=', shopId)
      .where('left_redis_at', '>=', this.since)
      .where('viewer_id', '>', this.place?.id ?? '')
      .orderBy('viewer_id')
      .limit(LEDGERS)
      .execute();
    for (const { viewer_id } of viewers) {
      const key = `${shopKey(shopId)}:ledger:${viewer_id}:gone`;
      const gone = Number((await this.store.read((redis) => redis.get(key))) ?? 0);
      await this.db.transaction().execute(async (trx) => {
        await moveCursor(trx, lease, lease.cursor);
        await trx
          .updateTable('ledger_entries')
          .set({ left_redis_at: null })
          .where('shop_id', '=', shopId)
          .where('viewer_id', '=', viewer_id)
          .where('left_redis_at', '>=', this.since)
          .where('n', '>', gone)
          .execute();
      });
    }
    const last = viewers.at(-1);
    return this.goOn(last && { at: this.since, id: last.viewer_id });
  }
}
