import { sql } from 'kysely';
import type { Position, StreamEntry } from '../store/events.js';
import type { ArchiveDatabase } from './database.js';
import { placeOf } from './rows.js';
import type { Touched } from './touched.js';

/** The text of a record as JSON that PostgreSQL reads: it refuses the NUL that such a text may have, written `\u0000`. */
function asJson(column: string) {
  const nul = String.raw`(?<!\\)((?:\\\\)*)\\u0000`;
  return sql`regexp_replace(${sql.ref(column)}, ${nul}, ${String.raw`\1`}, 'g')::jsonb`;
}

/** Who was erased in these entries, and by which. */
export function erasedIn(entries: StreamEntry[]): { viewerId: string; by: Position }[] {
  return entries.flatMap(({ id, events }) =>
    events.flatMap((event) =>
      event.type === 'changed'
        ? (event.erased ?? []).map((viewerId) => ({ viewerId, by: id }))
        : [],
    ),
  );
}

/** What Redis still has of a viewer who was erased is copied again, word for word: by that it is known again when it may leave. */
export async function touchErased(
  db: ArchiveDatabase,
  shopId: string,
  viewerId: string,
  touched: Touched,
): Promise<void> {
  const kept = <Table extends 'orders' | 'refunds'>(table: Table, id: string) =>
    db
      .selectFrom(table as 'orders')
      .select(`${id as 'order_id'} as id`)
      .where('shop_id', '=', shopId)
      .where('viewer_id', '=', viewerId)
      .where('left_redis_at', 'is', null)
      .execute();
  for (const { id } of await kept('orders', 'order_id')) touched.orders.add(id);
  for (const { id } of await kept('refunds', 'refund_id')) touched.refunds.add(id);
  touched.ledgers.add(viewerId);
  touched.erased.add(viewerId);
}

/**
 * Takes what says who a viewer is out of what was archived before an entry, as Redis has done with its own. Sums, numbers and
 * the id stay. What was overwritten leaves the files with PostgreSQL's next rewrite of them: docs/privacy.md.
 */
export async function eraseViewer(
  trx: ArchiveDatabase,
  shopId: string,
  viewerId: string,
  by: Position,
): Promise<void> {
  const { entry_ms, entry_seq } = placeOf(by);
  const isOfViewer = sql`shop_id = ${shopId} and viewer_id = ${viewerId}`;
  const isBefore = sql`(entry_ms, entry_seq) <= (${entry_ms}, ${entry_seq})`;
  await sql`update viewers set name = '' where ${isOfViewer} and ${isBefore}`.execute(trx);
  await sql`
    update orders set recipient_name = null, recipient_phone = null, recipient_address = null, recipient_district = null,
      recipient_city = null, recipient_postal_code = null, recipient_note = null, note = null, host_note = null,
      record = record #- '{fields,recipient}' #- '{fields,note}' #- '{fields,hostNote}' || case
        when record ? 'refunds' then jsonb_build_object('refunds', coalesce((
          select jsonb_object_agg(key, ((${asJson('value')} - 'doneNote')::text))
          from jsonb_each_text(record -> 'refunds')), '{}'::jsonb))
        else '{}'::jsonb end
    where ${isOfViewer} and ${isBefore}`.execute(trx);
  await sql`
    update refunds set done_note = null, record = (${asJson('record')} - 'doneNote')::text
    where ${isOfViewer} and ${isBefore}`.execute(trx);
  await sql`
    update ledger_entries set note = null, record = (${asJson('record')} - 'note')::text
    where ${isOfViewer} and ${isBefore} and note is not null`.execute(trx);
  await sql`
    update events set data = data #- '{order,recipient}' #- '{order,note}' #- '{refund,doneNote}'
      || case when data ? 'viewer' then jsonb_build_object('viewer', data -> 'viewer' || '{"name":""}') else '{}'::jsonb end
    where ${isOfViewer} and (ms, seq) <= (${entry_ms}, ${entry_seq})`.execute(trx);
}
