import type { StockView } from '../../../../src/protocol/item.js';
import { number } from '../../shared/format.js';
import { cockpit } from '../messages/cockpit.js';

export const BUCKETS = ['available', 'booked', 'allocated', 'sold'] as const;
export type Bucket = (typeof BUCKETS)[number];

/**
 * Whole percents as a class would need a hundred rules, and a style attribute is against the page's policy;
 * SVG attributes are neither. The widths keep the order of the buckets, and no bucket with goods vanishes.
 */
const WIDTH = 1_000;
const LEAST = 14;

export function StockBar({ stock }: { stock: StockView }) {
  const total = BUCKETS.reduce((sum, bucket) => sum + stock[bucket], 0);
  const shown = BUCKETS.filter((bucket) => stock[bucket] > 0);
  const spare = WIDTH - shown.length * LEAST;
  let x = 0;
  return (
    <svg
      class="stock-bar"
      viewBox={`0 0 ${WIDTH} 10`}
      preserveAspectRatio="none"
      role="img"
      aria-label={cockpit('stockBar', {
        available: number(stock.available),
        booked: number(stock.booked),
        allocated: number(stock.allocated),
        sold: number(stock.sold),
      })}
    >
      {shown.map((bucket) => {
        const width = LEAST + (stock[bucket] / total) * spare;
        const left = x;
        x += width;
        return <Segment key={bucket} bucket={bucket} left={left} width={width} />;
      })}
    </svg>
  );
}

function Segment({ bucket, left, width }: { bucket: Bucket; left: number; width: number }) {
  return <rect class={`bucket-${bucket}`} x={left} y="0" width={width} height="10" />;
}
