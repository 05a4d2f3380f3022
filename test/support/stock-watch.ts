import type { StockView } from '../../src/protocol/item.js';
import type { Snapshot } from '../../src/protocol/snapshot.js';
import type { ViewerClient } from './client.js';
import type { Host } from './host.js';
import { until } from './until.js';

/** What a sound client knows of the stock: its snapshot, and of every item the highest revision it was told. */
export class StockWatch {
  readonly items = new Map<string, StockView>();
  private readonly client: ViewerClient;
  private readonly shopId: string;
  private readonly liveId: string;

  constructor(client: ViewerClient, shopId: string, liveId: string) {
    this.client = client;
    this.shopId = shopId;
    this.liveId = liveId;
    client.socket.on('stock:changed', ({ items }: { items: StockView[] }) => this.take(items));
    client.socket.on('item:updated', ({ item }: { item: StockView }) => this.take([item]));
  }

  /** Joins the live, or joins it again after a reconnect. */
  async join(): Promise<Snapshot> {
    const { shopId, liveId } = this;
    const snapshot = await this.client.ask('live:join', { shopId, liveId });
    this.take(snapshot.items);
    return snapshot;
  }

  /** Every `stock:changed` of one item so far. */
  frames(itemId: string): StockView[] {
    return this.client
      .heard('stock:changed')
      .flatMap(({ items }) => items)
      .filter((item) => item.itemId === itemId);
  }

  /** Resolves when what this client knows is what Redis holds. */
  async settled(host: Host, itemId: string): Promise<void> {
    await until(`the client knows the stock of ${itemId}`, async () => {
      return (
        JSON.stringify(pick(await host.item(itemId))) ===
        JSON.stringify(pick(this.items.get(itemId)))
      );
    });
  }

  private take(items: StockView[]): void {
    for (const item of items) {
      const known = this.items.get(item.itemId);
      if (!known || known.revision < item.revision) this.items.set(item.itemId, item);
    }
  }
}

function pick(item: StockView | undefined): StockView | undefined {
  if (!item) return undefined;
  const { itemId, available, booked, allocated, sold, revision, waiting, head } = item;
  return { itemId, available, booked, allocated, sold, revision, waiting, head };
}

export function unitsOf(
  item: Pick<StockView, 'available' | 'booked' | 'allocated' | 'sold'>,
): number {
  return item.available + item.booked + item.allocated + item.sold;
}
