import type { Live } from '../../../../src/protocol/live.js';
import { tick } from '../../shared/clock.js';
import { countdown } from '../../shared/format.js';
import { Icon } from '../../shared/Icon.js';
import { lives } from '../lives/lives.js';
import { viewerPage } from '../lives/viewerPage.js';
import { cockpit } from '../messages/cockpit.js';
import { shell } from '../messages/shell.js';
import { isPending, undo } from '../pending.js';
import { go } from '../route.js';
import { Glyph } from '../ui/Glyph.js';
import { endKey, endLive, startLive } from './actions.js';

/** Which live this is, whether it is on, since when, and the one switch for it. */
export function LiveHeader({ live }: { live: Live }) {
  return (
    <header class="live-header">
      <div class="live-id">
        <span class={`badge ${live.status === 'live' ? 'badge-live' : ''} live-status`}>
          {live.status === 'live' && <span class="on-air" aria-hidden="true" />}
          {cockpit(`status_${live.status}`)}
        </span>
        <Elapsed live={live} />
        <LivePicker live={live} />
      </div>
      <div class="live-switches">
        <a class="button" href={viewerPage(live.liveId)} target="_blank" rel="noreferrer">
          <Icon name="link" size={18} />
          <span>{cockpit('viewerPage')}</span>
        </a>
        <LiveSwitch live={live} />
      </div>
    </header>
  );
}

function LivePicker({ live }: { live: Live }) {
  const known = lives.value ?? [live];
  return (
    <span class="live-picker">
      <h1 class="live-title">{live.title}</h1>
      {known.length > 1 && <Glyph name="down" />}
      {known.length > 1 && (
        <select
          class="live-select"
          aria-label={cockpit('pickLive')}
          value={live.liveId}
          onChange={(event) => go('cockpit', event.currentTarget.value)}
        >
          {known.map((one) => (
            <option key={one.liveId} value={one.liveId}>
              {`${one.title} · ${cockpit(`status_${one.status}`)}`}
            </option>
          ))}
        </select>
      )}
    </span>
  );
}

function Elapsed({ live }: { live: Live }) {
  if (live.startedAt === undefined) return null;
  const until = live.endedAt ?? tick.value;
  return (
    <span class="elapsed numeric" role="timer" aria-label={cockpit('elapsed')}>
      {countdown(Math.max(0, until - live.startedAt))}
    </span>
  );
}

function LiveSwitch({ live }: { live: Live }) {
  if (live.status === 'ended') return null;
  if (live.status === 'scheduled') {
    return (
      <button
        type="button"
        class="button button-primary"
        onClick={() => void startLive(live.liveId)}
      >
        <Glyph name="play" size={18} />
        <span>{cockpit('start')}</span>
      </button>
    );
  }
  if (isPending(endKey(live.liveId))) {
    return (
      <button type="button" class="button" onClick={() => undo(endKey(live.liveId))}>
        <Glyph name="undo" size={18} />
        <span>{shell('undo')}</span>
      </button>
    );
  }
  return (
    <button type="button" class="button button-danger" onClick={() => endLive(live.liveId)}>
      <Glyph name="stop" size={18} />
      <span>{cockpit('end')}</span>
    </button>
  );
}
