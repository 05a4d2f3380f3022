import { useSignalEffect } from '@preact/signals';
import { Announcer } from '../shared/announce.js';
import { Toasts } from '../shared/toast.js';
import { ConnectionBanner } from './ConnectionBanner.js';
import { CartBar } from './cart/CartBar.js';
import { Header } from './Header.js';
import { ItemList } from './items/ItemList.js';
import { MissingLive } from './MissingLive.js';
import { say } from './messages.js';
import { Notice } from './Notice.js';
import { OpenSheet } from './OpenSheet.js';
import { ShopLinks } from './ShopLinks.js';
import { Stage } from './Stage.js';
import { sheet } from './sheets.js';
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
        <ConnectionBanner />
        {arrival.value === 'missing' ? <MissingLive /> : <Live />}
        <CartBar />
      </div>
      <OpenSheet />
      <Toasts />
      <Announcer />
    </>
  );
}

function Live() {
  return (
    <main class="live">
      <div class="live-stage">
        <Stage />
      </div>
      <div class="live-shelf">
        <Notice />
        <ItemList />
        <ShopLinks />
      </div>
    </main>
  );
}
