import { sql } from 'kysely';
import type { ItemReport, LiveReport, Period, PeriodsQuery } from '../protocol/report.js';
import type { ArchiveDatabase } from './database.js';

type Row<Shape> = { [Name in keyof Shape]: Shape[Name] | null };

/** Of bookings `b` with their orders `o`. */
const UNITS = sql`
  sum(b.quantity) as booked,
  sum(b.quantity) filter (where b.status = 'ordered' and o.still_sold) as paid,
  sum(b.quantity) filter (where b.status = 'expired'
    or b.status = 'ordered' and not o.still_sold and o.status in ('expired', 'needs_refund')) as lapsed,
  sum(b.quantity) filter (where b.status = 'cancelled'
    or b.status = 'ordered' and not o.still_sold and o.status in ('cancelled', 'refunded')) as cancelled`;

const WITH_ORDERS = sql`
  bookings b left join orders o on o.shop_id = b.shop_id and o.order_id = b.order_id and o.lost_at is null`;

/** What a live came to; undefined when the archive knows of no such live. */
export async function liveReport(
  db: ArchiveDatabase,
  shopId: string,
  liveId: string,
): Promise<LiveReport | undefined> {
  const live = await db
    .selectFrom('lives')
    .select(['started_at', 'ended_at'])
    .where('shop_id', '=', shopId)
    .where('live_id', '=', liveId)
    .executeTakeFirst();
  if (!live) return undefined;
  const items = await itemsOf(db, shopId, liveId);
  const waits = await waitingOf(db, shopId, items, live.started_at, live.ended_at);
  for (const item of items) item.waiting = waits.get(item.itemId) ?? 0;
  const sum = (name: 'booked' | 'paid' | 'lapsed' | 'cancelled' | 'rupiah' | 'waiting') =>
    items.reduce((total, item) => total + item[name], 0);
  return {
    liveId,
    ...(live.started_at && { startedAt: live.started_at.getTime() }),
    ...(live.ended_at && { endedAt: live.ended_at.getTime() }),
    ...(await ordersOf(db, shopId, liveId)),
    booked: sum('booked'),
    paid: sum('paid'),
    lapsed: sum('lapsed'),
    cancelled: sum('cancelled'),
    rupiah: sum('rupiah'),
    waiting: sum('waiting'),
    late: await lateOf(db, shopId, liveId),
    items,
  };
}

async function itemsOf(db: ArchiveDatabase, shopId: string, liveId: string): Promise<ItemReport[]> {
  const { rows } = await sql<Row<ItemReport>>`
    select b.item_id as "itemId",
      (array_agg(b.code order by b.created_at desc))[1] as code,
      (array_agg(b.item_name order by b.created_at desc))[1] as name, ${UNITS},
      sum(b.quantity * b.unit_price) filter (where b.status = 'ordered' and o.status = 'paid') as rupiah
    from ${WITH_ORDERS}
    where b.shop_id = ${shopId} and b.live_id = ${liveId} and b.lost_at is null
    group by b.item_id order by rupiah desc nulls last, booked desc, code`.execute(db);
  return rows.map(({ itemId, code, name, booked, paid, lapsed, cancelled, rupiah }) => ({
    itemId: itemId ?? '',
    code: code ?? '',
    name: name ?? '',
    booked: booked ?? 0,
    paid: paid ?? 0,
    lapsed: lapsed ?? 0,
    cancelled: cancelled ?? 0,
    rupiah: rupiah ?? 0,
    waiting: 0,
  }));
}

/** How long the line of each item was at the end of the live, or is now. */
async function waitingOf(
  db: ArchiveDatabase,
  shopId: string,
  items: ItemReport[],
  from: Date | null,
  to: Date | null,
): Promise<Map<string, number>> {
  const { rows } = await sql<{ item_id: string; waiting: number | null }>`
    select distinct on (item_id) item_id, (data -> 'stock' ->> 'waiting')::int as waiting
    from events
    where shop_id = ${shopId} and type = 'stock.changed' and lost_at is null
      and item_id = any (${items.map(({ itemId }) => itemId)}::text[])
      and ms between ${from?.getTime() ?? 0} and ${to?.getTime() ?? Number.MAX_SAFE_INTEGER}
    order by item_id, ms desc, seq desc, n desc`.execute(db);
  return new Map(rows.map(({ item_id, waiting }) => [item_id, waiting ?? 0]));
}

/** Ids of the orders with something of the live in them. */
const ordersIn = (shopId: string, liveId: string) => sql`
  (select order_id from bookings where shop_id = ${shopId} and live_id = ${liveId} and order_id is not null and lost_at is null)`;

async function ordersOf(db: ArchiveDatabase, shopId: string, liveId: string) {
  const took = sql`extract(epoch from paid_at - created_at)`;
  const { rows } = await sql<{
    orders: number;
    buyers: number;
    median: number | null;
    slow: number | null;
  }>`
    select count(*) as orders, count(distinct viewer_id) as buyers,
      percentile_cont(0.5) within group (order by ${took}) as median,
      percentile_cont(0.9) within group (order by ${took}) as slow
    from orders
    where shop_id = ${shopId} and status = 'paid' and lost_at is null
      and order_id in ${ordersIn(shopId, liveId)}`.execute(db);
  const { orders = 0, buyers = 0, median = null, slow = null } = rows[0] ?? {};
  return { orders, buyers, timeToPay: { median, slow } };
}

async function lateOf(db: ArchiveDatabase, shopId: string, liveId: string) {
  const { rows } = await sql<{ payments: number; rupiah: number | null }>`
    select count(*) as payments, sum(amount) as rupiah
    from payments p
    where p.shop_id = ${shopId} and p.lost_at is null and p.order_id in ${ordersIn(shopId, liveId)} and exists (
      select from payment_notices n
      where n.shop_id = p.shop_id and n.payment_id = p.payment_id and n.lost_at is null
        and n.reason in ('late_but_in_stock', 'late_and_gone'))`.execute(db);
  return { payments: rows[0]?.payments ?? 0, rupiah: rows[0]?.rupiah ?? 0 };
}

/** Days and months are those of WIB, UTC+7 all year. */
const WIB = sql.raw(`interval '7 hours'`);
const FORMATS = { day: 'YYYY-MM-DD', month: 'YYYY-MM' };

/** What days or months came to, oldest first. */
export async function periodReport(
  db: ArchiveDatabase,
  shopId: string,
  { by, from, to }: PeriodsQuery,
): Promise<Period[]> {
  const periodOf = (column: string) =>
    sql`to_char((${sql.ref(column)} at time zone 'UTC') + ${WIB}, ${FORMATS[by]})`;
  const isIn = (column: string) => sql`
    ${sql.ref(column)} >= (${from}::timestamp - ${WIB}) at time zone 'UTC' and
    ${sql.ref(column)} < (${to}::timestamp + interval '1 day' - ${WIB}) at time zone 'UTC'`;
  // One after the other: the archive has few connections, and what must be archived comes first.
  const bookings = await sql<Row<Period>>`
      select ${periodOf('b.created_at')} as period, ${UNITS}
      from ${WITH_ORDERS}
      where b.shop_id = ${shopId} and b.lost_at is null and ${isIn('b.created_at')}
      group by 1`.execute(db);
  const orders = await sql<Row<Period>>`
      select ${periodOf('paid_at')} as period, count(*) as orders, sum(total) as rupiah, sum(ppn) as ppn
      from orders
      where shop_id = ${shopId} and lost_at is null and status = 'paid' and ${isIn('paid_at')}
      group by 1`.execute(db);
  const refunds = await sql<Row<Period>>`
      select ${periodOf('done_at')} as period, sum(amount) as refunded
      from refunds
      where shop_id = ${shopId} and lost_at is null and status = 'done' and ${isIn('done_at')}
      group by 1`.execute(db);
  const periods = new Map<string, Period>();
  for (const { period, ...found } of [...bookings.rows, ...orders.rows, ...refunds.rows]) {
    const name = period ?? '';
    const one = periods.get(name) ?? { ...NOTHING, period: name };
    for (const key of Object.keys(NOTHING) as (keyof typeof NOTHING)[]) one[key] += found[key] ?? 0;
    periods.set(name, one);
  }
  return [...periods.values()].sort((a, b) => (a.period < b.period ? -1 : 1));
}

const NOTHING = {
  orders: 0,
  rupiah: 0,
  ppn: 0,
  refunded: 0,
  booked: 0,
  lapsed: 0,
  cancelled: 0,
};
