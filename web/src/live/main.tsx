import '../shared/theme.css';
import './styles/page.css';
import './styles/items.css';
import './styles/sheet.css';
import { batch } from '@preact/signals';
import { render } from 'preact';
import type { FirstSight } from '../../../src/protocol/snapshot.js';
import { locale, setLocale } from '../shared/i18n.js';
import { keepOfflinePage } from '../shared/offline.js';
import { startTheme } from '../shared/Preferences.js';
import { LivePage } from './LivePage.js';
import { startLastMinuteNotices } from './notices.js';
import { startSession } from './session.js';
import { startSheets } from './sheets.js';
import { connection, live, rules, shop, stock } from './state.js';

startTheme();
setLocale(locale.peek());
startSheets();
startSession();
showFirstSight();
startLastMinuteNotices();
keepOfflinePage();

const root = document.getElementById('page');
if (root !== null) {
  // The frame that stood for the page until now.
  root.replaceChildren();
  render(<LivePage />, root);
}

// The rows first: whoever taps one waits for the connection, but not for what does not come.
const late = setTimeout(sayOffline, 5_000);
import('./connect.js')
  .then(({ startConnection }) => startConnection(), sayOffline)
  .finally(() => clearTimeout(late));

function sayOffline(): void {
  connection.value = 'offline';
}

/** What the server has written into the page: the rows are there before the connection is, whose snapshot takes their place. */
function showFirstSight(): void {
  const written = document.getElementById('first-sight')?.textContent;
  if (!written) return;
  const sight = JSON.parse(written) as FirstSight;
  batch(() => {
    live.value = sight.live;
    rules.value = sight.rules ?? null;
    shop.value = sight.shop;
    stock.replace(sight.items);
  });
}
