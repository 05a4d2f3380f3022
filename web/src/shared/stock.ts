import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { ItemView, Release, StockView } from '../../../src/protocol/item.js';

export type ItemDetails = Pick<
  ItemView,
  'itemId' | 'sku' | 'code' | 'name' | 'price' | 'imageUrl' | 'open'
>;

/**
 * One item as two signals: the numbers move many times a second and touch only the stock label; name, price
 * and open/closed seldom do.
 */
export interface ItemEntry {
  readonly itemId: string;
  readonly details: ReadonlySignal<ItemDetails>;
  readonly stock: ReadonlySignal<StockView>;
  /** Both together, for whoever wants the whole. */
  readonly view: ReadonlySignal<ItemView>;
}

interface Entry extends ItemEntry {
  readonly details: Signal<ItemDetails>;
  readonly stock: Signal<StockView>;
  /** The revision that the details came with; numbers may be newer, or older. */
  detailsRevision: number;
  stockRevision: number;
}

/** The items of a live, each kept at the highest revision seen, in whatever order events arrive. */
export interface StockStore {
  get(itemId: string): ItemEntry | undefined;
  /** All items known, in the order of first sight. */
  readonly entries: ReadonlySignal<readonly ItemEntry[]>;
  /**
   * Call before asking for a snapshot: what is shown stays, but whatever comes next replaces it, even
   * with a lower revision (a store that was restored from a backup starts lower).
   */
  expectSnapshot(): void;
  applySnapshot(items: readonly ItemView[]): void;
  applyStock(items: readonly StockView[]): void;
  applyItem(item: ItemView): void;
  /** A release names only what is available now; the other buckets follow with the next stock change. */
  applyReleases(releases: readonly Release[]): void;
}

const UNKNOWN = -1;

export function createStockStore(): StockStore {
  const byId = new Map<string, Entry>();
  const entries = signal<readonly ItemEntry[]>([]);

  const publish = () => {
    entries.value = [...byId.values()];
  };

  const applyItem = (item: ItemView): boolean => {
    const entry = byId.get(item.itemId);
    if (entry === undefined) {
      byId.set(item.itemId, createEntry(item));
      return true;
    }
    if (item.revision >= entry.detailsRevision) {
      entry.detailsRevision = item.revision;
      entry.details.value = detailsOf(item);
    }
    applyStockTo(entry, item);
    return false;
  };

  return {
    get: (itemId) => byId.get(itemId),
    entries,
    expectSnapshot() {
      for (const entry of byId.values()) {
        entry.detailsRevision = UNKNOWN;
        entry.stockRevision = UNKNOWN;
      }
    },
    applySnapshot(items) {
      const present = new Set(items.map((item) => item.itemId));
      for (const itemId of byId.keys()) if (!present.has(itemId)) byId.delete(itemId);
      for (const item of items) applyItem(item);
      publish();
    },
    applyStock(items) {
      for (const stock of items) {
        const entry = byId.get(stock.itemId);
        if (entry !== undefined) applyStockTo(entry, stock);
      }
    },
    applyItem(item) {
      if (applyItem(item)) publish();
    },
    applyReleases(releases) {
      for (const { itemId, available, revision } of releases) {
        const entry = byId.get(itemId);
        if (entry === undefined || revision <= entry.stockRevision) continue;
        applyStockTo(entry, { ...entry.stock.peek(), available, revision });
      }
    },
  };
}

function createEntry(item: ItemView): Entry {
  const details = signal(detailsOf(item));
  const stock = signal(stockOf(item));
  return {
    itemId: item.itemId,
    details,
    stock,
    view: computed(() => ({ ...details.value, ...stock.value })),
    detailsRevision: item.revision,
    stockRevision: item.revision,
  };
}

function applyStockTo(entry: Entry, stock: StockView): void {
  if (stock.revision < entry.stockRevision) return;
  entry.stockRevision = stock.revision;
  entry.stock.value = stockOf(stock);
}

function stockOf({ itemId, available, booked, allocated, sold, revision }: StockView): StockView {
  return { itemId, available, booked, allocated, sold, revision };
}

function detailsOf(item: ItemView): ItemDetails {
  const { itemId, sku, code, name, price, open } = item;
  const details: ItemDetails = { itemId, sku, code, name, price, open };
  return item.imageUrl === undefined ? details : { ...details, imageUrl: item.imageUrl };
}
