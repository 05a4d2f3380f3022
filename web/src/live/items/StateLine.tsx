import { number, percent } from '../../shared/format.js';
import type { ItemEntry } from '../../shared/stock.js';
import { say } from '../messages.js';
import { rules } from '../state.js';
import { justReleased } from '../waiting.js';
import { type Standing, standingOf, supplyOf } from './standing.js';

/** What the viewer has of an item, else what there is of it: in one line that never moves anything. */
export function StateLine({ entry }: { entry: ItemEntry }) {
  const standing = standingOf(entry);
  if (standing.kind !== 'mine') return <StockLabel entry={entry} />;
  return (
    <span class={`stock stock-${standing.isTurn ? 'turn' : 'mine'}`}>{mineText(standing)}</span>
  );
}

function mineText({ held, isTurn }: Extract<Standing, { kind: 'mine' }>): string {
  const sequence = held.map((booking) => booking.sequence).join(', ');
  const count = held.reduce((sum, booking) => sum + booking.quantity, 0);
  return say(isTurn ? 'turn' : 'mine', { sequence, count: count === 1 ? '' : ` ${count}` });
}

const FEW = 5;

/** The one part of a row that moves with every booking of anyone. It always has the same place, whatever it says. */
export function StockLabel({ entry }: { entry: ItemEntry }) {
  const back = justReleased(entry.itemId).value;
  if (back > 0)
    return <span class="stock stock-back numeric">{say('released', { count: back })}</span>;
  const supply = supplyOf(entry);
  if (supply !== 'available') return <span class={`stock stock-${supply}`}>{say(supply)}</span>;
  const { available } = entry.stock.value;
  return (
    <span class={`stock numeric ${available <= FEW ? 'stock-few' : 'stock-available'}`}>
      {say('available', { count: number(available) })}
    </span>
  );
}

/** Whether PPN is in the price, before it is met at checkout. */
export function Ppn() {
  const known = rules.value;
  if (known === null || known.ppnPercent === 0) return null;
  const words = known.pricesIncludePpn ? 'ppnWith' : 'ppnOnTop';
  return <span class="ppn">{say(words, { percent: percent(known.ppnPercent) })}</span>;
}
