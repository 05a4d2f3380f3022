import type { Live } from '../../../../src/protocol/live.js';
import { dateTime } from '../../shared/format.js';
import { toast } from '../../shared/toast.js';
import { catalogue } from '../messages/catalogue.js';
import { cockpit } from '../messages/cockpit.js';
import { report } from '../messages/report.js';
import { shell } from '../messages/shell.js';
import { href } from '../route.js';
import { Glyph } from '../ui/Glyph.js';
import { viewerPage } from './viewerPage.js';

export function LiveLine({ live }: { live: Live }) {
  return (
    <li class="line live-line card" data-live={live.liveId}>
      <div class="line-what">
        <h2 class="line-name">{live.title}</h2>
        <p class="muted small live-facts">
          <span class={`badge${live.status === 'live' ? ' badge-live' : ''}`}>
            {cockpit(`status_${live.status}`)}
          </span>
          <span>{catalogue('itemCount', { count: live.itemIds.length })}</span>
          {live.startedAt !== undefined && (
            <span>{catalogue('startedAt', { time: dateTime(live.startedAt) })}</span>
          )}
          {live.endedAt !== undefined && (
            <span>{catalogue('endedAt', { time: dateTime(live.endedAt) })}</span>
          )}
        </p>
      </div>
      <div class="line-actions">
        <CopyLink live={live} />
        <a
          class="button"
          href={href('lives', live.liveId, { view: 'report' })}
          aria-label={report('openOf', { title: live.title })}
        >
          {report('open')}
        </a>
        <a
          class="button"
          href={href('lives', live.liveId)}
          aria-label={catalogue('editOf', { name: live.title })}
        >
          <Glyph name="pencil" size={18} />
          {catalogue('edit')}
        </a>
        <a
          class="button button-primary"
          href={href('cockpit', live.liveId)}
          aria-label={catalogue('openCockpitOf', { title: live.title })}
        >
          {catalogue('openCockpit')}
        </a>
      </div>
    </li>
  );
}

/** The address to send to viewers. Copying needs https; without it the link can still be followed. */
function CopyLink({ live }: { live: Live }) {
  const path = viewerPage(live.liveId);
  if (!isSecureContext) {
    return (
      <a class="button" href={path} target="_blank" rel="noreferrer">
        {catalogue('viewerLink')}
      </a>
    );
  }
  return (
    <button
      type="button"
      class="button"
      aria-label={catalogue('copyLinkOf', { title: live.title })}
      onClick={() =>
        void navigator.clipboard
          .writeText(new URL(path, location.href).href)
          .then(() => toast(shell('copied'), 'good'))
      }
    >
      <Glyph name="copy" size={18} />
      {catalogue('copyLink')}
    </button>
  );
}
