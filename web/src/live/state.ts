import { computed, effect, signal } from '@preact/signals';
import {
  type ConnectionStatus,
  LiveholdError,
  type Outcome,
  settle,
  type ViewerClient,
} from '../../../src/client/index.js';
import type { Live } from '../../../src/protocol/live.js';
import type { FirstSight, Rules } from '../../../src/protocol/snapshot.js';
import { ItemStore } from '../shared/stock.js';

/** Which live this page shows: `/live/:shopId/:liveId`. */
const [, , shopSegment = '', liveSegment = ''] = location.pathname.split('/');

export const shopId = decodeURIComponent(shopSegment);
export const liveId = decodeURIComponent(liveSegment);

/** What everyone in the live sees. Only `connect.ts` writes it. */

type Arrival = 'joining' | 'joined' | 'missing';

/** The page's one connection; a new one for each change of who is signed in. */
export const client = signal<ViewerClient | null>(null);
export const connection = signal<ConnectionStatus>('connecting');
/** Whether the page has the live's state; `missing` when there is no such live. */
export const arrival = signal<Arrival>('joining');
export const live = signal<Live | null>(null);
export const rules = signal<Rules | null>(null);
export const shop = signal<FirstSight['shop'] | null>(null);
export const stock = new ItemStore();

/** The connection is up and the state on the page is of this connection: what is shown can be acted on. */
export const current = computed(() => connection.value === 'online' && arrival.value === 'joined');

/** So long at most waits who taps before the page has its connection, ms. */
const ARRIVES_MS = 5_000;

/** Resolves when the page has joined, or knows that it cannot, or has tried for long enough. */
export function arrived(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(finish, ARRIVES_MS);
    const stop = effect(() => {
      if (arrival.value !== 'joining' || connection.value === 'offline') queueMicrotask(finish);
    });
    function finish(): void {
      clearTimeout(timer);
      stop();
      resolve();
    }
  });
}

/** For messages about an item that may have left the live meanwhile. */
export function itemName(itemId: string): string {
  return stock.get(itemId)?.details.peek().name ?? '…';
}

/** Asks something of the server, as the viewer who is signed in. Nothing waits for a connection. */
export function ask<Data>(work: (viewer: ViewerClient) => Promise<Data>): Promise<Outcome<Data>> {
  const viewer = client.peek();
  return settle(viewer === null ? Promise.reject(new LiveholdError('OFFLINE')) : work(viewer));
}
