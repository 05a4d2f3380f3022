import type { StockView } from '../../../../src/protocol/item.js';
import { number } from '../../shared/format.js';
import { cockpit } from '../messages/cockpit.js';
import { BUCKETS } from './StockBar.js';

/** The four buckets as numbers, each with its colour, its pattern and its name. */
export function BucketNumbers({ stock }: { stock: StockView }) {
  return (
    <dl class="buckets numeric">
      {BUCKETS.map((bucket) => (
        <div key={bucket} class="bucket">
          <dt>
            <span class={`swatch swatch-${bucket}`} aria-hidden="true" />
            <span class="bucket-label">{cockpit(bucket)}</span>
          </dt>
          <dd data-bucket={bucket}>{number(stock[bucket])}</dd>
        </div>
      ))}
    </dl>
  );
}
