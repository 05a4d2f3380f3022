import { batch, signal } from '@preact/signals';
import { Api, connectViewer, settle } from '../../../src/client/index.js';
import type { Winners } from '../../../src/protocol/http.js';
import type { ItemView } from '../../../src/protocol/item.js';
import type { Live } from '../../../src/protocol/live.js';
import { liveId, shopId } from './place.js';

export const live = signal<Live | null>(null);
/** The item on show. */
export const item = signal<ItemView | null>(null);
export const winners = signal<Winners['winners']>([]);

/** Winners are asked for at most so often, ms. */
const ASK_EVERY_MS = 120;

/** Watches the live without a token, and comes back by itself for as long as the page lives. */
export function startOverlay(): void {
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
