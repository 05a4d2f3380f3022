import type { Checkout } from '../../../src/protocol/checkout.js';
import { percent, rupiah } from '../shared/format.js';
import { buy } from './purchaseMessages.js';

type TotalsProps = Pick<Checkout, 'lines' | 'subtotal' | 'ppnPercent' | 'ppn' | 'total'>;

/** The lines of a checkout or an order with what they add up to, as the server reckoned it. */
export function Totals({ lines, subtotal, ppnPercent, ppn, total }: TotalsProps) {
  return (
    <div class="totals">
      <ul class="lines">
        {lines.map((line) => (
          <li key={line.bookingId} class="sum-line">
            <span>
              {line.name} <span class="muted numeric">× {line.quantity}</span>
            </span>
            <span class="numeric">{rupiah(line.lineTotal)}</span>
          </li>
        ))}
      </ul>
      {ppnPercent > 0 && (
        <>
          <p class="sum-line muted">
            <span>{buy('subtotal')}</span>
            <span class="numeric">{rupiah(subtotal)}</span>
          </p>
          <p class="sum-line muted">
            <span>{buy('ppn', { percent: percent(ppnPercent) })}</span>
            <span class="numeric">{rupiah(ppn)}</span>
          </p>
        </>
      )}
      <p class="sum-line sum-total">
        <span>{buy('total')}</span>
        <strong class="numeric">{rupiah(total)}</strong>
      </p>
    </div>
  );
}
