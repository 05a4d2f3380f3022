import { reputation } from './me.js';
import { buy } from './purchaseMessages.js';
import { rules } from './state.js';

/** What letting go of so many units does to the viewer's reputation, in words. */
export function CancelCost({ units }: { units: number }) {
  const perUnit = rules.value?.cancelPenaltyPerItem;
  const before = reputation.value;
  if (perUnit === undefined) return <p class="small">{buy('costsUnknown')}</p>;
  const after = Math.max(0, before - perUnit * units);
  return (
    <p class={`small${after < before ? ' cost' : ''}`} aria-live="polite">
      {after === before
        ? buy('costsNothing')
        : buy('costs', { penalty: before - after, before, after })}
    </p>
  );
}
