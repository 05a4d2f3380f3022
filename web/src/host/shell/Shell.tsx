import { useEffect, useRef } from 'preact/hooks';
import { time } from '../../shared/format.js';
import { connection } from '../connection.js';
import { shell } from '../messages/shell.js';
import { route } from '../route.js';
import { archiveBehindSince, lostAt } from './health.js';
import { Navigation } from './Navigation.js';
import { PageContent } from './PageContent.js';
import { ShortcutsDialog } from './ShortcutsDialog.js';
import { TopBar } from './TopBar.js';

/** The frame around every page. */
export function Shell() {
  const main = useRef<HTMLElement>(null);
  const { page } = route.value;
  const first = useRef(true);
  // A new page is read from its top; the very first one leaves the focus where the browser put it.
  useEffect(() => {
    document.title = `${shell(page)} · ${shell('title')} · Livehold`;
    if (first.current) first.current = false;
    else main.current?.focus();
  }, [page]);
  const offline = connection.value === 'offline';
  return (
    <div class="shell">
      {/* A button: a link to #main would leave the page that the fragment names. */}
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        {shell('skip')}
      </button>
      <TopBar />
      <Navigation />
      <main id="main" ref={main} class={`page page-${page}`} tabIndex={-1}>
        {offline && (
          <div class="banner" role="status">
            <p>{shell('offlineBanner')}</p>
          </div>
        )}
        {lostAt.value !== null && (
          <div class="banner banner-bad" role="alert">
            <p>{shell('dataLostBanner', { time: time(lostAt.value) })}</p>
          </div>
        )}
        {archiveBehindSince.value !== null && (
          <div class="banner" role="status">
            <p>{shell('archiveBehindBanner', { time: time(archiveBehindSince.value) })}</p>
          </div>
        )}
        <PageContent page={page} />
      </main>
      <ShortcutsDialog />
    </div>
  );
}
