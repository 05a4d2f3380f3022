import { useEffect, useRef } from 'preact/hooks';
import { ConnectionDot } from '../../shared/ConnectionDot.js';
import { number, time } from '../../shared/format.js';
import { common } from '../../shared/messages.js';
import { LanguageButton, ThemeButton } from '../../shared/Preferences.js';
import { Cockpit } from '../cockpit/Cockpit.js';
import { ItemsPage } from '../items/ItemsPage.js';
import { LivesPage } from '../lives/LivesPage.js';
import { shell } from '../messages/shell.js';
import { teamWords } from '../messages/team.js';
import { OrdersPage } from '../orders/OrdersPage.js';
import { PrintPage } from '../print/PrintPage.js';
import { href, type NavPage, PAGES, type Page, route } from '../route.js';
import { SettingsPage } from '../settings/SettingsPage.js';
import { draft } from '../settings/settingsForm.js';
import { connection } from '../state/connection.js';
import { singleKeysOn, soundOn } from '../state/prefs.js';
import { isOwner, signOut } from '../state/session.js';
import { knownShopName } from '../state/shop.js';
import { refunds, transfers } from '../state/waiting.js';
import { Dialog } from '../ui/Dialog.js';
import { Switch } from '../ui/Field.js';
import { Icon, type IconName } from '../ui/Icon.js';
import { helpOpen } from '../ui/keyboard.js';
import { ViewersPage } from '../viewers/ViewersPage.js';
import { archiveBehindSince, archiveOlderSince, HealthBadge, lostAt } from './Health.js';

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
        {archiveOlderSince.value !== null && (
          <div class="banner banner-bad" role="alert">
            <p>{shell('archiveOlderBanner', { time: time(archiveOlderSince.value) })}</p>
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

const GLYPHS: Record<NavPage, IconName> = {
  cockpit: 'cockpit',
  items: 'tag',
  lives: 'live',
  orders: 'receipt',
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
              <Icon name={GLYPHS[page]} />
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

/** Always in sight: whose shop, whether the numbers are live and agree, and the switches of this browser. */
function TopBar() {
  return (
    <div class="top-bar">
      <p class="brand">
        <span class="brand-mark" aria-hidden="true" />
        <span class="brand-name">{common('brand')}</span>
        <span class="brand-shop">{knownShopName}</span>
        {!isOwner.value && <span class="badge">{teamWords('helperBadge')}</span>}
      </p>
      <div class="top-state">
        <ConnectionDot status={connection.value} />
        <HealthBadge />
      </div>
      <div class="top-tools">
        <button
          type="button"
          class="icon-button"
          aria-label={shell(soundOn.value ? 'soundOn' : 'soundOff')}
          aria-pressed={soundOn.value}
          onClick={() => {
            soundOn.value = !soundOn.value;
          }}
        >
          <Icon name={soundOn.value ? 'sound' : 'muted'} />
        </button>
        <button
          type="button"
          class="icon-button tool-keys"
          aria-label={shell('shortcuts')}
          aria-keyshortcuts="?"
          onClick={() => {
            helpOpen.value = true;
          }}
        >
          <Icon name="keyboard" />
        </button>
        <LanguageButton />
        <ThemeButton />
        <button
          type="button"
          class="icon-button"
          aria-label={shell('signOut')}
          onClick={() => signOut()}
        >
          <Icon name="out" />
        </button>
      </div>
    </div>
  );
}

const SHORTCUTS = [
  { keys: ['␣'], does: 'keyNext' },
  { keys: ['↑', '↓', 'J', 'K'], does: 'keyMove' },
  { keys: ['1', '…', '9'], does: 'keyNumber' },
  { keys: ['P'], does: 'keyPin' },
  { keys: ['O'], does: 'keyOpenClose' },
  { keys: ['R'], does: 'keyRestock' },
  { keys: ['H'], does: 'keyPrice' },
  { keys: ['B'], does: 'keyBookFor' },
  { keys: ['N'], does: 'keyAdd' },
  { keys: ['Z'], does: 'keyUndo' },
  { keys: ['M'], does: 'keySound' },
  { keys: ['?'], does: 'keyHelp' },
] as const;

/** What the keys do, and the switch that turns the single ones off. */
function ShortcutsDialog() {
  if (!helpOpen.value) return null;
  const close = () => {
    helpOpen.value = false;
  };
  return (
    <Dialog title={shell('shortcuts')} onClose={close}>
      <div class="dialog-body">
        <Switch
          label={shell('singleKeys')}
          help={shell('singleKeysHelp')}
          on={singleKeysOn.value}
          onChange={(on) => {
            singleKeysOn.value = on;
          }}
        />
        <p class="muted small">{shell('shortcutsLead')}</p>
        <dl class={`shortcuts${singleKeysOn.value ? '' : ' shortcuts-off'}`}>
          {SHORTCUTS.map((line) => (
            <Shortcut key={line.does} keys={line.keys} does={shell(line.does)} />
          ))}
        </dl>
        <dl class="shortcuts">
          <Shortcut keys={['Alt', '1', '…', String(PAGES.length)]} does={shell('keyPages')} />
          <Shortcut keys={['Esc']} does={shell('keyEscape')} />
        </dl>
      </div>
    </Dialog>
  );
}

function Shortcut({ keys, does }: { keys: readonly string[]; does: string }) {
  return (
    <div class="shortcut">
      <dt>
        {keys.map((key) => (
          <kbd key={key} class="key">
            {key}
          </kbd>
        ))}
      </dt>
      <dd>{does}</dd>
    </div>
  );
}
