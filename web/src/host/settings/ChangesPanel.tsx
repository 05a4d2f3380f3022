import { useEffect, useMemo } from 'preact/hooks';
import type { Change } from '../../../../src/protocol/staff.js';
import { dateTime } from '../../shared/format.js';
import { api } from '../api.js';
import { callWords, changesWords as words } from '../messages/changes.js';
import { ListFoot } from '../ui/ListFoot.js';
import { createPagedList } from '../ui/pagedList.js';

/** What everybody with a host's token did, newest first. */
export function ChangesPanel() {
  const list = useMemo(() => createPagedList<Change>(), []);
  useEffect(() => void list.load((page) => api.changes(page)), [list]);
  return (
    <section class="settings-panel">
      <h2>{words('title')}</h2>
      <p class="muted">{words('lead')}</p>
      <ul>
        {(list.rows.value ?? []).map((change) => (
          <li key={change.changeId} class="change-line">
            <p>
              <b>{change.name ?? change.by}</b> {callWords(change.call)}
            </p>
            <p class="muted small">
              {[dateTime(change.at), change.id, change.fields?.join(', ')]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </li>
        ))}
      </ul>
      <ListFoot list={list} empty={words('none')} />
    </section>
  );
}
