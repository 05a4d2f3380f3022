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
  return new ItemStore();
}

class ItemStore implements StockStore {
  readonly entries = signal<readonly ItemEntry[]>([]);
  private readonly byId = new Map<string, Entry>();

  get(itemId: string): ItemEntry | undefined {
    return this.byId.get(itemId);
  }

  expectSnapshot(): void {
    for (const entry of this.byId.values()) {
      entry.detailsRevision = UNKNOWN;
      entry.stockRevision = UNKNOWN;
    }
  }

  applySnapshot(items: readonly ItemView[]): void {
    const present = new Set(items.map((item) => item.itemId));
    for (const itemId of this.byId.keys()) if (!present.has(itemId)) this.byId.delete(itemId);
    for (const item of items) this.merge(item);
    this.entries.value = [...this.byId.values()];
  }

  applyItem(item: ItemView): void {
    const known = this.byId.has(item.itemId);
    this.merge(item);
    if (!known) this.entries.value = [...this.byId.values()];
  }

  applyStock(items: readonly StockView[]): void {
    for (const stock of items) {
      const entry = this.byId.get(stock.itemId);
      if (entry !== undefined) applyStockTo(entry, stock);
    }
  }

  applyReleases(releases: readonly Release[]): void {
    for (const { itemId, available, revision } of releases) {
      const entry = this.byId.get(itemId);
      if (entry === undefined || revision <= entry.stockRevision) continue;
      applyStockTo(entry, { ...entry.stock.peek(), available, revision });
    }
  }

  private merge(item: ItemView): void {
    const entry = this.byId.get(item.itemId);
    if (entry === undefined) {
      this.byId.set(item.itemId, createEntry(item));
      return;
    }
    if (item.revision >= entry.detailsRevision) {
      entry.detailsRevision = item.revision;
      entry.details.value = detailsOf(item);
    }
    applyStockTo(entry, item);
  }
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

function stockOf(item: StockView): StockView {
  const { itemId, available, booked, allocated, sold, revision, waiting, head } = item;
  return { itemId, available, booked, allocated, sold, revision, waiting, head };
}

function detailsOf(item: ItemView): ItemDetails {
  const { itemId, sku, code, name, price, open } = item;
  const details: ItemDetails = { itemId, sku, code, name, price, open };
  return item.imageUrl === undefined ? details : { ...details, imageUrl: item.imageUrl };
}
