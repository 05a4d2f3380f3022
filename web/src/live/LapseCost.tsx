import type { Line } from '../../../src/protocol/checkout.js';
import { buy } from './purchaseMessages.js';
import { rules } from './state.js';

/** What it costs to let the time run out, before it does. Nothing where the shop takes nothing. */
export function LapseCost({ lines }: { lines: readonly Pick<Line, 'quantity'>[] }) {
  const perUnit = rules.value?.expiryPenaltyPerItem ?? 0;
  const units = lines.reduce((sum, line) => sum + line.quantity, 0);
  if (perUnit === 0 || units === 0) return null;
  return <p class="small muted lapse">{buy('lapseCosts', { penalty: perUnit * units })}</p>;
}
