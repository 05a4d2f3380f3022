import { computed, signal } from '@preact/signals';
import type { ShopView } from '../../../src/protocol/http.js';
import type { Live } from '../../../src/protocol/live.js';
import type { Rules } from '../../../src/protocol/snapshot.js';
import type { ConnectionStatus, LiveholdSocket } from '../shared/socket.js';
import { createStockStore } from '../shared/stock.js';

/** What everyone in the live sees. Only `connect.ts` writes it. */

export type Arrival = 'joining' | 'joined' | 'missing';

/** The page's one connection; a new one for each change of who is signed in. */
export const socket = signal<LiveholdSocket<'/live'> | null>(null);
export const connection = signal<ConnectionStatus>('connecting');
/** Whether the page has the live's state; `missing` when there is no such live. */
export const arrival = signal<Arrival>('joining');
export const live = signal<Live | null>(null);
export const rules = signal<Rules | null>(null);
export const shop = signal<ShopView | null>(null);
export const stock = createStockStore();

/** The connection is up and the state on the page is of this connection: what is shown can be acted on. */
export const current = computed(() => connection.value === 'online' && arrival.value === 'joined');

/** For messages about an item that may have left the live meanwhile. */
export function itemName(itemId: string): string {
  return stock.get(itemId)?.details.peek().name ?? '…';
}
