import type { HostOrder } from '../../../../src/protocol/http.js';
import { percent, rupiah, wib } from '../../shared/format.js';
import { parcels as words } from '../messages/parcels.js';
import { trade } from '../messages/trade.js';
import { addressOf } from '../orders/OrderParts.js';
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
