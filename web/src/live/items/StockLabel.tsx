import { number } from '../../shared/format.js';
import type { ItemEntry } from '../../shared/stock.js';
import { say } from '../messages.js';
import { supplyOf } from './supply.js';

const FEW = 5;

/** The one part of a card that moves with every booking of anyone. */
export function StockLabel({ entry }: { entry: ItemEntry }) {
  const supply = supplyOf(entry);
  if (supply !== 'available') {
    return <span class={`badge${supply === 'held' ? ' badge-held' : ''}`}>{say(supply)}</span>;
  }
  const { available } = entry.stock.value;
  return (
    <span class={`badge numeric ${available <= FEW ? 'badge-bad' : 'badge-good'}`}>
      {say('available', { count: number(available) })}
    </span>
  );
}
