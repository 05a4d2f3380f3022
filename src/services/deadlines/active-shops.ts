import { MARK_EVERY_MS, markActive } from '../../store/active-shops.js';
import type { Store } from '../../store/store.js';

/** While a shop is busy its mark is renewed this often, ms: other servers look first at what was marked last. */
const RENEW_EVERY_MS = 1_000;

/** Marks the shops that have something on the clock, so that every server's deadline clocks know of them. */
export class ActiveShops {
  private readonly store: Store;
  /** When this server last marked each shop, ms of the monotonic clock. */
  private readonly marked = new Map<string, number>();

  constructor(store: Store) {
    this.store = store;
    store.onReady(() => this.marked.clear());
  }

  /** Before a shop's first hold: also if this server dies right after, others find it. Undefined when that is so already. */
  ensure(shopId: string): Promise<void> | undefined {
    return this.olderThan(shopId, MARK_EVERY_MS) ? this.mark(shopId) : undefined;
  }

  /** There is a new deadline. Others find it without this, only later. */
  renew(shopId: string): void {
    if (this.olderThan(shopId, RENEW_EVERY_MS)) this.mark(shopId).catch(() => {});
  }

  private olderThan(shopId: string, ms: number): boolean {
    const last = this.marked.get(shopId);
    return last === undefined || performance.now() - last >= ms;
  }

  private async mark(shopId: string): Promise<void> {
    const before = this.marked.get(shopId);
    this.marked.set(shopId, performance.now());
    try {
      await markActive(this.store, shopId);
    } catch (error) {
      if (before === undefined) this.marked.delete(shopId);
      else this.marked.set(shopId, before);
      throw error;
    }
  }
}
