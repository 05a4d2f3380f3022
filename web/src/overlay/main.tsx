import { render } from 'preact';
import './overlay.css';
import { number, rupiah } from '../shared/format.js';
import { defineMessages, locale } from '../shared/i18n.js';
import { QrCode } from '../shared/QrCode.js';
import { item, live, startOverlay, winners } from './connect.js';
import { language, liveAddress, showsQr, theme } from './place.js';

const say = defineMessages({
  id: {
    left: 'tersisa',
    soldOut: 'Habis',
    closed: 'Ditutup',
    winners: 'Dapat',
    buyer: 'Pembeli',
    scan: 'Pindai untuk booking',
    ended: 'Live selesai. Terima kasih!',
  },
  en: {
    left: 'left',
    soldOut: 'Sold out',
    closed: 'Closed',
    winners: 'Got it',
    buyer: 'A buyer',
    scan: 'Scan to book',
    ended: 'The live is over. Thank you!',
  },
});

/** What a stream shows over its picture: read from across a room, and still while nothing happens. */
function OverlayPage() {
  if (live.value === null) return null;
  if (live.value.status === 'ended') return <main class="overlay">{say('ended')}</main>;
  return (
    <main class="overlay">
      <Pinned />
      {showsQr && (
        <div class="scan">
          <QrCode text={liveAddress} label={say('scan')} />
          <p>{say('scan')}</p>
        </div>
      )}
    </main>
  );
}

function Pinned() {
  if (item.value === null) return null;
  const { code, name, price, imageUrl, available, open } = item.value;
  const state = !open ? 'closed' : available === 0 ? 'soldOut' : null;
  return (
    <section class="pinned">
      {imageUrl !== undefined && <img class="photo" src={imageUrl} alt="" />}
      <div class="about">
        <p class="name">
          <b class="code">{code}</b> {name}
        </p>
        <p class="price">{rupiah(price)}</p>
        <p class={state === null ? 'left' : 'left none'}>
          {state === null ? (
            <>
              <b>{number(available)}</b> {say('left')}
            </>
          ) : (
            say(state)
          )}
        </p>
        {winners.value.length > 0 && (
          <p class="winners">
            {say('winners')}:{' '}
            {winners.value.map(({ name: first, quantity }) => label(first, quantity)).join(', ')}
          </p>
        )}
      </div>
    </section>
  );
}

function label(first: string, quantity: number): string {
  const name = first === '' ? say('buyer') : first;
  return quantity > 1 ? `${name} ×${number(quantity)}` : name;
}

locale.value = language;
document.documentElement.lang = language;
document.documentElement.dataset.theme = theme;
startOverlay();

const root = document.getElementById('page');
if (root !== null) render(<OverlayPage />, root);
