import { computed } from '@preact/signals';
import { number, rupiah } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { cockpit } from '../messages/cockpit.js';
import { paidRupiah } from './activity.js';
import { audience, featured } from './room.js';
import { BUCKETS } from './StockBar.js';

/** The sums over the featured items, once for all who read them. */
const sums = computed(() => {
  const total = { available: 0, booked: 0, allocated: 0, sold: 0 };
  for (const entry of featured.value) {
    for (const bucket of BUCKETS) total[bucket] += entry.stock.value[bucket];
  }
  return total;
});

/** The live in six numbers, to be read from across the studio. */
export function Totals() {
  return (
    <dl class="totals numeric">
      <div class="total">
        <dt>
          <Icon name="person" size={16} />
          {cockpit('audience')}
        </dt>
        <dd data-total="audience">{audience.value === null ? '–' : number(audience.value)}</dd>
      </div>
      {BUCKETS.map((bucket) => (
        <div key={bucket} class={`total total-${bucket}`}>
          <dt>
            <span class={`swatch swatch-${bucket}`} aria-hidden="true" />
            {cockpit(bucket)}
          </dt>
          <dd data-total={bucket}>{number(sums.value[bucket])}</dd>
        </div>
      ))}
      <div class="total total-money">
        <dt>{cockpit('paidTotal')}</dt>
        <dd data-total="paid">{rupiah(paidRupiah.value)}</dd>
      </div>
    </dl>
  );
}
