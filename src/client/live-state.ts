import type { ItemView, Release, StockView } from '../protocol/item.js';
import type { Live } from '../protocol/live.js';

/** An item, and the revisions that its numbers and the rest (name, price, open) came with: they come by different events. */
interface Known {
  view: ItemView;
  stock: number;
  details: number;
}

const UNKNOWN = -1;

/**
 * A live and its items, each at the highest revision seen, in whatever order events and snapshots arrive. Objects are never
 * changed, only replaced. Every method that takes news answers the items that it changed.
 */
export class LiveState {
  live: Live | null = null;
  private readonly known = new Map<string, Known>();
  /** What was received since a snapshot was asked for: it may be newer than the snapshot. */
  private since: { live: Live | null; items: Map<string, Known> } | null = null;

  get items(): ItemView[] {
    return Array.from(this.known.values(), ({ view }) => view);
  }

  item(itemId: string): ItemView | undefined {
    return this.known.get(itemId)?.view;
  }

  /** True when the live features an item that only a snapshot describes. */
  get lacksItems(): boolean {
    return this.live?.itemIds.some((itemId) => !this.known.has(itemId)) ?? false;
  }

  /** A snapshot has been asked for. What is known stays until it comes. */
  expectSnapshot(): void {
    this.since = { live: null, items: new Map() };
  }

  /**
   * Takes the snapshot for what was known, whatever its revisions: a store that was restored from a backup begins lower. Then
   * what was received since it was asked for, where that is newer.
   */
  applySnapshot(live: Live, items: readonly ItemView[]): ItemView[] {
    const heard = this.since;
    this.since = null;
    this.live = heard?.live ?? live;
    this.known.clear();
    for (const view of items) {
      this.known.set(view.itemId, { view, stock: view.revision, details: view.revision });
    }
    for (const news of heard?.items.values() ?? []) {
      if (this.known.has(news.view.itemId)) this.take(news);
    }
    return this.items;
  }

  applyLive(live: Live): void {
    this.live = live;
    if (this.since !== null) this.since.live = live;
  }

  /** An item's whole view, also of one that was not known. */
  applyItem(view: ItemView): ItemView[] {
    return this.take({ view, stock: view.revision, details: view.revision });
  }

  applyStock(stocks: readonly StockView[]): ItemView[] {
    return stocks.flatMap((stock) => {
      const known = this.known.get(stock.itemId);
      if (known === undefined) return [];
      const view = { ...known.view, ...stock };
      return this.take({ view, stock: stock.revision, details: UNKNOWN });
    });
  }

  applyReleases(releases: readonly Release[]): ItemView[] {
    return releases.flatMap(({ itemId, available, revision }) => {
      const known = this.known.get(itemId);
      if (known === undefined) return [];
      const view = { ...known.view, available, revision };
      // Half a step behind: the other buckets come with a stock change of the same revision.
      return this.take({ view, stock: revision - 0.5, details: UNKNOWN });
    });
  }

  private take(heard: Known): ItemView[] {
    const { itemId } = heard.view;
    const known = this.known.get(itemId);
    const merged = newest(known, heard);
    this.since?.items.set(itemId, newest(this.since.items.get(itemId), heard));
    if (merged === known) return [];
    this.known.set(itemId, merged);
    return [merged.view];
  }
}

/** The newer numbers with the newer details; the known object itself when nothing is newer. */
function newest(known: Known | undefined, heard: Known): Known {
  if (known === undefined) return heard;
  const stock = heard.stock > known.stock ? heard : known;
  const details = heard.details > known.details ? heard : known;
  if (stock === known && details === known) return known;
  return {
    view: { ...details.view, ...stockOf(stock.view) },
    stock: stock.stock,
    details: details.details,
  };
}

function stockOf(view: ItemView): StockView {
  const { itemId, available, booked, allocated, sold, revision, waiting, head } = view;
  return { itemId, available, booked, allocated, sold, revision, waiting, head };
}
