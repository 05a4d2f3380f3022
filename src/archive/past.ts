import { AppError } from '../protocol/errors.js';
import type { NoticesQuery, OrdersQuery, RefundsQuery } from '../protocol/http.js';
import type { PeriodsQuery } from '../protocol/report.js';
import type { Position } from '../store/events.js';
import { shopKey } from '../store/keys.js';
import type { After, BookingList, PastRecords } from '../store/past.js';
import type { ArchiveRecords } from '../store/records.js';
import type { Store } from '../store/store.js';
import type { ArchiveDatabase } from './database.js';
import { bringBack } from './departing.js';
import { pastEvents, pastNotices, pastOrders, pastRefunds } from './past-lists.js';
import { liveReport, periodReport } from './reports.js';

type RawOrder = ArchiveRecords['orders'][string];

/** What has left Redis, from the archive. */
export class Past implements PastRecords {
  private readonly store: Store;
  private readonly database: () => ArchiveDatabase | undefined;

  constructor(store: Store, database: () => ArchiveDatabase | undefined) {
    this.store = store;
    this.database = database;
  }

  liveReport(shopId: string, liveId: string) {
    return this.ask((db) => liveReport(db, shopId, liveId));
  }

  periodReport(shopId: string, query: PeriodsQuery) {
    return this.ask((db) => periodReport(db, shopId, query));
  }

  order(shopId: string, orderId: string): Promise<RawOrder | undefined> {
    return this.askOfLeft(shopId, undefined, async (db) => {
      const row = await db
        .selectFrom('orders')
        .select('record')
        .where('shop_id', '=', shopId)
        .where('order_id', '=', orderId)
        .where('left_redis_at', 'is not', null)
        .executeTakeFirst();
      return row?.record as RawOrder | undefined;
    });
  }

  orderNamed(shopId: string, name: string): Promise<string | undefined> {
    return this.askOfLeft(shopId, undefined, async (db) => {
      const row = await db
        .selectFrom('orders')
        .select('order_id')
        .where('shop_id', '=', shopId)
        .where((where) => where.or([where('code', '=', name), where('invoice_number', '=', name)]))
        .where('left_redis_at', 'is not', null)
        .executeTakeFirst();
      return row?.order_id;
    });
  }

  orders(shopId: string, query: OrdersQuery, after: After, limit: number) {
    return this.askOfLeft(shopId, [], (db) => pastOrders(db, shopId, query, after, limit));
  }

  refunds(shopId: string, query: RefundsQuery, after: After, limit: number) {
    return this.askOfLeft(shopId, [], (db) => pastRefunds(db, shopId, query, after, limit));
  }

  refund(shopId: string, refundId: string): Promise<string | undefined> {
    return this.askOfLeft(shopId, undefined, async (db) => {
      const row = await db
        .selectFrom('refunds')
        .select('record')
        .where('shop_id', '=', shopId)
        .where('refund_id', '=', refundId)
        .where('left_redis_at', 'is not', null)
        .executeTakeFirst();
      return row?.record;
    });
  }

  notices(shopId: string, query: NoticesQuery, after: After, limit: number) {
    return this.askOfLeft(shopId, [], (db) => pastNotices(db, shopId, query, after, limit));
  }

  bookings(shopId: string, ids: string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return Promise.resolve(new Map());
    return this.askOfLeft(shopId, new Map(), async (db) => {
      const rows = await db
        .selectFrom('bookings')
        .select(['booking_id', 'record'])
        .where('shop_id', '=', shopId)
        .where('booking_id', 'in', ids)
        .where('left_redis_at', 'is not', null)
        .execute();
      return new Map(rows.map(({ booking_id, record }) => [booking_id, record]));
    });
  }

  bookingsOf(shopId: string, list: BookingList, id: string, from: number, limit: number) {
    const rank = `${list}_rank` as const;
    return this.ask(async (db) => {
      const rows = await db
        .selectFrom('bookings')
        .select([rank, 'record as text'])
        .where('shop_id', '=', shopId)
        .where(`${list}_id` as const, '=', id)
        .where(rank, '<=', from)
        .orderBy(rank, 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ place: row[rank] ?? 0, text: row.text }));
    });
  }

  ledger(shopId: string, viewerId: string, from: number, limit: number) {
    return this.ask((db) =>
      db
        .selectFrom('ledger_entries')
        .select(['n as place', 'record as text'])
        .where('shop_id', '=', shopId)
        .where('viewer_id', '=', viewerId)
        .where('n', '<=', from)
        .where('lost_at', 'is', null)
        .orderBy('n', 'desc')
        .limit(limit)
        .execute(),
    );
  }

  events(shopId: string, after: string, before: Position, limit: number) {
    return this.ask((db) => pastEvents(db, shopId, after, before, limit));
  }

  payment(paymentId: string) {
    return this.ask(async (db) => {
      const row = await db
        .selectFrom('payments')
        .select(['shop_id', 'order_id', 'account_id'])
        .where('payment_id', '=', paymentId)
        .executeTakeFirst();
      if (!row) return undefined;
      const { shop_id: shopId, order_id: orderId, account_id } = row;
      return { shopId, orderId, accountId: account_id ?? undefined };
    });
  }

  bringBack(shopId: string, orderId: string): Promise<void> {
    return this.askOfLeft(shopId, undefined, (db) => bringBack(this.store, db, shopId, orderId));
  }

  /** The same of what has left alone: while nothing has, Redis says so, and an archive that is away is not needed. */
  private async askOfLeft<Answer>(
    shopId: string,
    nothing: Answer,
    question: (db: ArchiveDatabase) => Promise<Answer>,
  ): Promise<Answer> {
    const key = `${shopKey(shopId)}:gone`;
    const [drops] = await this.store.read((redis) => redis.hmGet(key, ['drops']));
    return drops === null ? nothing : this.ask(question);
  }

  private async ask<Answer>(question: (db: ArchiveDatabase) => Promise<Answer>): Promise<Answer> {
    const db = this.database();
    if (!db) throw new AppError('STORE_UNAVAILABLE', { archive: 'does not answer' });
    try {
      return await question(db);
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw new AppError('STORE_UNAVAILABLE', { archive: 'does not answer' });
    }
  }
}
