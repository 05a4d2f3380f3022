import { useEffect, useRef } from 'preact/hooks';
import { number, time } from '../../shared/format.js';
import { Cockpit } from '../cockpit/Cockpit.js';
import { ItemsPage } from '../items/ItemsPage.js';
import { LivesPage } from '../lives/LivesPage.js';
import { shell } from '../messages/shell.js';
import { OrdersPage } from '../orders/OrdersPage.js';
import { PrintPage } from '../print/PrintPage.js';
import { href, type NavPage, PAGES, type Page, route } from '../route.js';
import { draft } from '../settings/draft.js';
import { SettingsPage } from '../settings/SettingsPage.js';
import { connection } from '../state/connection.js';
import { refunds, transfers } from '../state/waiting.js';
import { Icon, type IconName } from '../ui/Icon.js';
import { ViewersPage } from '../viewers/ViewersPage.js';
import { archiveBehindSince, lostAt } from './health.js';
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

const GLYPHS: Record<Exclude<NavPage, 'orders'>, IconName> = {
  cockpit: 'cockpit',
  items: 'tag',
  lives: 'live',
  viewers: 'people',
  settings: 'gear',
};

function Navigation() {
  const waiting = refunds.value.length + transfers.value.length;
  return (
    <nav class="nav" aria-label={shell('nav')}>
      <ul>
        {PAGES.map((page) => (
          <li key={page}>
            <a
              class="nav-link"
              href={href(page)}
              aria-current={route.value.page === page ? 'page' : undefined}
            >
              {page === 'orders' ? <Icon name="receipt" /> : <Icon name={GLYPHS[page]} />}
              <span class="nav-word">{shell(page)}</span>
              {page === 'settings' && Object.keys(draft.value).length > 0 && (
                <span class="nav-count">
                  <span aria-hidden="true">•</span>
                  <span class="visually-hidden">{shell('notSaved')}</span>
                </span>
              )}
              {page === 'orders' && waiting > 0 && (
                <span class={`nav-count numeric${refunds.value.length > 0 ? ' nav-alarm' : ''}`}>
                  {number(waiting)}
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const PAGE_COMPONENTS = {
  cockpit: Cockpit,
  items: ItemsPage,
  lives: LivesPage,
  orders: OrdersPage,
  viewers: ViewersPage,
  settings: SettingsPage,
  print: PrintPage,
} as const satisfies Record<Page, () => unknown>;

function PageContent({ page }: { page: Page }) {
  const Content = PAGE_COMPONENTS[page];
  return <Content />;
}
