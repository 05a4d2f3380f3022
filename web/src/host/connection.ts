import { effect, signal } from '@preact/signals';
import type { Order } from '../../../src/protocol/order.js';
import type { ViewerBrief } from '../../../src/protocol/viewer.js';
import { rupiah } from '../shared/format.js';
import { connectSocket, type LiveholdSocket } from '../shared/socket.js';
import { toast } from '../shared/toast.js';
import { noteBooking, noteOrder, resetActivity, seedActivity } from './cockpit/activity.js';
import { noteInFeed, resetFeed } from './cockpit/feed.js';
import * as room from './cockpit/room.js';
import { forgetLives, loadLives, noteLive } from './lives/lives.js';
import { cockpit } from './messages/cockpit.js';
import { loadWaiting, noteOrderWaiting, resetWaiting } from './orders/waiting.js';
import { dropPending } from './pending.js';
import { remember } from './people.js';
import { signOut } from './session.js';
import { play } from './sound.js';

/** The one connection of the console; null while signed out. */
export const socket = signal<LiveholdSocket<'/host'> | null>(null);
/** The latest order that changed anywhere in the shop: lists on other pages follow it. */
export const lastOrder = signal<Order | null>(null);
/** The live that the cockpit should be in. */
const liveWanted = signal<string | null>(null);

export function openConnection(token: string): () => void {
  const opened = connectSocket('/host', { token });
  listen(opened);
  opened.onConnect(() => {
    void loadWaiting();
    void loadLives();
    if (liveWanted.value !== null) void enterLive(opened, liveWanted.value);
  });
  const stop = effect(() => {
    if (opened.refusal.value !== null) signOut('rejected');
  });
  socket.value = opened;
  return () => {
    stop();
    opened.close();
    forget();
  };
}

function forget(): void {
  socket.value = null;
  liveWanted.value = null;
  lastOrder.value = null;
  room.leaveRoom();
  resetActivity();
  resetFeed();
  resetWaiting();
  forgetLives();
  dropPending();
}

/** Goes into a live, now or as soon as there is a connection. */
export function chooseLive(liveId: string): void {
  if (liveWanted.peek() === liveId) return;
  liveWanted.value = liveId;
  resetActivity();
  resetFeed();
  const current = socket.peek();
  if (current?.status.peek() === 'online') void enterLive(current, liveId);
}

async function enterLive(current: LiveholdSocket<'/host'>, liveId: string): Promise<void> {
  const joined = await room.enter(current, liveId);
  const live = room.live.peek();
  if (joined && live !== null) await seedActivity(live);
}

function listen(opened: LiveholdSocket<'/host'>): void {
  opened.on('stock:changed', ({ items }) => room.stock.applyStock(items));
  opened.on('item:updated', ({ item }) => room.onItem(item));
  opened.on('live:updated', ({ live }) => {
    room.onLive(live);
    noteLive(live);
    if (room.needsSnapshot()) void room.enter(opened, live.liveId);
  });
  opened.on('live:audience', ({ liveId, viewers }) => room.onAudience(liveId, viewers));
  opened.on('reputation:changed', ({ viewer }) => remember(viewer));
  opened.on('booking:updated', ({ booking, viewer }) => {
    remember(viewer);
    const before = room.heldBooking(booking.bookingId);
    room.onBooking(booking, viewer);
    if (booking.liveId !== liveWanted.peek()) return;
    if (booking.status === 'held' && before === undefined) play('booking');
    noteBooking(booking);
    noteInFeed(booking, viewer, before);
  });
  opened.on('order:updated', ({ order, viewer }) => {
    remember(viewer);
    noteOrder(order);
    lastOrder.value = order;
    tellOfOrder(order, viewer, noteOrderWaiting(order));
  });
}

/** Money asks for the seller's attention: by sound, on the screen and to a screen reader. */
function tellOfOrder(order: Order, viewer: ViewerBrief, nowTheHosts: boolean): void {
  const words = { viewer: viewer.name, total: rupiah(order.total) };
  if (order.status === 'needs_refund' && nowTheHosts) {
    play('refund');
    toast(cockpit('newRefund', words), 'bad');
  } else if (nowTheHosts) {
    play('order');
    toast(cockpit('newTransfer', words), 'info');
  } else if (order.status === 'paid') {
    play('order');
  }
}
