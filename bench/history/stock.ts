import type { ItemView, Release, StockView } from '../../src/protocol/item.js';
import type { Findings } from './findings.js';

export const REASONS = [
  'booking_expired',
  'booking_cancelled',
  'order_expired',
  'order_cancelled',
  'restocked',
] as const satisfies Release['reason'][];
export type Reason = (typeof REASONS)[number];

const FIELDS = ['available', 'booked', 'allocated', 'sold', 'revision'] as const;
const REVISION = FIELDS.indexOf('revision');
/** More different sums of an item than any run makes by restocking: the rest would say nothing new. */
const MOST_TOTALS = 100;

/** The stock as one client sees it: of each item the newest values, and all units that it was told came free. */
export interface Sight {
  readonly values: Float64Array;
  readonly released: Float64Array;
  watching: boolean;
  /** In the live from before the first unit could come free, and never away. */
  whole: boolean;
}

/** Units that watchers were told came free: those who were told the same are counted together. */
export interface ReleasedPage {
  watchers: number;
  /** By item and reason, as `<itemId> <reason>`; what is 0 is left out. */
  units: Record<string, number>;
}

/** What the clients of one process see of a live's stock. Values are kept per client, never whole frames. */
export class StockHistory {
  private readonly places: Map<string, number>;
  private readonly totals = new Map<string, Map<number, number>>();
  private begun = false;
  frames = 0;
  /** All clients get the same text, so each is parsed once. */
  private changedText = '';
  private changedItems: StockView[] = [];
  private releasedText = '';
  private releases: Release[] = [];

  constructor(itemIds: string[]) {
    this.places = new Map(itemIds.map((itemId, i) => [itemId, i]));
  }

  newSight(): Sight {
    const { size } = this.places;
    return {
      values: new Float64Array(size * FIELDS.length).fill(-1),
      released: new Float64Array(size * REASONS.length),
      watching: false,
      whole: false,
    };
  }

  /** From here on units may come free; who watches already, and stays, must hear of all of them. */
  begin(): void {
    this.begun = true;
  }

  /** An answer to `live:join`. */
  joined(sight: Sight, items: ItemView[]): void {
    sight.whole = !this.begun;
    sight.watching = true;
    for (const item of items) this.note(sight, item);
  }

  /** Whoever leaves the live knows nothing of its stock any more. */
  left(sight: Sight): void {
    sight.watching = false;
    sight.whole = false;
    sight.values.fill(-1);
  }

  /** A `stock:changed` as JSON text. */
  changed(sight: Sight, payload: string): void {
    this.frames++;
    if (payload !== this.changedText) {
      this.changedText = payload;
      this.changedItems = (JSON.parse(payload) as { items: StockView[] }).items;
      for (const item of this.changedItems) this.count(item);
    }
    for (const item of this.changedItems) this.keep(sight, item);
  }

  /** A `stock:released` as JSON text. */
  released(sight: Sight, payload: string): void {
    if (payload !== this.releasedText) {
      this.releasedText = payload;
      this.releases = (JSON.parse(payload) as { releases: Release[] }).releases;
    }
    for (const { itemId, quantity, reason } of this.releases) {
      const place = this.places.get(itemId);
      if (place === undefined) continue;
      const at = place * REASONS.length + REASONS.indexOf(reason);
      sight.released[at] = (sight.released[at] ?? 0) + quantity;
    }
  }

  /** Stock that came with an item. */
  note(sight: Sight, view: StockView): void {
    this.count(view);
    this.keep(sight, view);
  }

  /** Sums of the four buckets that were ever seen of each item, and how often; -1 for one with a bucket below 0. */
  totalsSeen(): Record<string, [total: number, times: number][]> {
    return Object.fromEntries([...this.totals].map(([itemId, totals]) => [itemId, [...totals]]));
  }

  /** Holds what everyone who is in the live sees against the server's own word. */
  judgeSeen(sights: Iterable<Sight>, truth: StockView[], findings: Findings): void {
    for (const sight of sights) {
      if (!sight.watching) continue;
      findings.checked('seen');
      const wrong = truth.find((item) => this.differs(sight, item));
      if (wrong) findings.broken('seen', 'stock differs', this.difference(sight, wrong));
    }
  }

  releasedPages(sights: Iterable<Sight>): ReleasedPage[] {
    const pages = new Map<string, ReleasedPage>();
    for (const { whole, released } of sights) {
      if (!whole) continue;
      const key = released.join();
      const page = pages.get(key) ?? { watchers: 0, units: this.unitsOf(released) };
      page.watchers++;
      pages.set(key, page);
    }
    return [...pages.values()];
  }

  private unitsOf(released: Float64Array): Record<string, number> {
    const units: Record<string, number> = {};
    for (const [itemId, place] of this.places) {
      for (const [i, reason] of REASONS.entries()) {
        const quantity = released[place * REASONS.length + i] ?? 0;
        if (quantity > 0) units[`${itemId} ${reason}`] = quantity;
      }
    }
    return units;
  }

  /** Only the sum counts of stock that an answer shows: clients are told what everyone is told. */
  count({ itemId, available, booked, allocated, sold }: StockView): void {
    let totals = this.totals.get(itemId);
    if (!totals) {
      totals = new Map();
      this.totals.set(itemId, totals);
    }
    const least = Math.min(available, booked, allocated, sold);
    const total = least < 0 ? -1 : available + booked + allocated + sold;
    const times = totals.get(total) ?? 0;
    if (times > 0 || totals.size < MOST_TOTALS) totals.set(total, times + 1);
  }

  /** As the contract tells clients to: the highest revision of each item. */
  private keep(sight: Sight, view: StockView): void {
    const place = this.places.get(view.itemId);
    if (place === undefined) return;
    const at = place * FIELDS.length;
    if (view.revision < (sight.values[at + REVISION] ?? 0)) return;
    for (const [i, field] of FIELDS.entries()) sight.values[at + i] = view[field];
  }

  private differs(sight: Sight, item: StockView): boolean {
    const place = this.places.get(item.itemId);
    if (place === undefined) return false;
    const at = place * FIELDS.length;
    return FIELDS.some((field, i) => sight.values[at + i] !== item[field]);
  }

  private difference(sight: Sight, item: StockView): string {
    const at = (this.places.get(item.itemId) ?? 0) * FIELDS.length;
    const seen = FIELDS.map((field, i) => `${field} ${sight.values[at + i]}`).join(' ');
    const true_ = FIELDS.map((field) => `${field} ${item[field]}`).join(' ');
    return `${item.itemId}: seen ${seen}; the server says ${true_}`;
  }
}
