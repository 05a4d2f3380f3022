import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { Response } from 'express';
import type { Page } from '../../protocol/http.js';
import type { Order } from '../../protocol/order.js';

const COLUMNS = [
  'order_id',
  'created_at',
  'status',
  'viewer_id',
  'item_id',
  'item',
  'quantity',
  'unit_price',
  'line_total',
  'subtotal',
  'ppn_percent',
  'ppn',
  'total',
  'payment_method',
  'paid_at',
];

type ReadPage = (part: { limit: number; cursor?: string | undefined }) => Promise<Page<Order>>;

/**
 * Orders as a table that Excel opens: UTF-8 with BOM, one row a line of an order, newest first. A cell that a spreadsheet
 * would take for a formula gets an apostrophe in front: names are written by strangers.
 */
export async function sendOrdersCsv(response: Response, readPage: ReadPage): Promise<undefined> {
  // The first page before the headers, so that a failing store still answers with an error.
  const first = await readPage({ limit: 200 });
  response.type('text/csv; charset=utf-8');
  response.attachment('orders.csv');
  const table = stringify({
    bom: true,
    header: true,
    columns: COLUMNS,
    escape_formulas: true,
    record_delimiter: 'windows',
    // It quotes the record's delimiter only; a bare line feed in a name would end the row as well.
    quoted_match: /[\r\n]/,
  });
  await pipeline(rows(first, readPage), table, response);
  return undefined;
}

async function* rows(first: Page<Order>, readPage: ReadPage): AsyncGenerator<unknown[]> {
  for (let part = first; ; part = await readPage({ limit: 200, cursor: part.nextCursor })) {
    for (const order of part.items) yield* rowsOf(order);
    if (part.nextCursor === null) return;
  }
}

function rowsOf(order: Order): unknown[][] {
  const iso = (at: number | undefined) => (at === undefined ? '' : new Date(at).toISOString());
  return order.lines.map((line) => [
    order.orderId,
    iso(order.createdAt),
    order.status,
    order.viewerId,
    line.itemId,
    line.name,
    line.quantity,
    line.unitPrice,
    line.lineTotal,
    order.subtotal,
    order.ppnPercent,
    order.ppn,
    order.total,
    order.payment?.method ?? '',
    iso(order.paidAt),
  ]);
}
