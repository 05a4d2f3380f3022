import type { Line } from '../../../src/protocol/checkout.js';
import { tick } from '../shared/clock.js';
import { countdown } from '../shared/format.js';
import { reputation } from './me.js';
import { buy } from './purchaseMessages.js';
import { rules } from './state.js';

/** What it costs to let the time run out, before it does. Nothing where the shop takes nothing. */
export function LapseCost({ lines }: { lines: readonly Pick<Line, 'quantity'>[] }) {
  const perUnit = rules.value?.expiryPenaltyPerItem ?? 0;
  const units = lines.reduce((sum, line) => sum + line.quantity, 0);
  if (perUnit === 0 || units === 0) return null;
  return <p class="small muted lapse">{buy('lapseCosts', { penalty: perUnit * units })}</p>;
}

/** What letting go of so many units does to the viewer's reputation, in words. */
export function CancelCost({ units, freeUntil = 0 }: { units: number; freeUntil?: number }) {
  const isFree = freeUntil > 0 && tick.value < freeUntil;
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
  return buy('costsNothingNow', { time: countdown(freeUntil - tick.value) });
}
