import type { Insertable } from 'kysely';
import type { PublicEvent } from '../protocol/webhook.js';
import { parseBooking } from '../store/bookings.js';
import type { StreamEntry } from '../store/events.js';
import { orderOf, type RawOrder } from '../store/orders.js';
import { BookingSince } from '../store/records.js';
import type { ArchiveTables } from './schema.js';

export type Row<Table extends keyof ArchiveTables> = Insertable<ArchiveTables[Table]>;

/** Whose record it is, and the entry of the stream by which it is written. */
export interface Origin {
  shop_id: string;
  entry_ms: number;
  entry_seq: number;
}

const time = (ms: number) => new Date(ms);
const timeOrNull = (ms: number | string | undefined) =>
  ms === undefined ? null : new Date(Number(ms));

/** What PostgreSQL's texts cannot hold: NUL, and halves of characters that were cut apart. */
const UNKEPT = /[\0\p{Cs}]/gu;
/** The same as JSON writes it, or something like it: the caller compares. */
const PERHAPS_UNKEPT = /\\u(?:0000|d[89a-f])/i;
const JSON_COLUMNS: readonly string[] = ['events.data', 'orders.record', 'payments.record'];

/** JSON without what `jsonb` cannot hold. */
export function keptJson(json: string): string {
  if (!PERHAPS_UNKEPT.test(json)) return json;
  const without = (_: string, value: unknown) =>
    typeof value === 'string' ? value.replace(UNKEPT, '') : value;
  return JSON.stringify(JSON.parse(json, without));
}

/**
 * A row as it can be kept. No words that were taken in may keep all that comes after them out of the archive. Texts of records
 * stay as Redis has them, word for word: there JSON writes NUL as six characters, which `text` can hold.
 */
export function kept<Table extends keyof ArchiveTables>(table: Table, row: Row<Table>): Row<Table> {
  const columns = Object.entries(row).map(([column, value]) => {
    if (typeof value !== 'string') return [column, value];
    const isJson = JSON_COLUMNS.includes(`${table}.${column}`);
    return [column, isJson ? keptJson(value) : value.replace(UNKEPT, '')];
  });
  return Object.fromEntries(columns) as Row<Table>;
}

/** An entry's id, `<ms>-<seq>`, as numbers. */
export function placeOf(entryId: string): { entry_ms: number; entry_seq: number } {
  const [ms = '0', seq = '0'] = entryId.split('-');
  return { entry_ms: Number(ms), entry_seq: Number(seq) };
}

export function eventRow(shopId: string, { id, type, at, data }: PublicEvent): Row<'events'> {
  const [ms, seq, n] = id.split('-').map(Number) as [number, number, number];
  const about = data as Record<string, Record<string, string> | undefined>;
  const { viewer, order, refund, booking, entry, item, stock } = about;
  return {
    shop_id: shopId,
    ms,
    seq,
    n,
    type,
    at: time(at),
    viewer_id: viewer?.viewerId ?? null,
    order_id: order?.orderId ?? refund?.orderId ?? null,
    booking_id: booking?.bookingId ?? null,
    item_id: booking?.itemId ?? entry?.itemId ?? item?.itemId ?? stock?.itemId ?? null,
    data: JSON.stringify(data),
  };
}

/** Undefined when the text is no booking's. */
export function bookingRow(origin: Origin, record: string): Row<'bookings'> {
  const booking = parseBooking(record);
  if (!booking) throw new Error('a booking without a record');
  const since = BookingSince.parse(JSON.parse(record.slice(record.indexOf('\n') + 1)));
  return {
    ...origin,
    booking_id: booking.bookingId,
    live_id: booking.liveId,
    item_id: booking.itemId,
    sku: since.sku,
    code: since.code,
    item_name: since.name,
    viewer_id: booking.viewerId,
    quantity: booking.quantity,
    unit_price: booking.unitPrice,
    status: booking.status,
    sequence: booking.sequence,
    source: booking.source,
    order_id: since.orderId ?? null,
    created_at: time(booking.createdAt),
    expires_at: time(booking.expiresAt),
    ended_at: timeOrNull(since.endedAt),
    cost: since.cost ?? null,
    record,
  };
}

export function orderRow(origin: Origin, raw: RawOrder): Row<'orders'> {
  const { order, hostNote } = orderOf(raw);
  const { recipient } = order;
  return {
    ...origin,
    order_id: order.orderId,
    code: order.code,
    viewer_id: order.viewerId,
    status: order.status,
    subtotal: order.subtotal,
    ppn_percent: order.ppnPercent,
    prices_include_ppn: order.pricesIncludePpn,
    tax_base: order.taxBase,
    ppn: order.ppn,
    shipping_fee: order.shippingFee,
    service_fee: order.serviceFee,
    total: order.total,
    delivery: order.delivery,
    recipient_name: recipient?.name ?? null,
    recipient_phone: recipient?.phone ?? null,
    recipient_address: recipient?.address ?? null,
    recipient_district: recipient?.district ?? null,
    recipient_city: recipient?.city ?? null,
    recipient_postal_code: recipient?.postalCode ?? null,
    recipient_note: recipient?.note ?? null,
    note: order.note ?? null,
    host_note: hostNote ?? null,
    fulfilment: order.fulfilment,
    tracking: order.tracking ?? null,
    invoice_number: order.invoiceNumber ?? null,
    payment_id: raw.fields.paymentId ?? null,
    created_at: time(order.createdAt),
    expires_at: time(order.expiresAt),
    paid_at: timeOrNull(order.paidAt),
    still_sold: order.status === 'paid' || raw.fields.stillSold === '1',
    changed_at: time(Math.max(origin.entry_ms, order.createdAt)),
    record: JSON.stringify(raw),
  };
}

export function lineRows({ shop_id }: Origin, raw: RawOrder): Row<'order_lines'>[] {
  const { order } = orderOf(raw);
  return order.lines.map((line, n) => ({
    shop_id,
    order_id: order.orderId,
    line: n + 1,
    booking_id: line.bookingId,
    item_id: line.itemId,
    sku: line.sku,
    code: line.code,
    name: line.name,
    quantity: line.quantity,
    unit_price: line.unitPrice,
    line_total: line.lineTotal,
  }));
}

export function paymentRows({ shop_id }: Origin, { payments }: RawOrder): Row<'payments'>[] {
  return Object.entries(payments).map(([payment_id, fields]) => ({
    shop_id,
    payment_id,
    order_id: fields.orderId ?? '',
    method: fields.method ?? '',
    provider: fields.provider ?? '',
    status: fields.status ?? '',
    amount: Number(fields.amount),
    created_at: timeOrNull(fields.createdAt),
    paid_at: timeOrNull(fields.paidAt),
    expires_at: timeOrNull(fields.expiresAt),
    claimed_at: timeOrNull(fields.claimedAt),
    record: JSON.stringify(fields),
  }));
}

export function noticeRow(
  origin: Origin,
  notice_id: string,
  record: string,
): Row<'payment_notices'> {
  const notice = JSON.parse(record);
  return {
    ...origin,
    notice_id,
    payment_id: notice.paymentId,
    order_id: notice.orderId || null,
    source: notice.source,
    outcome: notice.outcome,
    reason: notice.reason,
    words: notice.words ?? null,
    at: time(notice.at),
    last_at: time(notice.lastAt ?? notice.at),
    count: notice.count,
    decided_by: notice.decision?.by ?? null,
    decided_at: timeOrNull(notice.decision?.at),
    record,
  };
}

export function refundRow(origin: Origin, refund_id: string, record: string): Row<'refunds'> {
  const refund = JSON.parse(record);
  return {
    ...origin,
    refund_id,
    order_id: refund.orderId,
    payment_id: refund.paymentId,
    viewer_id: refund.viewerId,
    amount: refund.amount,
    reason: refund.reason,
    status: refund.status,
    at: time(refund.at),
    done_at: timeOrNull(refund.doneAt),
    done_by: refund.doneBy ?? null,
    done_note: refund.doneNote ?? null,
    record,
  };
}

/** n: its place in the viewer's ledger, 1 for the first. */
export function ledgerRow(
  origin: Origin,
  viewer_id: string,
  n: number,
  record: string,
): Row<'ledger_entries'> {
  const { delta, before, after, reason, refId, note, at } = JSON.parse(record);
  return {
    ...origin,
    viewer_id,
    n,
    delta,
    before,
    after,
    reason,
    ref_id: refId,
    note: note ?? null,
    at: time(at),
    record,
  };
}

export function stockChangeRow(
  origin: Origin,
  item_id: string,
  n: number,
  record: string,
): Row<'stock_changes'> {
  const { quantity, at, by } = JSON.parse(record);
  return { ...origin, item_id, n, quantity, at: time(at), by: by ?? '' };
}

/** What entries say of items, lives and viewers: of each the latest. */
export function namesIn(shopId: string, entries: StreamEntry[]) {
  const items = new Map<string, Row<'items'>>();
  const lives = new Map<string, Row<'lives'>>();
  const viewers = new Map<string, Row<'viewers'>>();
  for (const { id, events } of entries) {
    const origin = { shop_id: shopId, ...placeOf(id) };
    for (const event of events) {
      if (event.type === 'item') {
        const { itemId: item_id, sku, code, name, price } = event.item;
        items.set(item_id, { ...origin, item_id, sku, code, name, price });
      } else if (event.type === 'live') {
        const { liveId: live_id, title, status, startedAt, endedAt } = event.live;
        const started_at = timeOrNull(startedAt);
        const ended_at = timeOrNull(endedAt);
        lives.set(live_id, { ...origin, live_id, title, status, started_at, ended_at });
      } else if ('viewer' in event && event.viewer !== undefined) {
        const { viewerId: viewer_id, name, reputation } = JSON.parse(event.viewer);
        viewers.set(viewer_id, { ...origin, viewer_id, name, reputation });
      }
    }
  }
  return { items: [...items.values()], lives: [...lives.values()], viewers: [...viewers.values()] };
}
