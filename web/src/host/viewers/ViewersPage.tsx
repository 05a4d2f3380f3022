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
import { LedgerDialog } from './LedgerDialog.js';
import { RangeFilter } from './RangeFilter.js';
import { readRange } from './range.js';
import { ViewerLine } from './ViewerLine.js';

/** Everyone who came, by reputation: who can be relied on, and who may not book for now. */
export function ViewersPage() {
  const list = useMemo(() => createPagedList<Viewer>(), []);
  const looking = useSignal<Viewer | null>(null);
  const { min, max } = readRange(route.value.query);
  useEffect(() => {
    void list.load(async (page) => {
      const outcome = await api.viewers({ ...page, minReputation: min, maxReputation: max });
      if (outcome.ok) remember(...outcome.data.items);
      return outcome;
    });
  }, [list, min, max]);
  return (
    <>
      <PageHead title={trade('viewersTitle')} lead={trade('viewersLead')} />
      <RangeFilter key={`${min}-${max}`} min={min} max={max} />
      <ul class="lines">
        {(list.rows.value ?? []).map((viewer) => (
          <ViewerLine
            key={viewer.viewerId}
            viewer={viewer}
            onLook={() => {
              looking.value = viewer;
            }}
            onChange={(changed) =>
              list.put(changed, (other) => other.viewerId === changed.viewerId, false)
            }
          />
        ))}
      </ul>
      <ListFoot list={list} empty={trade('noViewers')} />
      {looking.value !== null && (
        <LedgerDialog
          viewer={looking.value}
          onClose={() => {
            looking.value = null;
          }}
        />
      )}
    </>
  );
}
