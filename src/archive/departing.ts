import type { ArchiveRecords } from '../store/records.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import type { ArchiveDatabase } from './database.js';

/** What leaves Redis and returns with an order. */
export const ORDER_TABLES = ['orders', 'bookings', 'payment_notices', 'refunds'] as const;

/** An order with all that leaves Redis with it, each word for word as it was there. */
export interface Departing {
  id: string;
  fields: Record<string, string>;
  payments: Record<string, Record<string, string>>;
  refunds: Record<string, string>;
  bookings: Record<string, string>;
  notices: Record<string, string>;
}

/** As the archive has them. */
export async function departing(
  db: ArchiveDatabase,
  shopId: string,
  orderIds: string[],
): Promise<Departing[]> {
  if (orderIds.length === 0) return [];
  const orders = await db
    .selectFrom('orders')
    .select(['order_id', 'record'])
    .where('shop_id', '=', shopId)
    .where('order_id', 'in', orderIds)
    .execute();
  const bookings = await db
    .selectFrom('bookings')
    .select(['order_id', 'booking_id as id', 'record'])
    .where('shop_id', '=', shopId)
    .where('order_id', 'in', orderIds)
    .where('lost_at', 'is', null)
    .execute();
  const notices = await db
    .selectFrom('payment_notices')
    .select(['order_id', 'notice_id as id', 'record'])
    .where('shop_id', '=', shopId)
    .where('order_id', 'in', orderIds)
    .where('lost_at', 'is', null)
    .execute();
  return orders.map(({ order_id, record }) => {
    const of = (rows: { order_id: string | null; id: string; record: string }[]) =>
      Object.fromEntries(
        rows.filter((row) => row.order_id === order_id).map((row) => [row.id, row.record]),
      );
    const raw = record as ArchiveRecords['orders'][string];
    return { id: order_id, ...raw, bookings: of(bookings), notices: of(notices) };
  });
}

/** Not so one that Redis has lost: nothing stands behind it any more. */
async function hasLeft(db: ArchiveDatabase, shopId: string, orderId: string): Promise<boolean> {
  const row = await db
    .selectFrom('orders')
    .select('order_id')
    .where('shop_id', '=', shopId)
    .where('order_id', '=', orderId)
    .where('left_redis_at', 'is not', null)
    .where('lost_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Back into Redis, where it was. */
export async function bringBack(
  store: Store,
  db: ArchiveDatabase,
  shopId: string,
  orderId: string,
): Promise<void> {
  const [order] = await departing(db, shopId, [orderId]);
  if (!order || !(await hasLeft(db, shopId, orderId))) return;
  const { returned } = await store.run(scripts.archiveReturn, shopId, [JSON.stringify(order)]);
  // It is there: whoever marked it as gone is about to take it out, and must find its mark.
  if (!returned) return;
  await db.transaction().execute(async (trx) => {
    for (const table of ORDER_TABLES)
      await trx
        .updateTable(table as 'orders')
        .set({ left_redis_at: null })
        .where('shop_id', '=', shopId)
        .where('order_id', '=', orderId)
        .execute();
    // Some time passes before it may leave again.
    const { now } = await store.runAt(scripts.clock, `livehold:{${shopId}}`, []);
    await trx
      .updateTable('orders')
      .set({ changed_at: new Date(now) })
      .where('shop_id', '=', shopId)
      .where('order_id', '=', orderId)
      .execute();
  });
}
