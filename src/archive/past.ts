import { type SelectQueryBuilder, sql } from 'kysely';
import { AppError } from '../protocol/errors.js';
import type { NoticesQuery, OrdersQuery, RefundsQuery } from '../protocol/http.js';
import { digitsTyped } from '../protocol/text.js';
import type { After, BookingList, PastRecords, PastRow } from '../store/past.js';
import type { ArchiveRecords } from '../store/records.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import type { ArchiveDatabase } from './database.js';
import { departing } from './departing.js';
import type { ArchiveTables } from './schema.js';

type RawOrder = ArchiveRecords['orders'][string];

/** What has left Redis, from the archive. */
export class Past implements PastRecords {
  private readonly store: Store;
  private readonly database: () => ArchiveDatabase | undefined;

  constructor(store: Store, database: () => ArchiveDatabase | undefined) {
    this.store = store;
    this.database = database;
  }

  order(shopId: string, orderId: string): Promise<RawOrder | undefined> {
    return this.ask(async (db) => {
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
    return this.ask(async (db) => {
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

  orders(
    shopId: string,
    { sort, status, viewerId, liveId, fulfilment, q }: OrdersQuery,
    after: After,
    limit: number,
  ): Promise<PastRow<RawOrder>[]> {
    return this.ask(async (db) => {
      const at = sort === 'paidAt' ? 'paid_at' : 'created_at';
      let rows = db
        .selectFrom('orders')
        .select(['order_id as value', `${at} as at`, 'record'])
        .where('shop_id', '=', shopId)
        .where('left_redis_at', 'is not', null)
        .where(at, 'is not', null)
        .where(isAfter(at, 'order_id', after));
      if (status !== undefined) rows = rows.where('status', '=', status);
      if (viewerId !== undefined) rows = rows.where('viewer_id', '=', viewerId);
      if (fulfilment !== undefined) rows = rows.where('fulfilment', '=', fulfilment);
      if (liveId !== undefined)
        rows = rows.where('order_id', 'in', (eb) =>
          eb
            .selectFrom('bookings')
            .select(sql<string>`order_id`.as('order_id'))
            .where('shop_id', '=', shopId)
            .where('live_id', '=', liveId)
            .where('order_id', 'is not', null),
        );
      if (q !== undefined && q !== '') rows = searched(rows, shopId, q);
      const found = await rows
        .orderBy(at, 'desc')
        .orderBy(sql`order_id collate "C"`, 'desc')
        .limit(limit)
        .execute();
      return found.map(({ value, at: when, record }) => ({
        score: (when as Date).getTime(),
        value,
        row: record as RawOrder,
      }));
    });
  }

  refunds(shopId: string, { status }: RefundsQuery, after: After, limit: number) {
    return this.ask(async (db) => {
      let rows = db
        .selectFrom('refunds')
        .select(['refund_id as value', 'at', 'record'])
        .where('shop_id', '=', shopId)
        .where('left_redis_at', 'is not', null)
        .where(isAfter('at', 'refund_id', after));
      if (status !== undefined) rows = rows.where('status', '=', status);
      const found = await rows
        .orderBy('at', 'desc')
        .orderBy(sql`refund_id collate "C"`, 'desc')
        .limit(limit)
        .execute();
      return found.map(asText);
    });
  }

  refund(shopId: string, refundId: string): Promise<string | undefined> {
    return this.ask(async (db) => {
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

  notices(shopId: string, { outcome }: NoticesQuery, after: After, limit: number) {
    return this.ask(async (db) => {
      let rows = db
        .selectFrom('payment_notices')
        .select(['notice_id as value', 'at', 'record'])
        .where('shop_id', '=', shopId)
        .where('left_redis_at', 'is not', null)
        .where(isAfter('at', 'notice_id', after));
      if (outcome !== undefined) rows = rows.where('outcome', '=', outcome);
      const found = await rows
        .orderBy('at', 'desc')
        .orderBy(sql`notice_id collate "C"`, 'desc')
        .limit(limit)
        .execute();
      return found.map(asText);
    });
  }

  bookings(shopId: string, ids: string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return Promise.resolve(new Map());
    return this.ask(async (db) => {
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
        .select('record')
        .where('shop_id', '=', shopId)
        .where(`${list}_id` as const, '=', id)
        .where(rank, '<=', from)
        .orderBy(rank, 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ record }) => record);
    });
  }

  ledger(shopId: string, viewerId: string, from: number, limit: number): Promise<string[]> {
    return this.ask(async (db) => {
      const rows = await db
        .selectFrom('ledger_entries')
        .select('record')
        .where('shop_id', '=', shopId)
        .where('viewer_id', '=', viewerId)
        .where('n', '<=', from)
        .where('lost_at', 'is', null)
        .orderBy('n', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ record }) => record);
    });
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

  async bringBack(shopId: string, orderId: string): Promise<void> {
    await this.ask(async (db) => {
      const [order] = await departing(db, shopId, [orderId]);
      if (!order) return;
      await this.store.run(scripts.archiveReturn, shopId, [JSON.stringify(order)]);
      await db.transaction().execute(async (trx) => {
        for (const table of ['orders', 'bookings', 'payment_notices', 'refunds'] as const)
          await trx
            .updateTable(table as 'orders')
            .set({ left_redis_at: null })
            .where('shop_id', '=', shopId)
            .where('order_id', '=', orderId)
            .execute();
        // Some time passes before it may leave again.
        const { now } = await this.store.runAt(scripts.clock, `livehold:{${shopId}}`, []);
        await trx
          .updateTable('orders')
          .set({ changed_at: new Date(now) })
          .where('shop_id', '=', shopId)
          .where('order_id', '=', orderId)
          .execute();
      });
    });
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

function asText({
  value,
  at,
  record,
}: {
  value: string;
  at: Date;
  record: string;
}): PastRow<string> {
  return { score: at.getTime(), value, row: record };
}

/** Names are compared byte by byte, as Redis does. */
function isAfter(at: string, id: string, { score, value }: After) {
  if (score === Number.POSITIVE_INFINITY) return sql<boolean>`true`;
  const time = new Date(score);
  if (value === undefined) return sql<boolean>`${sql.ref(at)} <= ${time}`;
  return sql<boolean>`(${sql.ref(at)} < ${time} or (${sql.ref(at)} = ${time} and ${sql.ref(id)} collate "C" < ${value}))`;
}

/** Looks for a text in what people know of an order, as `order-list.ts` does in Redis. */
function searched<Output>(
  rows: SelectQueryBuilder<ArchiveTables, 'orders', Output>,
  shopId: string,
  q: string,
): SelectQueryBuilder<ArchiveTables, 'orders', Output> {
  const text = `%${q.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
  const digits = digitsTyped(q);
  const local = digits.replace(/^(?:62|0)/, '');
  return rows.where((where) =>
    where.or([
      sql<boolean>`lower(code) like ${text}`,
      sql<boolean>`lower(invoice_number) like ${text}`,
      sql<boolean>`lower(recipient_name) like ${text}`,
      sql<boolean>`exists (select from viewers v where v.shop_id = ${shopId} and v.viewer_id = orders.viewer_id and lower(v.name) like ${text})`,
      ...(digits === ''
        ? []
        : [
            sql<boolean>`total::text = ${digits}`,
            sql<boolean>`exists (select from payments p where p.shop_id = ${shopId} and p.payment_id = orders.payment_id and p.amount::text = ${digits})`,
          ]),
      ...(local.length >= 4 ? [sql<boolean>`position(${local} in recipient_phone) > 0`] : []),
    ]),
  );
}
