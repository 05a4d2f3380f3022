import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { ItemView, StockView } from '../../../src/protocol/item.js';

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
  /** The whole item; moves as often as the numbers. */
  readonly view: ReadonlySignal<ItemView>;
}

interface Entry extends ItemEntry {
  readonly details: Signal<ItemDetails>;
  readonly view: Signal<ItemView>;
}

const DETAILS = ['sku', 'code', 'name', 'price', 'imageUrl', 'open'] as const;

/** The items that the client knows, as signals. */
export class ItemStore {
  readonly entries = signal<readonly ItemEntry[]>([]);
  private readonly byId = new Map<string, Entry>();

  get(itemId: string): ItemEntry | undefined {
    return this.byId.get(itemId);
  }

  /** Takes in items as they are now. */
  apply(items: readonly ItemView[]): void {
    batch(() => {
      let isNew = false;
      for (const item of items) {
        const entry = this.byId.get(item.itemId);
        isNew ||= entry === undefined;
        if (entry === undefined) this.byId.set(item.itemId, createEntry(item));
        else update(entry, item);
      }
      if (isNew) this.show();
    });
  }

  /** Takes these for all the items that there are. */
  replace(items: readonly ItemView[]): void {
    const present = new Set(items.map((item) => item.itemId));
    batch(() => {
      for (const itemId of this.byId.keys()) if (!present.has(itemId)) this.byId.delete(itemId);
      this.apply(items);
      this.show();
    });
  }

  private show(): void {
    this.entries.value = [...this.byId.values()];
  }
}

function createEntry(item: ItemView): Entry {
  const details = signal<ItemDetails>(item);
  const view = signal(item);
  return { itemId: item.itemId, details, stock: view, view };
}

function update(entry: Entry, item: ItemView): void {
  const before = entry.details.peek();
  if (DETAILS.some((field) => before[field] !== item[field])) entry.details.value = item;
  entry.view.value = item;
}
