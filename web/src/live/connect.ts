import { batch, effect } from '@preact/signals';
import type { ShopView } from '../../../src/protocol/http.js';
import type { Snapshot } from '../../../src/protocol/snapshot.js';
import { request } from '../shared/api.js';
import { onClockJump, serverNow, syncClock } from '../shared/clock.js';
import { command, connectSocket, type LiveholdSocket } from '../shared/socket.js';
import { applyMe } from './me.js';
import { listenToNews, newsCount } from './news.js';
import { liveId, shopId } from './place.js';
import { endSession, expiryOf, token } from './session.js';
import { arrival, connection, live, rules, shop, socket, stock } from './state.js';

const JOIN_AGAIN_MS = 1_500;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Connects, joins, and comes back by itself for as long as the page lives. */
export function startConnection(): void {
  effect(() => {
    const opened = connectSocket('/live', { token: token.value });
    socket.value = opened;
    const stopStatus = effect(() => {
      connection.value = opened.status.value;
      if (opened.refusal.value !== null) endSession();
    });
    opened.onConnect(() => void join(opened));
    listenToNews(opened);
    const stopExpiry = endSessionInTime();
    return () => {
      stopStatus();
      stopExpiry();
      opened.close();
    };
  });
  onClockJump(joinAgain);
  effect(joinForNewItems);
  void loadShop();
}

/** A token's end is silent: the viewer's own events just stop. Better to say so than to show an old cart. */
function endSessionInTime(): () => void {
  const at = expiryOf(token.value ?? '');
  const left = at === undefined ? Number.POSITIVE_INFINITY : at - serverNow();
  if (left > LONGEST_TIMER_MS) return () => {};
  const timer = setTimeout(endSession, Math.max(0, left));
  return () => clearTimeout(timer);
}

function joinAgain(): void {
  const joined = socket.peek();
  if (joined !== null && connection.peek() === 'online') void join(joined);
}

let joinedForItems = '';

/** The live features an item that this page has never seen: ask for the whole, once for each such list. */
function joinForNewItems(): void {
  const featured = live.value?.itemIds ?? [];
  const list = featured.join();
  if (list === joinedForItems || featured.every((itemId) => stock.get(itemId) !== undefined))
    return;
  joinedForItems = list;
  queueMicrotask(joinAgain);
}

/** Every arrival starts from a fresh snapshot, which replaces all that was known. */
async function join(joining: LiveholdSocket<'/live'>): Promise<void> {
  arrival.value = 'joining';
  stock.expectSnapshot();
  const newsBefore = newsCount();
  const sentAt = Date.now();
  const outcome = await command(joining, 'live:join', { shopId, liveId });
  if (joining !== socket.peek()) return;
  if (outcome.ok) {
    syncClock(outcome.data.serverTime, sentAt, Date.now());
    applySnapshot(outcome.data);
    if (newsCount() !== newsBefore) await refreshMe(joining);
  } else if (outcome.error.code === 'NOT_FOUND' || outcome.error.code === 'VALIDATION') {
    arrival.value = 'missing';
  } else if (outcome.error.code === 'FORBIDDEN') {
    endSession();
  } else if (joining.raw.connected) {
    setTimeout(() => joining.raw.connected && void join(joining), JOIN_AGAIN_MS);
  }
}

function applySnapshot(snapshot: Snapshot): void {
  batch(() => {
    stock.applySnapshot(snapshot.items);
    live.value = snapshot.live;
    rules.value = snapshot.rules ?? null;
    applyMe(snapshot.me);
    arrival.value = 'joined';
  });
}

/** News that came while the snapshot was on its way may be newer or older than it: ask until it is quiet. */
async function refreshMe(joined: LiveholdSocket<'/live'>): Promise<void> {
  for (;;) {
    const newsBefore = newsCount();
    const outcome = await command(joined, 'me:get', {});
    if (!outcome.ok || joined !== socket.peek()) return;
    if (newsCount() !== newsBefore) continue;
    applyMe(outcome.data);
    return;
  }
}

async function loadShop(): Promise<void> {
  const outcome = await request<{ shop: ShopView }>(`/shops/${encodeURIComponent(shopId)}`);
  if (outcome.ok) shop.value = outcome.data.shop;
}
