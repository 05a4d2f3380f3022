import { setTimeout as delay } from 'node:timers/promises';
import type { ArchiveDatabase } from '../../src/archive/database.js';
import { eventsOfFields } from '../../src/store/events.js';
import { publicEventsOf } from '../../src/store/public-events.js';
import type { Host } from '../support/host.js';
import type { RedisServer } from '../support/redis-server.js';
import { until } from '../support/until.js';

/** Resolves when the archive has what the shop's stream has. */
export function untilArchived(redis: RedisServer, shop: string): Promise<true> {
  return redis.client().then((client) =>
    until('all is archived', async () => {
      const base = `livehold:{${shop}}:events`;
      const [mark, last] = await Promise.all([
        client.get(`${base}:archived`),
        client.get(`${base}:last`),
      ]);
      return mark !== null && last !== null && mark.split(' ')[1] === last;
    }),
  );
}

/** A whole list, a few rows at a time; what is after each page is found with that page's cursor. */
export async function walk(seller: Host, path: string, limit: number): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (let cursor = ''; ; ) {
    const and = path.includes('?') ? '&' : '?';
    const page = await seller.get<{ items: unknown[]; nextCursor: string | null }>(
      `${path}${and}limit=${limit}${cursor}`,
    );
    rows.push(...page.items);
    if (page.nextCursor === null) return rows;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

/** Whatever answers clients of a Redis. */
type Redis = Pick<RedisServer, 'client'>;

/** How long what is under way may take to be over, ms. */
const SETTLED_WITHIN_MS = 10_000;
const LOOK_AGAIN_MS = 200;

/**
 * Differences that do not pass by themselves. Records may leave Redis meanwhile: such a one is marked as gone in the archive
 * first, and is in both until it is taken out of Redis, or stays and is marked as there again. Each look is taken under the
 * lock of the shop's cursor, so that nothing is marked or copied during it.
 */
export async function lastingDifferences(
  redis: Redis,
  db: ArchiveDatabase,
  shop: string,
  withinMs = SETTLED_WITHIN_MS,
): Promise<string[]> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = await db.transaction().execute(async (trx) => {
      await trx
        .selectFrom('cursors')
        .select('fence')
        .where('shop_id', '=', shop)
        .forUpdate()
        .execute();
      return differences(redis, trx, shop);
    });
    if (found.length === 0 || performance.now() > end) return found;
    await delay(LOOK_AGAIN_MS);
  }
}

/** Every difference between Redis's records of a shop and the archive's, in one line each. */
async function differences(redis: Redis, db: ArchiveDatabase, shop: string): Promise<string[]> {
  const client = await redis.client();
  const base = `livehold:{${shop}}`;
  const found: string[] = [];
  const names = await client.keys(`${base}:*`);
  const of = (kind: string) =>
    names.flatMap((key) => {
      const name = key.slice(base.length);
      return name.startsWith(`:${kind}:`) && !name.endsWith(':gone')
        ? [name.slice(kind.length + 2)]
        : [];
    });

  async function texts(kind: string, rows: { id: string; record: string }[]) {
    const archived = new Map(rows.map(({ id, record }) => [id, record]));
    for (const id of of(kind)) {
      const kept = await client.get(`${base}:${kind}:${id}`);
      if (archived.get(id) !== kept)
        found.push(`${kind} ${id}: ${archived.get(id)} is not ${kept}`);
      archived.delete(id);
    }
    for (const id of archived.keys()) found.push(`${kind} ${id}: Redis lacks it`);
  }
  const here = <Table extends 'bookings' | 'refunds' | 'payment_notices'>(
    table: Table,
    id: string,
  ) =>
    db
      .selectFrom(table as 'refunds')
      .select([`${id as 'refund_id'} as id`, 'record'])
      .where('shop_id', '=', shop)
      .where('lost_at', 'is', null)
      .where('left_redis_at', 'is', null)
      .execute();
  await texts('booking', await here('bookings', 'booking_id'));
  await texts('refund', await here('refunds', 'refund_id'));
  await texts('notice', await here('payment_notices', 'notice_id'));

  const orders = await db
    .selectFrom('orders')
    .select(['order_id', 'record', 'status', 'total'])
    .where('shop_id', '=', shop)
    .where('lost_at', 'is', null)
    .where('left_redis_at', 'is', null)
    .execute();
  const archived = new Map(orders.map((row) => [row.order_id, row]));
  for (const id of of('order')) {
    const fields: Record<string, string> = { ...(await client.hGetAll(`${base}:order:${id}`)) };
    const payments: Record<string, unknown> = {};
    for (const payment of (fields.payments ?? '').split(' '))
      payments[payment] = { ...(await client.hGetAll(`${base}:payment:${payment}`)) };
    const refunds: Record<string, unknown> = {};
    for (const refund of (fields.refunds ?? '').split(' ').filter(Boolean))
      refunds[refund] = await client.get(`${base}:refund:${refund}`);
    const row = archived.get(id);
    const [there, here] = [row?.record, { fields, payments, refunds }].map(sorted);
    if (there !== here) found.push(`order ${id}: ${there} is not ${here}`);
    if (row?.status !== fields.status) found.push(`order ${id}: ${row?.status}`);
    archived.delete(id);
  }
  for (const id of archived.keys()) found.push(`order ${id}: Redis lacks it`);

  const ledgers = await db
    .selectFrom('ledger_entries')
    .select(['viewer_id', 'record'])
    .where('shop_id', '=', shop)
    .where('lost_at', 'is', null)
    .where('left_redis_at', 'is', null)
    .orderBy('viewer_id')
    .orderBy('n', 'desc')
    .execute();
  const entries = groups(ledgers);
  for (const id of of('ledger')) {
    const kept = await client.lRange(`${base}:ledger:${id}`, 0, -1);
    const rows = entries.get(id)?.map(({ record }) => record) ?? [];
    const at = kept.findIndex((text, i) => text !== rows[i]);
    if (at >= 0 || rows.length !== kept.length)
      found.push(
        `ledger ${id}: ${rows.length} of ${kept.length}, ${rows[at]} is not ${kept[at]} at ${at}`,
      );
  }

  const stock = await db
    .selectFrom('stock_changes')
    .select(['item_id', 'n', 'quantity'])
    .where('shop_id', '=', shop)
    .orderBy('item_id')
    .orderBy('n')
    .execute();
  for (const id of of('restocks')) {
    const kept = (await client.lRange(`${base}:restocks:${id}`, 0, -1)).map(
      (text) => JSON.parse(text).quantity,
    );
    const rows = stock.filter(({ item_id }) => item_id === id).map(({ quantity }) => quantity);
    if (String(rows) !== String(kept)) found.push(`restocks ${id}: ${rows} are not ${kept}`);
  }
  return [...found, ...(await eventDifferences(redis, db, shop))];
}

/** Facts of the stream that the archive lacks, or has in another order. Of stock only the latest in a second is told. */
async function eventDifferences(
  redis: Redis,
  db: ArchiveDatabase,
  shop: string,
): Promise<string[]> {
  const client = await redis.client();
  const entries = (await client.xRange(`livehold:{${shop}}:events`, '-', '+')) ?? [];
  const told = entries
    .flatMap(({ id, message }) =>
      publicEventsOf({ id, after: '', events: eventsOfFields(Object.entries(message).flat()) }),
    )
    .map(({ id, type }) => `${id} ${type}`);
  const first = Number(entries[0]?.id.split('-')[0] ?? 0);
  const rows = await db
    .selectFrom('events')
    .select(['id', 'type'])
    .where('shop_id', '=', shop)
    .where('lost_at', 'is', null)
    .where('ms', '>=', first)
    .orderBy('ms')
    .orderBy('seq')
    .orderBy('n')
    .execute();
  const kept = rows.map(({ id, type }) => `${id} ${type}`);
  const at = told.findIndex((event, i) => event !== kept[i]);
  if (at < 0 && kept.length === told.length) return [];
  return [`events differ at ${at} (${told[at]}; ${kept[at]}): ${kept.length} of ${told.length}`];
}

function groups<Row extends { viewer_id: string }>(rows: Row[]): Map<string, Row[]> {
  const all = new Map<string, Row[]>();
  for (const row of rows) all.set(row.viewer_id, [...(all.get(row.viewer_id) ?? []), row]);
  return all;
}

/** Without how often a gateway was asked about a payment: nobody is told of that. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (name, part) =>
    name === 'checks'
      ? undefined
      : part !== null && typeof part === 'object' && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
        : part,
  );
}
