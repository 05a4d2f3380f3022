import { type SelectQueryBuilder, sql } from 'kysely';
import type { NoticesQuery, OrdersQuery, RefundsQuery } from '../protocol/http.js';
import { digitsTyped } from '../protocol/text.js';
import type { PublicEvent } from '../protocol/webhook.js';
import type { Position } from '../store/events.js';
import type { After, PastRow } from '../store/past.js';
import type { ArchiveRecords } from '../store/records.js';
import type { ArchiveDatabase } from './database.js';
import { placeOf } from './rows.js';
import type { ArchiveTables } from './schema.js';

type RawOrder = ArchiveRecords['orders'][string];

/** Pages of what has left Redis, newest first, in the order of the indexes there. */
export async function pastOrders(
  db: ArchiveDatabase,
  shopId: string,
  { sort, status, viewerId, liveId, fulfilment, q }: OrdersQuery,
  after: After,
  limit: number,
): Promise<PastRow<RawOrder>[]> {
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
}

export async function pastRefunds(
  db: ArchiveDatabase,
  shopId: string,
  { status }: RefundsQuery,
  after: After,
  limit: number,
): Promise<PastRow<string>[]> {
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
}

export async function pastNotices(
  db: ArchiveDatabase,
  shopId: string,
  { outcome }: NoticesQuery,
  after: After,
  limit: number,
): Promise<PastRow<string>[]> {
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
  // The first condition says nothing new, and is where an index can begin.
  return sql<boolean>`(${sql.ref(at)} <= ${time} and (${sql.ref(at)} < ${time} or ${sql.ref(id)} collate "C" < ${value}))`;
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

/** Events after a place in the stream, or after one of its events, and before another place; oldest first. */
export async function pastEvents(
  db: ArchiveDatabase,
  shopId: string,
  after: string,
  before: Position,
  limit: number,
): Promise<PublicEvent[]> {
  const [, , within = String(MOST_IN_ENTRY)] = after.split('-');
  const from = placeOf(after);
  const end = placeOf(before);
  const rows = await db
    .selectFrom('events')
    .select(['id', 'type', 'at', 'data'])
    .where('shop_id', '=', shopId)
    .where('lost_at', 'is', null)
    .where(
      sql<boolean>`(ms, seq, n) > (${from.entry_ms}, ${from.entry_seq}, ${Number(within)}::integer)`,
    )
    .where(sql<boolean>`(ms, seq) < (${end.entry_ms}, ${end.entry_seq})`)
    .orderBy('ms')
    .orderBy('seq')
    .orderBy('n')
    .limit(limit)
    .execute();
  return rows.map(({ id, type, at, data }) => ({
    id,
    type: type as PublicEvent['type'],
    at: at.getTime(),
    data: data as PublicEvent['data'],
  }));
}

/** No entry of the stream says more. */
const MOST_IN_ENTRY = 2 ** 31 - 1;
