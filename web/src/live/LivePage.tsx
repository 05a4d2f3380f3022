import { useComputed, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Announcer } from '../shared/announce.js';
import { ConnectionDot } from '../shared/ConnectionDot.js';
import { Icon } from '../shared/Icon.js';
import { Toasts, toast } from '../shared/toast.js';
import { CartBar } from './cart/CartBar.js';
import { ItemList } from './items/ItemList.js';
import { Stage } from './items/Stage.js';
import { profile, reputation } from './me.js';
import { say } from './messages.js';
import { OpenSheet } from './OpenSheet.js';
import { isReturning } from './session.js';
import { openSheet, sheet } from './sheets.js';
import { arrival, client, connection, current, live, shop } from './state.js';

export function LivePage() {
  useSignalEffect(() => {
    const title = live.value?.title;
    if (title !== undefined) {
      document.title = say('pageTitle', { title, shop: shop.value?.name ?? 'Livehold' });
    }
  });
  return (
    <>
      {/* What lies under a sheet is out of reach until the sheet closes. */}
      <div class="page" inert={sheet.value !== null}>
        <a class="skip-link" href="#items">
          {say('skip')}
        </a>
        <Header />
        {arrival.value === 'missing' ? <MissingLive /> : <Live />}
        <CartBar />
      </div>
      <OpenSheet />
      <Slot />
      <Announcer />
    </>
  );
}

function Live() {
  return (
    <main class="live">
      <div class="live-stage">
        <Video />
        <Stage />
      </div>
      <div class="live-shelf">
        <ItemList />
        {/* Not before the rows, which would push it down. */}
        {arrival.value === 'joined' && <ShopLinks />}
      </div>
    </main>
  );
}

function MissingLive() {
  return (
    <main class="empty">
      <h2>{say('missingTitle')}</h2>
      <p class="muted">{say('missingText')}</p>
      <a class="button button-primary" href="/">
        {say('allLives')}
      </a>
    </main>
  );
}

/** The page that the live embeds, if it names one. Without a video nothing takes its place. */
function Video() {
  // It must not be drawn again (it would start over) when anything else of the live changes.
  const src = useComputed(() => live.value?.videoUrl).value;
  if (src === undefined) return null;
  return (
    <iframe
      class="video"
      src={src}
      title={say('videoTitle', { title: live.peek()?.title ?? '' })}
      sandbox="allow-scripts allow-same-origin allow-presentation allow-popups"
      allow="autoplay; encrypted-media; fullscreen; picture-in-picture"
      referrerpolicy="strict-origin-when-cross-origin"
      loading="eager"
    />
  );
}

/** Brand names, as they write themselves: the same in every language. */
const NAMES: Record<string, string> = {
  facebook: 'Facebook',
  instagram: 'Instagram',
  tiktok: 'TikTok',
  twitter: 'Twitter',
  telegram: 'Telegram',
  tokopedia: 'Tokopedia',
  shopee: 'Shopee',
  blibli: 'Blibli',
  lazada: 'Lazada',
  bukalapak: 'Bukalapak',
};

function ShopLinks() {
  const view = shop.value;
  if (view === null) return null;
  // The server takes only https addresses; a link that runs script must not appear even if it did.
  const links = Object.entries({ ...view.socialMedia, ...view.marketplace }).flatMap(
    ([place, url]) => (url?.startsWith('https://') === true ? [{ place, url }] : []),
  );
  if (links.length === 0) return null;
  return (
    <section class="shop-links" aria-labelledby="shop-links">
      <h2 id="shop-links">{say('links', { shop: view.name })}</h2>
      <ul>
        {links.map(({ place, url }) => (
          <li key={place}>
            <a class="button" href={url} target="_blank" rel="noopener noreferrer">
              {NAMES[place] ?? place}
              <Icon name="link" size={16} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The one place for messages, over the header: nothing moves for them, and no button of an item lies below. */
function Slot() {
  const wasLost = useRef(false);
  useSignalEffect(() => {
    if (connection.value === 'offline') wasLost.current = true;
    if (!current.value || !wasLost.current) return;
    wasLost.current = false;
    toast(say('backOnline'), 'good', { shownMs: 3_000 });
  });
  const isLost = connection.value === 'offline';
  const isReturning = wasLost.current && arrival.value === 'joining';
  return (
    <>
      {isLost && <Lost />}
      {!isLost && isReturning && (
        <div class="banner slot-banner" role="status">
          <Icon name="clock" />
          <p>{say('joiningBanner')}</p>
        </div>
      )}
      <Toasts atOnce={1} />
    </>
  );
}

/** What is shown may be stale, until a fresh snapshot has replaced it. */
function Lost() {
  return (
    <div class="banner banner-bad slot-banner" role="alert">
      <Icon name="alert" />
      <p>{say('offlineBanner')}</p>
      <button
        type="button"
        class="button button-small"
        onClick={() => {
          // Without even its scripts there is nothing to connect with.
          if (client.value === null) location.reload();
          else client.value.connection.reconnectNow();
        }}
      >
        {say('reconnect')}
      </button>
    </div>
  );
}

/** Whose live this is, and whether what is shown is live. The message slot lies over it. */
function Header() {
  return (
    <header class="header">
      <div class="header-names">
        <h1 class="header-title">{live.value?.title ?? ' '}</h1>
        <p class="header-shop">
          <StatusBadge />
          <ConnectionDot status={connection.value} wordsHidden={connection.value === 'online'} />
          <span class="header-shop-name">{shop.value?.name}</span>
        </p>
      </div>
      <button
        type="button"
        class="icon-button"
        aria-label={say('share')}
        onClick={() => openSheet({ kind: 'share' })}
      >
        <Icon name="share" />
      </button>
      <AccountButton />
    </header>
  );
}

function StatusBadge() {
  const status = live.value?.status;
  if (status === undefined) return null;
  return status === 'live' ? (
    <span class="badge badge-live">
      <span class="live-pulse" aria-hidden="true" />
      {say('live')}
    </span>
  ) : (
    <span class="badge">{say(status)}</span>
  );
}

function AccountButton() {
  const me = profile.value;
  if (isReturning.value) return <span class="icon-button" />;
  if (me === null) {
    return (
      <button
        type="button"
        class="icon-button"
        aria-label={say('signIn')}
        onClick={() => openSheet({ kind: 'sign-in' })}
      >
        <Icon name="person" />
      </button>
    );
  }
  return (
    <button
      type="button"
      class="account-button"
      aria-label={say('accountOf', { name: me.name, reputation: reputation.value })}
      onClick={() => openSheet({ kind: 'account' })}
    >
      <Icon name="star" size={16} />
      <span class="numeric">{reputation}</span>
    </button>
  );
}
