import type { Order } from '../../../../src/protocol/order.js';
import { percent, rupiah } from '../../shared/format.js';
import { trade } from '../messages/trade.js';

export function OrderTotals({ order }: { order: Order }) {
  return (
    <table class="totals-table numeric">
      <caption class="visually-hidden">{trade('goods')}</caption>
      <tbody>
        {order.lines.map((line) => (
          <tr key={line.bookingId}>
            <th scope="row">
              {line.name}
              <span class="muted">
                {' '}
                {line.quantity} × {rupiah(line.unitPrice)}
              </span>
            </th>
            <td>{rupiah(line.lineTotal)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{trade('subtotal')}</th>
          <td>{rupiah(order.subtotal)}</td>
        </tr>
        <tr>
          <th scope="row">
            {trade(order.pricesIncludePpn ? 'ppnIncluded' : 'ppn', {
              percent: percent(order.ppnPercent),
            })}
          </th>
          <td>{rupiah(order.ppn)}</td>
        </tr>
        {order.shippingFee > 0 && (
          <tr>
            <th scope="row">{trade('shippingFee')}</th>
            <td>{rupiah(order.shippingFee)}</td>
          </tr>
        )}
        {order.serviceFee > 0 && (
          <tr>
            <th scope="row">{trade('serviceFee')}</th>
            <td>{rupiah(order.serviceFee)}</td>
          </tr>
        )}
        <tr class="grand">
          <th scope="row">{trade('total')}</th>
          <td>{rupiah(order.total)}</td>
        </tr>
      </tfoot>
    </table>
  );
}
