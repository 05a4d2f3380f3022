import type { Live } from '../../../src/protocol/live.js';
import { announce } from '../shared/announce.js';
import type { LiveholdSocket } from '../shared/socket.js';
import { applyBooking, applyOrder, endCheckout, reputation } from './me.js';
import { say } from './messages.js';
import {
  tellBooking,
  tellCheckoutExpired,
  tellOrder,
  tellRelease,
  tellReputation,
} from './notices.js';
import { liveId } from './place.js';
import { live, stock } from './state.js';

let privateNews = 0;

/** How many events about the viewer came so far: tells whether a snapshot may have missed one. */
export function newsCount(): number {
  return privateNews;
}

/** Every event of the server: what it changes, and whether it is worth a word. */
export function listenToNews(socket: LiveholdSocket<'/live'>): void {
  listenToLive(socket);
  listenToMe(socket);
}

function listenToLive(socket: LiveholdSocket<'/live'>): void {
  socket.on('stock:changed', (news) => {
    if (news.liveId === liveId) stock.applyStock(news.items);
  });
  socket.on('stock:released', (news) => {
    if (news.liveId !== liveId) return;
    stock.applyReleases(news.releases);
    for (const release of news.releases) tellRelease(release);
  });
  socket.on('live:updated', (news) => {
    if (news.live.liveId === liveId) applyLive(news.live);
  });
  socket.on('item:updated', (news) => stock.applyItem(news.item));
}

function applyLive(next: Live): void {
  const before = live.peek()?.status;
  live.value = next;
  if (before === next.status) return;
  if (next.status === 'live') announce(say('live'));
  if (next.status === 'ended') announce(say('endedNotice'));
}

function listenToMe(socket: LiveholdSocket<'/live'>): void {
  socket.on('booking:updated', ({ booking }) => {
    privateNews += 1;
    tellBooking(booking, applyBooking(booking));
  });
  socket.on('checkout:expired', ({ checkoutId }) => {
    privateNews += 1;
    if (endCheckout(checkoutId)) tellCheckoutExpired();
  });
  socket.on('order:updated', ({ order }) => {
    privateNews += 1;
    tellOrder(order, applyOrder(order));
  });
  socket.on('reputation:changed', (change) => {
    privateNews += 1;
    reputation.value = change.reputation;
    tellReputation(change);
  });
}
