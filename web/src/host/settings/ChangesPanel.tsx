import { useEffect, useMemo } from 'preact/hooks';
import type { Change } from '../../../../src/protocol/staff.js';
import { dateTime } from '../../shared/format.js';
import { callWords, changesWords, fieldWords } from '../messages/changes.js';
import { api } from '../state/api.js';
import { stock } from '../state/room.js';
import { lives, loadLives } from '../state/shop.js';
import { createPagedList, ListFoot } from '../ui/pagedList.js';

/** What everybody with a host's token did, newest first. */
export function ChangesPanel() {
  const list = useMemo(() => createPagedList<Change>(), []);
  useEffect(() => {
    void list.load((page) => api.changes(page));
    void loadLives();
  }, [list]);
  return (
    <section class="settings-panel">
      <h2>{changesWords('title')}</h2>
      <p class="muted">{changesWords('lead')}</p>
      <ul>
        {(list.rows.value ?? []).map((change) => (
          <li key={change.changeId} class="change-line">
            <p>
              <b>{change.name ?? change.by}</b> {callWords(change.call)}
              {change.id !== undefined && <span title={change.id}> {nameOf(change.id)}</span>}
            </p>
            <p class="muted small">
              {[dateTime(change.at), fieldsText(change)].filter(Boolean).join(' · ')}
            </p>
          </li>
        ))}
      </ul>
      <ListFoot list={list} empty={changesWords('none')} />
    </section>
  );
}

function fieldsText({ fields = [] }: Change): string {
  return [...new Set(fields.map(fieldWords))].join(', ');
}

/** What the seller calls it, as far as the console knows; else its id. */
function nameOf(id: string): string {
  const live = lives.value?.find(({ liveId }) => liveId === id);
  const item = stock.entries.value.find(({ itemId }) => itemId === id);
  return live?.title ?? item?.details.value.name ?? id;
}
