import { useSignal } from '@preact/signals';
import type { Live } from '../../../../src/protocol/live.js';
import { ticking } from '../../shared/clock.js';
import { countdown, number } from '../../shared/format.js';
import { common } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { cockpit } from '../messages/cockpit.js';
import { go, href } from '../route.js';
import { audience } from '../state/room.js';
import { lives, viewerPage } from '../state/shop.js';
import { ConfirmDialog, Dialog } from '../ui/Dialog.js';
import { HoldButton } from '../ui/HoldButton.js';
import { Icon } from '../ui/Icon.js';
import { endLive, startLive } from './actions.js';

/** Which live this is, whether it is on, since when, and the one switch for it. */
export function LiveHeader({ live }: { live: Live }) {
  const menu = useSignal(false);
  return (
    <header class="live-header">
      <div class="live-id">
        <span class={`badge ${live.status === 'live' ? 'badge-live' : ''} live-status`}>
          {live.status === 'live' && <span class="on-air" aria-hidden="true" />}
          {cockpit(`status_${live.status}`)}
        </span>
        <Elapsed live={live} />
        {live.status === 'live' && audience.value !== null && (
          <span class="audience numeric" title={cockpit('audience')}>
            <Icon name="person" size={16} />
            <span class="visually-hidden">{cockpit('audience')} </span>
            <span data-total="audience">{number(audience.value)}</span>
          </span>
        )}
        <LivePicker live={live} />
      </div>
      <div class="live-switches">
        {live.status === 'ended' && (
          <a class="button with-room" href={href('lives', live.liveId, { view: 'report' })}>
            {cockpit('report')}
          </a>
        )}
        <span class={live.status === 'scheduled' ? '' : 'with-room'}>
          <LiveSwitch live={live} />
        </span>
        <button
          type="button"
          class="icon-button"
          aria-label={cockpit('menu')}
          aria-haspopup="dialog"
          onClick={() => {
            menu.value = true;
          }}
        >
          <Icon name="more" />
        </button>
      </div>
      {menu.value && (
        <LiveMenu
          live={live}
          onClose={() => {
            menu.value = false;
          }}
        />
      )}
    </header>
  );
}

function LivePicker({ live }: { live: Live }) {
  const known = lives.value ?? [live];
  return (
    <span class="live-picker">
      <h1 class="live-title">{live.title}</h1>
      {known.length > 1 && <Icon name="down" />}
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
  const until = live.endedAt ?? ticking();
  return (
    <span class="elapsed numeric" role="timer" aria-label={cockpit('elapsed')}>
      {countdown(Math.max(0, until - live.startedAt))}
    </span>
  );
}

/** Begins, ends or opens the live again. Ending wants a hold; a click that cannot hold is asked back. */
function LiveSwitch({ live, onDone = () => {} }: { live: Live; onDone?: () => void }) {
  const asking = useSignal<'end' | 'reopen' | null>(null);
  const ask = (what: 'end' | 'reopen') => {
    asking.value = what;
  };
  const end = async () => {
    const outcome = await endLive(live.liveId);
    if (outcome.ok) onDone();
    return outcome;
  };
  const start = async () => {
    const outcome = await startLive(live);
    if (outcome.ok) onDone();
    return outcome;
  };
  return (
    <>
      {live.status === 'scheduled' && (
        <button type="button" class="button button-primary" onClick={() => void start()}>
          <Icon name="play" size={18} />
          <span>{cockpit('start')}</span>
        </button>
      )}
      {live.status === 'ended' && (
        <button type="button" class="button" onClick={() => ask('reopen')}>
          <Icon name="undo" size={18} />
          <span>{cockpit('reopen')}</span>
        </button>
      )}
      {live.status === 'live' && (
        <HoldButton
          hint={cockpit('endHint')}
          onHeld={() => void end()}
          onShort={() => toast(cockpit('endHint'), 'info')}
          onClicked={() => ask('end')}
        >
          <Icon name="stop" size={18} />
          <span>{cockpit('end')}</span>
        </HoldButton>
      )}
      {asking.value !== null && (
        <ConfirmDialog
          title={cockpit(asking.value === 'end' ? 'endTitle' : 'reopenTitle')}
          yes={cockpit(asking.value)}
          no={common('cancel')}
          danger={asking.value === 'end'}
          run={() => (asking.peek() === 'end' ? end() : start())}
          onClose={() => {
            asking.value = null;
          }}
        >
          <p>{cockpit(asking.value === 'end' ? 'endLead' : 'reopenLead')}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

/** What is seldom wanted, and on a phone also what must not lie under a thumb. */
function LiveMenu({ live, onClose }: { live: Live; onClose: () => void }) {
  return (
    <Dialog title={live.title} onClose={onClose}>
      <div class="dialog-body live-menu">
        <a class="button" href={viewerPage(live.liveId)} target="_blank" rel="noreferrer">
          <Icon name="link" size={18} />
          <span>{cockpit('viewerPage')}</span>
        </a>
        <a class="button" href={href('lives', live.liveId, { view: 'report' })}>
          {cockpit('report')}
        </a>
        <a class="button" href={href('lives', live.liveId)}>
          <Icon name="pencil" size={18} />
          <span>{cockpit('editLive')}</span>
        </a>
        <LiveSwitch live={live} onDone={onClose} />
        {live.status === 'live' && <p class="muted small">{cockpit('endHint')}</p>}
      </div>
    </Dialog>
  );
}
