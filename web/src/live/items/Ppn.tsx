import { percent } from '../../shared/format.js';
import { say } from '../messages.js';
import { rules } from '../state.js';

/** Whether PPN is in the price, before it is met at checkout. */
export function Ppn() {
  const known = rules.value;
  if (known === null || known.ppnPercent === 0) return null;
  const words = known.pricesIncludePpn ? 'ppnWith' : 'ppnOnTop';
  return <span class="ppn">{say(words, { percent: percent(known.ppnPercent) })}</span>;
}
