import { useSignalEffect } from '@preact/signals';
import { Announcer } from '../shared/announce.js';
import { CartBar } from './cart/CartBar.js';
import { Header } from './Header.js';
import { ItemList } from './items/ItemList.js';
import { say } from './messages.js';
import { OpenSheet } from './OpenSheet.js';
import { ShopLinks } from './ShopLinks.js';
import { Slot } from './Slot.js';
import { sheet } from './sheets.js';
import { Stage } from './stage/Stage.js';
import { Video } from './stage/Video.js';
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
