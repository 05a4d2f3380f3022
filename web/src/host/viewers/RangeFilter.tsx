import { useSignal } from '@preact/signals';
import { trade } from '../messages/trade.js';
import { replaceRoute } from '../route.js';
import { Field } from '../ui/Field.js';
import { checkRange, type Range } from './range.js';

export function RangeFilter({ min, max }: Range) {
  const from = useSignal(String(min));
  const to = useSignal(String(max));
  const bad = useSignal(false);
  const apply = () => {
    const range = checkRange(from.value, to.value);
    bad.value = range === null;
    if (range !== null) {
      replaceRoute('viewers', undefined, { min: String(range.min), max: String(range.max) });
    }
  };
  return (
    <form
      class="filter"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <Field
        label={trade('minReputation')}
        name="minReputation"
        kind="whole"
        value={from}
        error={bad.value ? trade('badRange') : undefined}
      />
      <Field label={trade('maxReputation')} name="maxReputation" kind="whole" value={to} />
      <button type="submit" class="button">
        {trade('applyFilter')}
      </button>
    </form>
  );
}
