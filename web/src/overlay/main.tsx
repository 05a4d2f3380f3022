import './overlay.css';
import { batch, signal } from '@preact/signals';
import { render } from 'preact';
import { Api, connectViewer, settle } from '../../../src/client/index.js';
import type { Winners } from '../../../src/protocol/http.js';
import type { ItemView } from '../../../src/protocol/item.js';
import type { Live } from '../../../src/protocol/live.js';
import { number, rupiah } from '../shared/format.js';
import { defineMessages, type Locale, locale } from '../shared/i18n.js';
import { QrCode } from '../shared/QrCode.js';

/** Which live is shown, and how: `/overlay/:shopId/:liveId?theme=light&lang=en&qr=0`. */
const [, , shopId = '', liveId = ''] = location.pathname.split('/').map(decodeURIComponent);
const query = new URLSearchParams(location.search);

const THEMES = ['dark', 'light', 'clear'] as const;
type Theme = (typeof THEMES)[number];

/** `clear` has no card behind the words. */
const theme: Theme = THEMES.find((name) => name === query.get('theme')) ?? 'dark';
const language: Locale = query.get('lang') === 'en' ? 'en' : 'id';
const showsQr = query.get('qr') !== '0';

/** Where viewers book. */
const liveAddress = `${location.origin}/live/${encodeURIComponent(shopId)}/${encodeURIComponent(liveId)}`;

const live = signal<Live | null>(null);
/** The item on show. */
const item = signal<ItemView | null>(null);
const winners = signal<Winners['winners']>([]);

/** Winners are asked for at most so often, ms. */
const ASK_EVERY_MS = 120;

/** Watches the live without a token, and comes back by itself for as long as the page lives. */
function startOverlay(): void {
  const client = connectViewer({ shopId, liveId });
  let asking = false;
  let again = false;

  const show = () => {
    const pinned = client.live?.pinnedItemId ?? null;
    batch(() => {
      if (item.peek()?.itemId !== pinned) winners.value = [];
      live.value = client.live;
      item.value = (pinned !== null && client.item(pinned)) || null;
    });
  };

  async function ask(): Promise<void> {
    again = asking;
    if (asking || item.peek() === null) return;
    asking = true;
    const params = { shopId, liveId };
    const endpoint = 'GET /shops/:shopId/lives/:liveId/winners';
    const outcome = await settle(new Api().call(endpoint, { params }));
    if (outcome.ok && outcome.data.itemId === item.peek()?.itemId)
      winners.value = outcome.data.winners;
    await new Promise((next) => setTimeout(next, ASK_EVERY_MS));
    asking = false;
    if (again || !outcome.ok) void ask();
  }

  client.on('live', () => {
    show();
    void ask();
  });
  client.on('items', (changed) => {
    const pinned = client.live?.pinnedItemId;
    if (!changed.some(({ itemId }) => itemId === pinned)) return;
    show();
    void ask();
  });
}

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

/** Nothing rather than a broken picture on the air. */
function Photo({ url }: { url: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveElementInteractions: a picture that fails to load is no interaction
    <img
      class="photo"
      src={url}
      alt=""
      onError={(event) => {
        event.currentTarget.hidden = true;
      }}
    />
  );
}

function Pinned() {
  if (item.value === null) return null;
  const { code, name, price, imageUrl, available, open } = item.value;
  const state = !open ? 'closed' : available === 0 ? 'soldOut' : null;
  return (
    <section class="pinned">
      {imageUrl !== undefined && <Photo key={imageUrl} url={imageUrl} />}
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
