import type { StockView } from '../../../../src/protocol/item.js';
import { number } from '../../shared/format.js';
import { cockpit } from '../messages/cockpit.js';

export const BUCKETS = ['available', 'booked', 'allocated', 'sold'] as const;

/** The four buckets side by side, always in the same order; each grows with its share. */
export function StockBar({ stock }: { stock: StockView }) {
  return (
    <span
      class="stock-bar"
      role="img"
      aria-label={cockpit('stockBar', {
        available: number(stock.available),
        booked: number(stock.booked),
        allocated: number(stock.allocated),
        sold: number(stock.sold),
      })}
    >
      {BUCKETS.filter((bucket) => stock[bucket] > 0).map((bucket) => (
        <span
          key={bucket}
          class={`stock-part swatch-${bucket}`}
          style={{ flexGrow: String(stock[bucket]) }}
        />
      ))}
    </span>
  );
}
