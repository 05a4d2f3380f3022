import { useEffect, useRef } from 'preact/hooks';
import { shell } from '../messages/shell.js';
import { socket } from '../connection.js';
import { route } from '../route.js';
import { PageContent } from './PageContent.js';
import { Navigation } from './Navigation.js';
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
  const offline = socket.value?.status.value === 'offline';
  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {shell('skip')}
      </a>
      <TopBar />
      <Navigation />
      <main id="main" ref={main} class={`page page-${page}`} tabIndex={-1}>
        {offline && (
          <div class="banner" role="status">
            <p>{shell('offlineBanner')}</p>
          </div>
        )}
        <PageContent page={page} />
      </main>
      <ShortcutsDialog />
    </div>
  );
}
