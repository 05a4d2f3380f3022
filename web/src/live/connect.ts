import { batch, effect } from '@preact/signals';
import { Api, connectViewer, settle, type ViewerClient } from '../../../src/client/index.js';
import { announce } from '../shared/announce.js';
import { followClock } from '../shared/clock.js';
import { markReleased, showEntry } from './booking.js';
import { applyMe } from './me.js';
import { say } from './messages.js';
import { showBooking, showCheckoutExpired, showOrder, showReputation } from './notices.js';
import { endSession, token } from './session.js';
import {
  arrival,
  client,
  connection,
  current,
  live,
  liveId,
  rules,
  shop,
  shopId,
  stock,
} from './state.js';

/** Connects, joins, and comes back by itself for as long as the page lives. */
export function startConnection(): void {
  effect(() => {
    const opened = connectViewer({ token: token.value, shopId, liveId });
    client.value = opened;
    connection.value = opened.status;
    arrival.value = 'joining';
    followClock(opened.clock);
    followState(opened);
    showNews(opened);
    return () => opened.close();
  });
  effect(() => {
    document.documentElement.dataset.state = current.value ? 'current' : 'waiting';
  });
  if (shop.peek() === null) void loadShop();
}

/** What the client knows, as signals. */
function followState(opened: ViewerClient): void {
  for (const status of ['online', 'offline'] as const) {
    opened.on(status, () => {
      if (opened === client.peek()) connection.value = status;
    });
  }
  opened.on('refused', endSession);
  opened.on('phase', (phase) => {
    if (phase !== 'idle') arrival.value = phase;
  });
  opened.on('joined', () => {
    batch(() => {
      stock.replace(opened.items);
      rules.value = opened.rules;
    });
  });
  opened.on('items', (items) => stock.apply(items));
  opened.on('me', applyMe);
  opened.on('live', (next) => {
    const before = live.peek()?.status;
    live.value = next;
    if (before === undefined || before === next.status) return;
    if (next.status === 'live') announce(say('live'));
    if (next.status === 'ended') announce(say('endedNotice'));
  });
}

/** What is worth a word. */
function showNews(opened: ViewerClient): void {
  opened.on('stock:released', (news) => {
    if (news.liveId !== liveId) return;
    for (const { itemId, quantity } of news.releases) markReleased(itemId, quantity);
  });
  opened.on('booking:updated', ({ booking }, before) => showBooking(booking, before));
  opened.on('waitlist:updated', ({ entry }) => showEntry(entry));
  opened.on('checkout:expired', (_, before) => {
    if (before !== undefined) showCheckoutExpired();
  });
  opened.on('order:updated', ({ order }, before) => showOrder(order, before));
  opened.on('reputation:changed', showReputation);
}

async function loadShop(): Promise<void> {
  const outcome = await settle(new Api().call('GET /shops/:shopId', { params: { shopId } }));
  if (outcome.ok) shop.value = outcome.data.shop;
}
