import { RULE_PATHS } from '../protocol/settings.js';
import type { HostSnapshot, Snapshot } from '../protocol/snapshot.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import type { RedisClock } from './redis-clock.js';

/** The most held bookings in the host's snapshot. */
const HOST_BOOKINGS = 1_000;

/**
 * Reads a live as it is. Viewers who join in one turn of the event loop share one read; a read that began before a
 * viewer asked is never shared, for it may lack events that the viewer has already got.
 */
export class Snapshots {
  private readonly store: Store;
  private readonly clock: RedisClock;
  private readonly pending = new Map<string, Promise<HostSnapshot>>();

  constructor(store: Store, clock: RedisClock) {
    this.store = store;
    this.clock = clock;
  }

  async forViewer(shopId: string, liveId: string): Promise<Snapshot> {
    const key = `${shopId} ${liveId}`;
    let read = this.pending.get(key);
    if (!read) {
      read = new Promise((resolve, reject) => {
        setImmediate(() => {
          this.pending.delete(key);
          this.read(shopId, liveId, 0).then(resolve, reject);
        });
      });
      this.pending.set(key, read);
    }
    const { bookings: _, ...snapshot } = await read;
    return snapshot;
  }

  /** After writes may have been lost: the items' revisions are then higher than any that a client has seen. */
  async afterLoss(shopId: string, liveId: string): Promise<Snapshot> {
    await this.store.run(scripts.liveRetell, shopId, [liveId]);
    return this.forViewer(shopId, liveId);
  }

  forHost(shopId: string, liveId: string): Promise<HostSnapshot> {
    return this.read(shopId, liveId, HOST_BOOKINGS);
  }

  private async read(shopId: string, liveId: string, bookings: number): Promise<HostSnapshot> {
    const args = [liveId, String(bookings), ...RULE_PATHS];
    const snapshot = await this.store.run(scripts.liveSnapshot, shopId, args);
    this.clock.read(snapshot.serverTime);
    return snapshot;
  }
}
