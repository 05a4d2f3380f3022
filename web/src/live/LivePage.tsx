import { useComputed, useSignalEffect } from '@preact/signals';
import { Announcer } from '../shared/announce.js';
import { Icon } from '../shared/Icon.js';
import { CartBar } from './cart/CartBar.js';
import { Header } from './Header.js';
import { ItemList } from './items/ItemList.js';
import { say } from './messages.js';
import { OpenSheet } from './OpenSheet.js';
import { Slot } from './Slot.js';
import { sheet } from './sheets.js';
import { Stage } from './stage/Stage.js';
import { arrival, live, shop } from './state.js';

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
