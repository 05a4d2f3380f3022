import type { ShopView } from '../../../src/protocol/http.js';
import type { Live } from '../../../src/protocol/live.js';
import { time } from '../shared/format.js';
import { Icon } from '../shared/Icon.js';
import { common } from '../shared/messages.js';
import { LanguageButton, ThemeButton } from '../shared/Preferences.js';
import { failed, load, shops } from './lives.js';
import { say } from './messages.js';

export function HomePage() {
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
