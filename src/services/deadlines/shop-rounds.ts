import { shopsMarkedSince } from '../../store/active-shops.js';
import type { Store } from '../../store/store.js';

/** A round over all active shops takes about this long at most, ms. */
const ROUND_MS = 60_000;
/** How often a shop is looked at, about, ms. */
const EVERY_MS = 1_000;
/** So few shops are looked at every time. */
const PART = 200;
/** Shops marked this long before the last look are looked at again, ms: a mark precedes its hold. */
const LOOK_BACK_MS = 3_000;

export interface Part {
  shops: string[];
  /** The round is over with these. */
  last: boolean;
  /** False when Redis could not say which shops there are, and those known before were taken. */
  sound: boolean;
}

/**
 * Which shops to look at, each second: those that were marked a moment ago, and the next part of a round over all. What
 * a look costs follows how many shops are booking, not how many have something on the clock.
 */
export class ShopRounds {
  private readonly store: Store;
  private all: string[] = [];
  private left: string[] = [];
  private partSize = PART;
  /** Epoch ms of Redis's clock. */
  private lookedAt = 0;
  private whole = true;
  /** Counts `startOver`: a round that was begun before one does not count as whole. */
  private starts = 0;

  constructor(store: Store) {
    this.store = store;
  }

  /** Anything may have changed unseen: the round starts over, and is to be ended without a pause. */
  startOver(): void {
    this.left = [];
    this.whole = true;
    this.starts++;
  }

  /** Whether the rest of the round is due at once. */
  get isBehind(): boolean {
    return this.whole;
  }

  async next(): Promise<Part> {
    const { starts } = this;
    let sound = true;
    const orKnown = (shops: string[]) => () => {
      sound = false;
      return { now: this.lookedAt, shops };
    };
    if (this.left.length === 0) {
      this.all = (await shopsMarkedSince(this.store, 0).catch(orKnown(this.all))).shops;
      this.left = [...this.all];
      this.partSize = Math.max(PART, Math.ceil((this.all.length * EVERY_MS) / ROUND_MS));
    }
    const since = Math.max(0, this.lookedAt - LOOK_BACK_MS);
    const lately = await shopsMarkedSince(this.store, since).catch(orKnown([]));
    this.lookedAt = lately.now;
    const part = this.left.splice(0, this.partSize);
    const last = this.left.length === 0;
    if (last && starts === this.starts) this.whole = false;
    return { shops: [...new Set([...lately.shops, ...part])], last, sound };
  }
}
