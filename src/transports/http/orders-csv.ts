import type { Response } from 'express';
import type { HostOrder, Page } from '../../protocol/http.js';
import { sendCsv } from './csv.js';

interface Row {
  order: HostOrder;
  line: HostOrder['lines'][number];
}

interface Column {
  header: string;
  value(row: Row): string | number | undefined;
  /** Of the order as a whole: stands in its first row alone, so that a column adds up. */
  once?: true;
}

const COLUMNS: Column[] = [
  { header: 'order_code', value: ({ order }) => order.code },
  { header: 'order_id', value: ({ order }) => order.orderId },
  { header: 'invoice', value: ({ order }) => order.invoiceNumber },
  { header: 'created_at_wib', value: ({ order }) => wib(order.createdAt) },
  { header: 'status', value: ({ order }) => order.status },
  { header: 'viewer_id', value: ({ order }) => order.viewerId },
  { header: 'buyer', value: ({ order }) => order.viewer.name },
  { header: 'recipient', value: ({ order }) => order.recipient?.name },
  { header: 'phone', value: ({ order }) => order.recipient?.phone },
  { header: 'address', value: ({ order }) => addressOf(order) },
  { header: 'courier_note', value: ({ order }) => order.recipient?.note },
  { header: 'delivery', value: ({ order }) => order.delivery },
  { header: 'fulfilment', value: ({ order }) => order.fulfilment },
  { header: 'tracking', value: ({ order }) => order.tracking },
  { header: 'item_code', value: ({ line }) => line.code },
  { header: 'sku', value: ({ line }) => line.sku },
  { header: 'item_id', value: ({ line }) => line.itemId },
  { header: 'item', value: ({ line }) => line.name },
  { header: 'quantity', value: ({ line }) => line.quantity },
  { header: 'unit_price', value: ({ line }) => line.unitPrice },
  { header: 'line_total', value: ({ line }) => line.lineTotal },
  { header: 'ppn_percent', value: ({ order }) => order.ppnPercent },
  { header: 'prices_include_ppn', value: ({ order }) => (order.pricesIncludePpn ? 'yes' : 'no') },
  { header: 'subtotal', value: ({ order }) => order.subtotal, once: true },
  { header: 'tax_base', value: ({ order }) => order.taxBase, once: true },
  { header: 'ppn', value: ({ order }) => order.ppn, once: true },
  { header: 'shipping_fee', value: ({ order }) => order.shippingFee, once: true },
  { header: 'service_fee', value: ({ order }) => order.serviceFee, once: true },
  { header: 'total', value: ({ order }) => order.total, once: true },
  { header: 'payment_method', value: ({ order }) => order.payment?.method },
  { header: 'payment_amount', value: ({ order }) => order.payment?.amount, once: true },
  { header: 'paid_at_wib', value: ({ order }) => wib(order.paidAt) },
  { header: 'note', value: ({ order }) => order.note },
  { header: 'host_note', value: ({ order }) => order.hostNote },
];

/** As it is written on a parcel, in one line. */
function addressOf({ recipient }: HostOrder): string | undefined {
  const parts = [recipient?.address, recipient?.district, recipient?.city, recipient?.postalCode];
  const filled = parts.filter((part) => part !== undefined);
  return filled.length === 0 ? undefined : filled.join(', ').replaceAll('\n', ', ');
}

/** Western Indonesia Time, UTC+7 all year. */
const WIB_MS = 7 * 3_600_000;

/** `2026-11-25 19:30:00`, which spreadsheets take for a time. @param at epoch ms */
function wib(at: number | undefined): string | undefined {
  if (at === undefined) return undefined;
  return new Date(at + WIB_MS).toISOString().slice(0, 19).replace('T', ' ');
}

type ReadPage = (part: { limit: number; cursor?: string | undefined }) => Promise<Page<HostOrder>>;

/** Orders as a table: one row a line of an order, newest first. */
export async function sendOrdersCsv(
  response: Response,
  separator: ',' | ';',
  readPage: ReadPage,
): Promise<undefined> {
  // The first page before the headers, so that a failing store still answers with an error.
  const first = await readPage({ limit: 200 });
  const columns = COLUMNS.map((column) => column.header);
  return sendCsv(response, { name: 'orders.csv', columns, separator }, rows(first, readPage));
}

async function* rows(first: Page<HostOrder>, readPage: ReadPage): AsyncGenerator<unknown[]> {
  for (let part = first; ; part = await readPage({ limit: 200, cursor: part.nextCursor })) {
    for (const order of part.items) {
      for (const [i, line] of order.lines.entries()) {
        yield COLUMNS.map(({ value, once }) =>
          once && i > 0 ? undefined : value({ order, line }),
        );
      }
    }
    if (part.nextCursor === null) return;
  }
}
