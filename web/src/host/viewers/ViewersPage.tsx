import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Viewer } from '../../../../src/protocol/viewer.js';
import { toast } from '../../shared/toast.js';
import { hostErrorText } from '../messages/errors.js';
import { peopleWords } from '../messages/people.js';
import { trade } from '../messages/trade.js';
import { replaceRoute, route } from '../route.js';
import { api } from '../state/api.js';
import { person, remember } from '../state/people.js';
import { Field } from '../ui/Field.js';
import { readWhole } from '../ui/numbers.js';
import { PageHead } from '../ui/PageHead.js';
import { createPagedList, ListFoot } from '../ui/pagedList.js';
import { RestrictDialog } from './ViewerChanges.js';
import { ViewerDialog } from './ViewerDialog.js';

/** Everyone who came, by reputation: who can be relied on, and who may not book for now. */
export function ViewersPage() {
  const list = useMemo(() => createPagedList<Viewer>(), []);
  const looking = useSignal<Viewer | null>(null);
  const restricting = useSignal<Viewer | null>(null);
  const { min, max, q } = readWanted(route.value.query);
  useEffect(() => {
    void list.load(async (page) => {
      const range = { minReputation: min, maxReputation: max };
      const outcome = await api.viewers({ ...page, ...range, ...(q === '' ? {} : { q }) });
      if (outcome.ok) remember(...outcome.data.items);
      return outcome;
    });
  }, [list, min, max, q]);
  const change = (changed: Viewer) => {
    list.put(changed, (other) => other.viewerId === changed.viewerId, false);
    remember(changed);
    if (looking.peek() !== null) looking.value = changed;
  };
  return (
    <>
      <PageHead title={trade('viewersTitle')} lead={trade('viewersLead')} />
      <ViewersFilter key={`${min}-${max}-${q}`} min={min} max={max} q={q} />
      <ul class="lines">
        {(list.rows.value ?? []).map((viewer) => (
          <ViewerLine
            key={viewer.viewerId}
            viewer={viewer}
            onLook={() => {
              looking.value = viewer;
            }}
            onRestrict={() => {
              restricting.value = viewer;
            }}
            onChange={change}
          />
        ))}
      </ul>
      <ListFoot list={list} empty={trade('noViewers')} />
      {looking.value !== null && (
        <ViewerDialog
          viewer={looking.value}
          onChange={change}
          onErased={() => {
            const gone = looking.peek()?.viewerId;
            looking.value = null;
            list.drop(({ viewerId }) => viewerId === gone);
          }}
          onClose={() => {
            looking.value = null;
          }}
        />
      )}
      {restricting.value !== null && (
        <RestrictDialog
          viewer={restricting.value}
          onChange={change}
          onClose={() => {
            restricting.value = null;
          }}
        />
      )}
    </>
  );
}

/** Which viewers are listed. */
interface Wanted {
  min: number;
  max: number;
  /** A part of the name. */
  q: string;
}

/** As the address has it; what is not a range is everyone. */
function readWanted(query: URLSearchParams): Wanted {
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

function ViewersFilter({ min, max, q }: Wanted) {
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

function ViewerLine({
  viewer,
  onLook,
  onRestrict,
  onChange,
}: {
  viewer: Viewer;
  onLook: () => void;
  onRestrict: () => void;
  onChange: (viewer: Viewer) => void;
}) {
  const busy = useSignal(false);
  const restricted = viewer.status === 'restricted';
  const { name } = viewer;
  const reputation = person(viewer.viewerId)?.reputation ?? viewer.reputation;
  const lift = async () => {
    busy.value = true;
    const outcome = await api.patchViewer(viewer.viewerId, { status: 'active' });
    busy.value = false;
    if (outcome.ok) {
      onChange(outcome.data.viewer);
      toast(trade('unrestricted', { name }), 'good');
    } else {
      toast(hostErrorText(outcome.error), 'bad');
    }
  };
  return (
    <li class="line viewer-line card" data-viewer={viewer.viewerId}>
      <div class="line-what">
        <h2 class="line-name">
          {name}{' '}
          <span class={`badge ${restricted ? 'badge-bad' : 'badge-good'}`}>
            {trade(`vstatus_${viewer.status}`)}
          </span>
        </h2>
        <p class="muted small">{viewer.viewerId}</p>
      </div>
      <div class="viewer-reputation">
        <span class="viewer-points numeric" aria-hidden="true">
          {reputation}
        </span>
        <meter
          min="0"
          max="100"
          low={50}
          high={80}
          optimum={100}
          value={reputation}
          aria-label={trade('reputationOf', { n: reputation })}
        />
      </div>
      <div class="line-actions">
        <button
          type="button"
          class="button"
          aria-label={peopleWords('lookOf', { name })}
          onClick={onLook}
        >
          {peopleWords('look')}
        </button>
        <button
          type="button"
          class={`button${restricted ? '' : ' button-danger'}`}
          aria-label={trade(restricted ? 'unrestrictOf' : 'restrictOf', { name })}
          disabled={busy.value}
          onClick={() => (restricted ? void lift() : onRestrict())}
        >
          {trade(restricted ? 'unrestrict' : 'restrict')}
        </button>
      </div>
    </li>
  );
}
