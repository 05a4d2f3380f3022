import { useEffect, useMemo } from 'preact/hooks';
import type { LedgerEntry, Viewer } from '../../../../src/protocol/viewer.js';
import { dateTime } from '../../shared/format.js';
import { api } from '../api.js';
import { trade } from '../messages/trade.js';
import { Dialog } from '../ui/Dialog.js';
import { ListFoot } from '../ui/ListFoot.js';
import { createPagedList } from '../ui/pagedList.js';

/** Why a viewer's reputation is what it is, newest first. */
export function LedgerDialog({ viewer, onClose }: { viewer: Viewer; onClose: () => void }) {
  const list = useMemo(() => createPagedList<LedgerEntry>(), []);
  useEffect(
    () => void list.load((page) => api.ledger(viewer.viewerId, page)),
    [list, viewer.viewerId],
  );
  return (
    <Dialog title={trade('ledgerOf', { name: viewer.name })} onClose={onClose}>
      <div class="dialog-body">
        <ul class="ledger numeric">
          {(list.rows.value ?? []).map((entry) => (
            <li key={`${entry.refId}-${entry.at}`} class="ledger-line">
              <b class={entry.delta < 0 ? 'delta-down' : 'delta-up'}>{signed(entry.delta)}</b>
              <span>
                {trade(`reason_${entry.reason}`)}
                <span class="muted small"> {dateTime(entry.at)}</span>
              </span>
              <span class="muted">
                {entry.before} → {entry.after}
              </span>
            </li>
          ))}
        </ul>
        <ListFoot list={list} empty={trade('ledgerEmpty')} />
      </div>
    </Dialog>
  );
}

function signed(delta: number): string {
  return delta > 0 ? `+${delta}` : `−${-delta}`;
}
