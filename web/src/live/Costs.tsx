import type { Checkout, Line } from '../../../src/protocol/checkout.js';
import { ticking } from '../shared/clock.js';
import { countdown, percent, rupiah } from '../shared/format.js';
import { reputation } from './me.js';
import { buy } from './purchaseMessages.js';
import { rules } from './state.js';

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

/** What it costs to let the time run out, before it does. Nothing where the shop takes nothing. */
export function LapseCost({ lines }: { lines: readonly Pick<Line, 'quantity'>[] }) {
  const perUnit = rules.value?.expiryPenaltyPerItem ?? 0;
  const units = lines.reduce((sum, line) => sum + line.quantity, 0);
  if (perUnit === 0 || units === 0) return null;
  return <p class="small muted lapse">{buy('lapseCosts', { penalty: perUnit * units })}</p>;
}

/** What letting go of so many units does to the viewer's reputation, in words. */
export function CancelCost({ units, freeUntil = 0 }: { units: number; freeUntil?: number }) {
  const isFree = freeUntil > 0 && ticking() < freeUntil;
  const perUnit = isFree ? 0 : rules.value?.cancelPenaltyPerItem;
  const before = reputation.value;
  if (perUnit === undefined) return <p class="small">{buy('costsUnknown')}</p>;
  const after = Math.max(0, before - perUnit * units);
  return (
    <p class={`small${after < before ? ' cost' : ''}`} aria-live="polite">
      {after === before
        ? freeText(isFree, freeUntil)
        : buy('costs', { penalty: before - after, before, after })}
    </p>
  );
}

function freeText(isFree: boolean, freeUntil: number): string {
  if (!isFree) return buy('costsNothing');
  return buy('costsNothingNow', { time: countdown(freeUntil - ticking()) });
}
