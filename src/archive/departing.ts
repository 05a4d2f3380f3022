import { sql } from 'kysely';
import { shopKey } from '../store/keys.js';
import type { ArchiveRecords } from '../store/records.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import type { ArchiveDatabase } from './database.js';
import { beginMove, endMove, movesInArchive, movesInRedis, OvertakenError } from './moves.js';

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

/** Times that others may come first. */
const TRIES = 5;

/** Back into Redis, where it was. @throws OvertakenError */
export async function bringBack(
  store: Store,
  db: ArchiveDatabase,
  shopId: string,
  orderId: string,
): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const { n } = await movesInRedis(store, shopId);
    const begun = await db.transaction().execute(async (trx) => {
      await movesInArchive(trx, shopId);
      const [order] = await departing(trx, shopId, [orderId]);
      if (!order || !(await hasLeft(trx, shopId, orderId))) return undefined;
      const move = await beginMove(trx, shopId, n);
      // Whoever looks again at what was moved since then finds it.
      await setOrder(trx, 'orders', shopId, orderId, { left_redis_at: sql<Date>`now()` });
      return { move, order };
    });
    if (!begun) return;
    const { move, order } = begun;
    const args = [JSON.stringify({ move: move.n, ...order })];
    const returned = await store.run(scripts.archiveReturn, shopId, args);
    if ('late' in returned) continue;
    const { now } = await store.runAt(scripts.clock, shopKey(shopId), []);
    const isLast = await db.transaction().execute(async (trx) => {
      // It is in Redis, and as long as nobody has begun another move, nobody can take it out any more.
      if (!(await endMove(trx, shopId, move))) return false;
      if (!returned.there) return true;
      for (const table of ORDER_TABLES)
        await setOrder(trx, table, shopId, orderId, { left_redis_at: null });
      // Some time passes before it may leave again.
      await setOrder(trx, 'orders', shopId, orderId, { changed_at: new Date(now) });
      return true;
    });
    if (isLast) return;
  }
  throw new OvertakenError(`${shopId}: other records were moved all the time`);
}

async function setOrder(
  trx: ArchiveDatabase,
  table: (typeof ORDER_TABLES)[number],
  shopId: string,
  orderId: string,
  values: object,
): Promise<void> {
  // The types of one table stand for those of all.
  await trx
    .updateTable(table as 'orders')
    .set(values)
    .where('shop_id', '=', shopId)
    .where('order_id', '=', orderId)
    .execute();
}
