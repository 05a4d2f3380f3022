import { signal } from '@preact/signals';
import {
  type ConnectionStatus,
  connectHost,
  type HostClient,
  settle,
} from '../../../../src/client/index.js';
import type { Order } from '../../../../src/protocol/order.js';
import type { ViewerBrief } from '../../../../src/protocol/viewer.js';
import { followClock } from '../../shared/clock.js';
import { rupiah } from '../../shared/format.js';
import { toast } from '../../shared/toast.js';
import { cockpit } from '../messages/cockpit.js';
import * as activity from './activity.js';
import { noteBooking, resetBookings, startBookings } from './bookings.js';
import { dropPending } from './pending.js';
import { remember } from './people.js';
import * as room from './room.js';
import { noteComment, resetComments } from './room.js';
import { signOut } from './session.js';
import { forgetLives, loadLives, loadShopName, noteLive } from './shop.js';
import { play } from './sound.js';
import { loadOwedBeside, loadWaiting, noteOrderWaiting, resetWaiting } from './waiting.js';

/** How the one connection of the console fares. */
export const connection = signal<ConnectionStatus>('connecting');
/** The latest order that changed anywhere in the shop: lists on other pages follow it. */
export const lastOrder = signal<Order | null>(null);

let client: HostClient | null = null;
/** The live that the cockpit should be in. */
let liveWanted: string | null = null;
/** What happened in the live was missed, or is not known at all: its bookings start over with the next snapshot. */
let newsMissed = true;

export function openConnection(token: string): () => void {
  const opened = connectHost({ token });
  client = opened;
  connection.value = opened.status;
  followClock(opened.clock);
  room.followRoom(opened);
  listen(opened);
  // The cockpit may have chosen before there was a connection.
  if (liveWanted !== null) void enterLive(opened, liveWanted);
  return () => {
    client = null;
    opened.close();
    forget();
  };
}

/** What is seen first is asked for first. */
const REST_AFTER_MS = 2_000;
let restTimer: ReturnType<typeof setTimeout> | undefined;

function loadRest(): void {
  void loadShopName();
  void loadOwedBeside();
}

function forget(): void {
  clearTimeout(restTimer);
  liveWanted = null;
  lastOrder.value = null;
  room.leaveRoom();
  resetBookings();
  resetComments();
  resetWaiting();
  forgetLives();
  dropPending();
}

/** Goes into a live, now or as soon as there is a connection. */
export function chooseLive(liveId: string): void {
  if (liveWanted === liveId) return;
  liveWanted = liveId;
  newsMissed = true;
  room.audience.value = null;
  resetBookings();
  resetComments();
  if (client !== null) void enterLive(client, liveId);
}

async function enterLive(opened: HostClient, liveId: string): Promise<void> {
  const outcome = await settle(opened.enter(liveId));
  if (!outcome.ok && liveId === liveWanted) room.joinError.value = outcome.error;
}

function listen(opened: HostClient): void {
  for (const status of ['online', 'offline'] as const) {
    opened.on(status, () => {
      if (opened === client) connection.value = status;
    });
  }
  opened.on('online', () => {
    newsMissed = true;
    void loadWaiting();
    clearTimeout(restTimer);
    restTimer = setTimeout(loadRest, REST_AFTER_MS);
    void loadLives();
  });
  opened.on('refused', () => signOut('rejected'));
  opened.on('joined', () => {
    if (newsMissed && opened.live !== null) {
      startBookings(opened.live.liveId, opened.held.values());
    }
    newsMissed = false;
  });
  opened.on('live:updated', ({ live }) => noteLive(live));
  opened.on('reputation:changed', ({ viewer }) => remember(viewer));
  opened.on('booking:updated', ({ booking, viewer }, before) => {
    remember(viewer);
    activity.noteBooking(booking);
    if (booking.liveId !== liveWanted) return;
    if (booking.status === 'held' && before === undefined) play('booking');
    noteBooking(booking, viewer);
  });
  opened.on('comment:handled', ({ comment }) => {
    if (comment.liveId === liveWanted) noteComment(comment);
  });
  opened.on('order:updated', ({ order, viewer }) => {
    remember(viewer);
    activity.noteOrder(order);
    lastOrder.value = order;
    notifyOfOrder(order, viewer, noteOrderWaiting(order));
  });
}

/** Money asks for the seller's attention: by sound, on the screen and to a screen reader. */
function notifyOfOrder(order: Order, viewer: ViewerBrief, nowTheHosts: boolean): void {
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
