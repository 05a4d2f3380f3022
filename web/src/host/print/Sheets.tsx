import type { HostOrder } from '../../../../src/protocol/http.js';
import { percent, rupiah, wib } from '../../shared/format.js';
import { parcels as words } from '../messages/parcels.js';
import { trade } from '../messages/trade.js';
import { addressOf } from '../orders/OrderParts.js';
import { unitsOf } from '../orders/sheets.js';
import { shopName } from '../state/shop.js';

/** A commercial invoice of what one buyer has paid: each order with its own number, lines and PPN. */
export function Invoice({ orders }: { orders: readonly HostOrder[] }) {
  const [first] = orders;
  if (first === undefined) return null;
  const { recipient, viewer } = first;
  return (
    <article class="sheet sheet-a4 invoice">
      <header class="sheet-head">
        <h2>{shopName.value}</h2>
        <p class="sheet-kind">{words('as_invoice')}</p>
      </header>
      <p class="sheet-to">
        <span class="muted">{words('invoiceFor')}</span>
        <b>{recipient?.name ?? viewer.name}</b>
        {recipient !== undefined && <span>{recipient.phone}</span>}
        {recipient !== undefined && <span class="address">{addressOf(recipient)}</span>}
      </p>
      {orders.map((order) => (
        <InvoiceOrder key={order.orderId} order={order} />
      ))}
      {orders.length > 1 && (
        <p class="sheet-grand">
          {words('grandTotal', { count: orders.length })}
          <b class="numeric">{rupiah(orders.reduce((sum, order) => sum + order.total, 0))}</b>
        </p>
      )}
      <p class="sheet-foot">{words('commercial')}</p>
    </article>
  );
}

function InvoiceOrder({ order }: { order: HostOrder }) {
  return (
    <section class="invoice-order">
      <dl class="sheet-facts">
        <Fact name={words('invoiceNumber')} value={order.invoiceNumber ?? ''} />
        <Fact name={words('orderCode')} value={order.code} />
        {order.paidAt !== undefined && <Fact name={words('paidAt')} value={wib(order.paidAt)} />}
        <Fact name={words('paidBy')} value={trade(`method_${order.payment?.method ?? 'none'}`)} />
      </dl>
      <table class="sheet-table numeric">
        <thead>
          <tr>
            <th scope="col">{words('itemColumn')}</th>
            <th scope="col">{words('quantityColumn')}</th>
            <th scope="col">{words('priceColumn')}</th>
            <th scope="col">{words('amountColumn')}</th>
          </tr>
        </thead>
        <tbody>
          {order.lines.map((line) => (
            <tr key={line.bookingId}>
              <th scope="row">
                {line.code} {line.name}
              </th>
              <td>{line.quantity}</td>
              <td>{rupiah(line.unitPrice)}</td>
              <td>{rupiah(line.lineTotal)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          {totalLines(order).map(([name, value]) => (
            <tr key={name}>
              <th scope="row" colSpan={3}>
                {name}
              </th>
              <td>{rupiah(value)}</td>
            </tr>
          ))}
        </tfoot>
      </table>
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** As docs/ppn.md has them: PPN and its base stand there when there is PPN, inside the prices or on top of them. */
function totalLines(order: HostOrder): [string, number][] {
  const rate = { percent: percent(order.ppnPercent) };
  const ppn: [string, number][] = [
    [words('taxBase'), order.taxBase],
    [words(order.pricesIncludePpn ? 'ppnInside' : 'ppn', rate), order.ppn],
  ];
  const fees: [string, number][] = [
    [words('shippingFee'), order.shippingFee],
    [words('serviceFee'), order.serviceFee],
  ];
  return [
    [words('subtotal'), order.subtotal],
    ...(order.ppnPercent > 0 ? ppn : []),
    ...fees.filter(([, fee]) => fee > 0),
    [words('total'), order.total],
  ];
}

/** What goes into one parcel, without prices: to pack by, and to put in. */
export function Slip({ orders }: { orders: readonly HostOrder[] }) {
  const [first] = orders;
  if (first === undefined) return null;
  const { recipient, viewer, delivery } = first;
  return (
    <article class="sheet sheet-a4 slip">
      <header class="sheet-head">
        <h2>{shopName.value}</h2>
        <p class="sheet-kind">{words('slipTitle')}</p>
      </header>
      <p class="sheet-to">
        <span class="muted">{words(`delivery_${delivery}`)}</span>
        <b>{recipient?.name ?? viewer.name}</b>
        {recipient !== undefined && <span>{recipient.phone}</span>}
        {recipient !== undefined && <span class="address">{addressOf(recipient)}</span>}
      </p>
      <table class="sheet-table numeric">
        <thead>
          <tr>
            <th scope="col">{words('itemColumn')}</th>
            <th scope="col">SKU</th>
            <th scope="col">{words('orderCode')}</th>
            <th scope="col">{words('quantityColumn')}</th>
          </tr>
        </thead>
        <tbody>
          {orders.flatMap((order) =>
            order.lines.map((line) => (
              <tr key={line.bookingId}>
                <th scope="row">
                  <span class="tick" aria-hidden="true" />
                  {line.code} {line.name}
                </th>
                <td>{line.sku}</td>
                <td>{order.code}</td>
                <td>
                  <b>{line.quantity}</b>
                </td>
              </tr>
            )),
          )}
        </tbody>
      </table>
      {orders.map(
        (order) =>
          order.note !== undefined && (
            <p key={order.orderId} class="sheet-note">
              {order.code}: {words('buyerNote', { note: order.note })}
            </p>
          ),
      )}
      <p class="sheet-foot">{words('printedAt', { time: wib(Date.now()) })}</p>
    </article>
  );
}

/** A label of A6, 105 × 148 mm, for one parcel: to whom, from whom, and which orders are in it. */
export function Label({ orders }: { orders: readonly HostOrder[] }) {
  const [first] = orders;
  if (first === undefined) return null;
  const { recipient, viewer, delivery } = first;
  return (
    <article class="sheet label">
      <p class="label-kind">{words(`delivery_${delivery}`)}</p>
      <section>
        <h2 class="muted">{words('labelTo')}</h2>
        <p class="label-name">{recipient?.name ?? viewer.name}</p>
        {recipient !== undefined && (
          <>
            <p class="label-phone">{recipient.phone}</p>
            <p class="label-address address">{addressOf(recipient)}</p>
            {recipient.note !== undefined && (
              <p class="label-note">{words('courierNote', { note: recipient.note })}</p>
            )}
          </>
        )}
      </section>
      <footer>
        <p>
          <span class="muted">{words('labelFrom')}</span> <b>{shopName.value}</b>
        </p>
        <p class="label-codes">{orders.map((order) => order.code).join(' · ')}</p>
        <p>{words('labelContents', { count: unitsOf(orders) })}</p>
      </footer>
    </article>
  );
}

interface Pick {
  itemId: string;
  code: string;
  sku: string;
  name: string;
  quantity: number;
  /** The codes of the orders, with how many each wants when it is more than one. */
  wantedBy: string[];
}

/** How many of each item to fetch from the shelf for all these orders. */
export function PickingList({ orders }: { orders: readonly HostOrder[] }) {
  const count = orders.length;
  return (
    <article class="sheet sheet-a4 picking">
      <header class="sheet-head">
        <h2>{shopName.value}</h2>
        <p class="sheet-kind">{words('pickingTitle')}</p>
      </header>
      <p>{words('pickingOf', { count, units: unitsOf(orders) })}</p>
      <table class="sheet-table numeric">
        <thead>
          <tr>
            <th scope="col">{words('itemColumn')}</th>
            <th scope="col">SKU</th>
            <th scope="col">{words('quantityColumn')}</th>
            <th scope="col">{words('inOrders')}</th>
          </tr>
        </thead>
        <tbody>
          {picksOf(orders).map((pick) => (
            <tr key={pick.itemId}>
              <th scope="row">
                <span class="tick" aria-hidden="true" />
                {pick.code} {pick.name}
              </th>
              <td>{pick.sku}</td>
              <td>
                <b>{pick.quantity}</b>
              </td>
              <td class="picking-orders">{pick.wantedBy.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="sheet-foot">{words('printedAt', { time: wib(Date.now()) })}</p>
    </article>
  );
}

/** By code, as the shelf is sorted: A2 before A10. */
function picksOf(orders: readonly HostOrder[]): Pick[] {
  const picks = new Map<string, Pick>();
  for (const { code: order, lines } of orders) {
    for (const { itemId, code, sku, name, quantity } of lines) {
      const pick = picks.get(itemId) ?? { itemId, code, sku, name, quantity: 0, wantedBy: [] };
      pick.quantity += quantity;
      pick.wantedBy.push(quantity > 1 ? `${order} ×${quantity}` : order);
      picks.set(itemId, pick);
    }
  }
  return [...picks.values()].sort((a, b) => a.code.localeCompare(b.code, 'id', { numeric: true }));
}
