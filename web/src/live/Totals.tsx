import type { Checkout } from '../../../src/protocol/checkout.js';
import { percent, rupiah } from '../shared/format.js';
import { buy } from './purchaseMessages.js';

type TotalsProps = Omit<Checkout, 'checkoutId' | 'expiresAt'>;

/** The lines of a checkout or an order with what they add up to, as the server reckoned it. */
export function Totals({ lines, total, ...totals }: TotalsProps) {
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
      <Parts {...totals} />
      <p class="sum-line sum-total">
        <span>{buy('total')}</span>
        <strong class="numeric">{rupiah(total)}</strong>
      </p>
      {totals.ppnPercent > 0 && totals.pricesIncludePpn && (
        <p class="sum-line small muted">
          <span>{buy('ppnIncluded', { percent: percent(totals.ppnPercent) })}</span>
          <span class="numeric">{rupiah(totals.ppn)}</span>
        </p>
      )}
      {totals.ppnPercent > 0 && totals.taxBase !== totals.subtotal && (
        <p class="sum-line small muted">
          <span>{buy('taxBase')}</span>
          <span class="numeric">{rupiah(totals.taxBase)}</span>
        </p>
      )}
    </div>
  );
}

/** What the total is the sum of, where it is more than the lines. */
function Parts(props: Omit<TotalsProps, 'lines' | 'total'>) {
  const { subtotal, ppnPercent, pricesIncludePpn, ppn, shippingFee, serviceFee } = props;
  const rows: [label: string, amount: number][] = [];
  if (ppnPercent > 0 && !pricesIncludePpn) {
    rows.push([buy('ppn', { percent: percent(ppnPercent) }), ppn]);
  }
  if (shippingFee > 0) rows.push([buy('shippingFee'), shippingFee]);
  if (serviceFee > 0) rows.push([buy('serviceFee'), serviceFee]);
  if (rows.length === 0) return null;
  return (
    <>
      {[[buy('subtotal'), subtotal] as const, ...rows].map(([label, amount]) => (
        <p key={label} class="sum-line muted">
          <span>{label}</span>
          <span class="numeric">{rupiah(amount)}</span>
        </p>
      ))}
    </>
  );
}
