import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Viewer } from '../../../../src/protocol/viewer.js';
import { api } from '../api.js';
import { trade } from '../messages/trade.js';
import { remember } from '../people.js';
import { route } from '../route.js';
import { ListFoot } from '../ui/ListFoot.js';
import { PageHead } from '../ui/PageHead.js';
import { createPagedList } from '../ui/pagedList.js';
import { RestrictDialog } from './RestrictDialog.js';
import { ViewerDialog } from './ViewerDialog.js';
import { ViewerLine } from './ViewerLine.js';
import { readWanted, ViewersFilter } from './ViewersFilter.js';

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
