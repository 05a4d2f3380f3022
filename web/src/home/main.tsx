import { render } from 'preact';
import '../shared/theme.css';
import './home.css';
import { signal } from '@preact/signals';
import { Api, everyRow, type PageOf, settle } from '../../../src/client/index.js';
import type { ShopView } from '../../../src/protocol/http.js';
import type { Live } from '../../../src/protocol/live.js';
import { time } from '../shared/format.js';
import { Icon } from '../shared/Icon.js';
import { defineMessages, locale, setLocale } from '../shared/i18n.js';
import { common } from '../shared/messages.js';
import { keepOfflinePage } from '../shared/offline.js';
import { LanguageButton, startTheme, ThemeButton } from '../shared/Preferences.js';

function HomePage() {
  return (
    <>
      <header class="home-header">
        <p class="home-brand">{common('brand')}</p>
        <LanguageButton />
        <ThemeButton />
      </header>
      <main class="home">
        <h1>{say('title')}</h1>
        <p class="muted">{say('intro')}</p>
        <Lives />
      </main>
      <footer class="home-footer">
        <a href="/host">{say('forSellers')}</a>
      </footer>
    </>
  );
}

function Lives() {
  if (shops.value === null) {
    return failed.value ? <Failed /> : <p class="home-empty muted">{common('loading')}</p>;
  }
  if (shops.value.length === 0) {
    return (
      <div class="home-empty">
        <h2>{say('none')}</h2>
        <p class="muted">{say('noneText')}</p>
      </div>
    );
  }
  return (
    <ul class="home-lives">
      {shops.value.flatMap((shop) =>
        shop.lives.map((live) => <LiveCard key={live.liveId} shop={shop} live={live} />),
      )}
    </ul>
  );
}

function Failed() {
  return (
    <div class="home-empty" role="alert">
      <p>{say('failed')}</p>
      <button type="button" class="button" onClick={() => void load()}>
        {common('retry')}
      </button>
    </div>
  );
}

function LiveCard({ shop, live }: { shop: ShopView; live: Live }) {
  const address = `/live/${encodeURIComponent(shop.shopId)}/${encodeURIComponent(live.liveId)}`;
  return (
    <li>
      <a class="card home-live" href={address}>
        <span class="badge badge-live">{say('live')}</span>
        <strong class="home-live-title">{live.title}</strong>
        <span class="home-live-shop">{shop.name}</span>
        <span class="home-live-foot small">
          <span>
            {say('itemCount', { count: live.itemIds.length })}
            {live.startedAt !== undefined && ` · ${say('since', { time: time(live.startedAt) })}`}
          </span>
          <Icon name="arrow" />
        </span>
      </a>
    </li>
  );
}

const say = defineMessages({
  id: {
    title: 'Sedang live sekarang',
    intro: 'Booking barangmu langsung dari live: jelas urutanmu, jelas sisa waktunya.',
    live: 'LIVE',
    itemCount: '{count} barang',
    since: 'Mulai {time}',
    none: 'Belum ada yang live',
    noneText: 'Halaman ini memperbarui diri. Begitu ada toko yang mulai, live-nya muncul di sini.',
    failed: 'Daftar live belum bisa diambil.',
    forSellers: 'Untuk penjual: konsol host',
  },
  en: {
    title: 'Live right now',
    intro: 'Book straight from the live: your place in line and your time left, always clear.',
    live: 'LIVE',
    itemCount: '{count} {count|item|items}',
    since: 'Since {time}',
    none: 'Nobody is live yet',
    noneText: 'This page refreshes itself. As soon as a shop starts, its live appears here.',
    failed: 'The list of lives could not be fetched.',
    forSellers: 'For sellers: the host console',
  },
});

/** The shops of this server that are live; null until first known. */
const shops = signal<readonly ShopView[] | null>(null);
const failed = signal(false);

const REFRESH_MS = 15_000;
const MOST = 10_000;

/** Loads the lives and keeps them fresh while the page is looked at. */
function startLives(): void {
  void load();
  setInterval(() => {
    if (document.visibilityState === 'visible') void load();
  }, REFRESH_MS);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void load();
  });
}

async function load(): Promise<void> {
  const api = new Api();
  const readPage = (page: PageOf) => api.call('GET /shops', { query: page });
  const outcome = await settle(everyRow(readPage, { most: MOST }));
  failed.value = !outcome.ok;
  if (outcome.ok) shops.value = outcome.data.filter((shop) => shop.lives.length > 0);
}

startTheme();
setLocale(locale.peek());
startLives();
keepOfflinePage();

const root = document.getElementById('page');
if (root !== null) render(<HomePage />, root);
