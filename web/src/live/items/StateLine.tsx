import type { ItemEntry } from '../../shared/stock.js';
import { say } from '../messages.js';
import { StockLabel } from './StockLabel.js';
import { type Standing, standingOf } from './standing.js';

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
