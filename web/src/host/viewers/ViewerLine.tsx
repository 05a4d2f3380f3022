import { useSignal } from '@preact/signals';
import type { Viewer } from '../../../../src/protocol/viewer.js';
import { toast } from '../../shared/toast.js';
import { hostErrorText } from '../messages/errors.js';
import { peopleWords } from '../messages/people.js';
import { trade } from '../messages/trade.js';
import { api } from '../state/api.js';
import { person } from '../state/people.js';

export function ViewerLine({
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
