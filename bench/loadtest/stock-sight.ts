import type { StockView } from '../../src/protocol/item.js';

type Seen = Pick<StockView, 'itemId' | 'available' | 'revision'>;

/** The stock as every viewer sees it: for each the newest value of each item, as the contract tells clients to keep. */
export class StockSight {
  private readonly places: Map<string, number>;
  private readonly items: number;
  private readonly available: Float64Array;
  private readonly revision: Float64Array;
  private frames = 0;
  /** All viewers get the same text, so it is parsed once. */
  private lastText = '';
  private lastItems: Seen[] = [];

  constructor(itemIds: string[], viewers: number) {
    this.places = new Map(itemIds.map((itemId, i) => [itemId, i]));
    this.items = itemIds.length;
    this.available = new Float64Array(itemIds.length * viewers).fill(-1);
    this.revision = new Float64Array(itemIds.length * viewers).fill(-1);
  }

  /** A `stock:changed` as JSON text. */
  frame(viewer: number, payload: string): void {
    this.frames++;
    if (payload !== this.lastText) {
      this.lastItems = (JSON.parse(payload) as { items: Seen[] }).items;
      this.lastText = payload;
    }
    for (const item of this.lastItems) this.note(viewer, item);
  }

  note(viewer: number, { itemId, available, revision }: Seen): void {
    const place = this.places.get(itemId);
    if (place === undefined) return;
    const at = viewer * this.items + place;
    if (revision < (this.revision[at] ?? 0)) return;
    this.revision[at] = revision;
    this.available[at] = available;
  }

  /** A viewer who left the live knows nothing any more. */
  forget(viewer: number): void {
    this.available.fill(-1, viewer * this.items, (viewer + 1) * this.items);
    this.revision.fill(-1, viewer * this.items, (viewer + 1) * this.items);
  }

  get framesSeen(): number {
    return this.frames;
  }

  /** Viewers in the live whose stock differs from this. */
  disagreeing(stock: Seen[], viewers: Iterable<number>): number {
    let count = 0;
    for (const viewer of viewers) {
      const differs = stock.some(({ itemId, available }) => {
        const place = this.places.get(itemId);
        return place !== undefined && this.available[viewer * this.items + place] !== available;
      });
      if (differs) count++;
    }
    return count;
  }
}
