import { useSignal } from '@preact/signals';
import type { Viewer } from '../../../../src/protocol/viewer.js';
import { toast } from '../../shared/toast.js';
import { api } from '../api.js';
import { hostErrorText } from '../messages/errors.js';
import { trade } from '../messages/trade.js';
import { person } from '../people.js';

export function ViewerLine({
  viewer,
  onLook,
  onChange,
}: {
  viewer: Viewer;
  onLook: () => void;
  onChange: (viewer: Viewer) => void;
}) {
  const busy = useSignal(false);
  const restricted = viewer.status === 'restricted';
  const { name } = viewer;
  const reputation = person(viewer.viewerId)?.reputation ?? viewer.reputation;
  const toggle = async () => {
    busy.value = true;
    const outcome = await api.setViewerStatus(
      viewer.viewerId,
      restricted ? 'active' : 'restricted',
    );
    busy.value = false;
    if (outcome.ok) {
      onChange(outcome.data.viewer);
      toast(trade(restricted ? 'unrestricted' : 'restricted', { name }), 'good');
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
          aria-label={trade('ledgerOf', { name })}
          onClick={onLook}
        >
          {trade('ledger')}
        </button>
        <button
          type="button"
          class={`button${restricted ? '' : ' button-danger'}`}
          aria-label={trade(restricted ? 'unrestrictOf' : 'restrictOf', { name })}
          disabled={busy.value}
          onClick={() => void toggle()}
        >
          {trade(restricted ? 'unrestrict' : 'restrict')}
        </button>
      </div>
    </li>
  );
}
