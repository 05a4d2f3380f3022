import { useEffect } from 'preact/hooks';
import { Icon } from '../../shared/Icon.js';
import { common } from '../../shared/messages.js';
import { catalogue } from '../messages/catalogue.js';
import { LiveReport } from '../report/LiveReport.js';
import { go, href, route } from '../route.js';
import { PageHead } from '../ui/PageHead.js';
import { LiveDialog } from './LiveDialog.js';
import { LiveLine } from './LiveLine.js';
import { lives, loadLives } from './lives.js';

/** The shop's lives. `#/lives/new` and `#/lives/<id>` open the form, `#/lives/<id>?view=report` the report. */
export function LivesPage() {
  useEffect(() => void loadLives({ all: true }), []);
  const known = lives.value;
  const part = route.value.part;
  const chosen = known?.find((live) => live.liveId === part);
  if (chosen !== undefined && route.value.query.get('view') === 'report') {
    return <LiveReport key={chosen.liveId} live={chosen} />;
  }
  return (
    <>
      <PageHead title={catalogue('livesTitle')} lead={catalogue('livesLead')}>
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
