import { useEffect } from 'preact/hooks';
import type { Live } from '../../../../src/protocol/live.js';
import { dateTime } from '../../shared/format.js';
import { common } from '../../shared/messages.js';
import { toast } from '../../shared/toast.js';
import { catalogue } from '../messages/catalogue.js';
import { cockpit } from '../messages/cockpit.js';
import { report } from '../messages/report.js';
import { shell } from '../messages/shell.js';
import { LiveReport } from '../report/LiveReport.js';
import { PeriodsPage } from '../report/PeriodsPage.js';
import { go, href, route } from '../route.js';
import { isOwner } from '../state/session.js';
import { lives, loadLives, viewerPage } from '../state/shop.js';
import { Icon } from '../ui/Icon.js';
import { PageHead } from '../ui/PageHead.js';
import { LiveDialog } from './LiveDialog.js';

/** The shop's lives. `#/lives/new` and `#/lives/<id>` open the form, `#/lives/<id>?view=report` the report, `#/lives?view=periods` that of days. */
export function LivesPage() {
  useEffect(() => void loadLives({ all: true }), []);
  const known = lives.value;
  const part = route.value.part;
  const chosen = known?.find((live) => live.liveId === part);
  if (chosen !== undefined && route.value.query.get('view') === 'report') {
    return <LiveReport key={chosen.liveId} live={chosen} />;
  }
  if (part === null && route.value.query.get('view') === 'periods') return <PeriodsPage />;
  return (
    <>
      <PageHead title={catalogue('livesTitle')} lead={catalogue('livesLead')}>
        {isOwner.value && (
          <a class="button" href={href('lives', undefined, { view: 'periods' })}>
            {report('periodsTitle')}
          </a>
        )}
        <a class="button button-primary" href={href('lives', 'new')}>
          <Icon name="plus" size={18} />
          {catalogue('newLive')}
        </a>
      </PageHead>
      {known === null && <p class="list-foot muted">{common('loading')}</p>}
      {known?.length === 0 && <p class="list-foot muted">{catalogue('noLives')}</p>}
      <ul class="lines">
        {known?.map((live) => (
          <LiveLine key={live.liveId} live={live} />
        ))}
      </ul>
      {(part === 'new' || chosen !== undefined) && (
        <LiveDialog key={part} live={chosen ?? null} onClose={() => go('lives')} />
      )}
    </>
  );
}

function LiveLine({ live }: { live: Live }) {
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
          <Icon name="pencil" size={18} />
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
      <Icon name="copy" size={18} />
      {catalogue('copyLink')}
    </button>
  );
}
