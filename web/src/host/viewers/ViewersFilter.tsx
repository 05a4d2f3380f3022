import { useSignal } from '@preact/signals';
import { peopleWords } from '../messages/people.js';
import { trade } from '../messages/trade.js';
import { replaceRoute } from '../route.js';
import { Field } from '../ui/Field.js';
import { readWhole } from '../ui/numbers.js';

/** Which viewers are listed. */
export interface Wanted {
  min: number;
  max: number;
  /** A part of the name. */
  q: string;
}

/** As the address has it; what is not a range is everyone. */
export function readWanted(query: URLSearchParams): Wanted {
  const range = checkRange(query.get('min') ?? '0', query.get('max') ?? '100');
  return { ...(range ?? { min: 0, max: 100 }), q: query.get('q') ?? '' };
}

/** A range as it was typed, or null when it is none. */
function checkRange(from: string, to: string): Pick<Wanted, 'min' | 'max'> | null {
  const min = readWhole(from);
  const max = readWhole(to);
  if (min === null || max === null || min < 0 || max > 100 || min > max) return null;
  return { min, max };
}

export function ViewersFilter({ min, max, q }: Wanted) {
  const name = useSignal(q);
  const from = useSignal(String(min));
  const to = useSignal(String(max));
  const isBad = useSignal(false);
  const apply = () => {
    const range = checkRange(from.value, to.value);
    isBad.value = range === null;
    if (range === null) return;
    const typed = name.value.trim();
    const query = { min: String(range.min), max: String(range.max) };
    replaceRoute('viewers', undefined, typed === '' ? query : { ...query, q: typed });
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
      <Field label={peopleWords('search')} name="q" value={name} />
      <Field
        label={trade('minReputation')}
        name="minReputation"
        kind="whole"
        value={from}
        error={isBad.value ? trade('badRange') : undefined}
      />
      <Field label={trade('maxReputation')} name="maxReputation" kind="whole" value={to} />
      <button type="submit" class="button">
        {trade('applyFilter')}
      </button>
    </form>
  );
}
