import type { Release, StockView } from '../../../protocol/item.js';

/** What one live gets at its next tick. */
export interface LiveUpdates {
  stock: StockView[];
  releases: Release[];
}

interface Pending {
  stock: Map<string, StockView>;
  releases: Map<string, Release>;
  lastFlush: number;
  timer: NodeJS.Timeout | undefined;
}

/** At most 20 flushes a second for a live, with room for the timer's jitter; the first after a quiet moment goes at once. */
const FASTEST_MS = 55;
const SLOW_MS = 150;
/** From this audience on (sockets of this server) the ticks grow longer: from some 1,400 viewers on there are 6 a second. */
const FULL_SPEED_AUDIENCE = 500;
/** And from this one on: a frame to 5,000 takes some 50 ms, and what concerns one viewer alone must not wait behind frames. */
const SLOW_AUDIENCE = 5_000;
const SLOWEST_MS = 600;

/**
 * Time between flushes, ms: a frame costs CPU for each viewer, and 6 a second still reads as live. That leaves time to write
 * a frame to 5,000 viewers within 250 ms of the booking; with more, frames take about the same share of the time.
 */
export function tickFor(audience: number): number {
  if (audience > SLOW_AUDIENCE) return Math.min(SLOWEST_MS, SLOW_MS * (audience / SLOW_AUDIENCE));
  return Math.min(SLOW_MS, Math.max(FASTEST_MS, FASTEST_MS * (audience / FULL_SPEED_AUDIENCE)));
}

/**
 * Collects the latest absolute stock of each item, and the units released, and hands them over on a tick. However many
 * bookings there are, a viewer gets at most one frame of each kind a tick, and the last value always comes.
 */
export class Conflator {
  private readonly lives = new Map<string, Pending>();
  private readonly flush: (room: string, updates: LiveUpdates) => void;
  private readonly audience: (room: string) => number;

  constructor(
    flush: (room: string, updates: LiveUpdates) => void,
    audience: (room: string) => number,
  ) {
    this.flush = flush;
    this.audience = audience;
  }

  stock(room: string, view: StockView): void {
    const pending = this.pending(room);
    const known = pending.stock.get(view.itemId);
    if (!known || known.revision <= view.revision) pending.stock.set(view.itemId, view);
    this.schedule(room, pending);
  }

  /** Units of the same item and reason within a tick are added up. */
  release(room: string, release: Release): void {
    const pending = this.pending(room);
    const key = `${release.itemId} ${release.reason}`;
    const known = pending.releases.get(key);
    pending.releases.set(
      key,
      known ? { ...release, quantity: known.quantity + release.quantity } : release,
    );
    this.schedule(room, pending);
  }

  /** Hands over what the live need not wait for any longer. */
  flushIfDue(room: string): void {
    const pending = this.lives.get(room);
    if (!pending?.timer || this.dueAt(room, pending) > performance.now()) return;
    clearTimeout(pending.timer);
    this.run(room, pending);
  }

  /** Nobody is left in the live. */
  drop(room: string): void {
    clearTimeout(this.lives.get(room)?.timer);
    this.lives.delete(room);
  }

  close(): void {
    for (const room of [...this.lives.keys()]) this.drop(room);
  }

  private pending(room: string): Pending {
    let pending = this.lives.get(room);
    if (!pending) {
      pending = { stock: new Map(), releases: new Map(), lastFlush: 0, timer: undefined };
      this.lives.set(room, pending);
    }
    return pending;
  }

  private schedule(room: string, pending: Pending): void {
    if (pending.timer) return;
    const due = this.dueAt(room, pending) - performance.now();
    // Even at once means after this turn: one commit has several events, and they belong in one frame.
    pending.timer = setTimeout(() => this.run(room, pending), Math.ceil(Math.max(0, due)));
  }

  private dueAt(room: string, pending: Pending): number {
    return pending.lastFlush + tickFor(this.audience(room));
  }

  private run(room: string, pending: Pending): void {
    pending.timer = undefined;
    pending.lastFlush = performance.now();
    const updates = {
      stock: [...pending.stock.values()],
      releases: [...pending.releases.values()],
    };
    pending.stock.clear();
    pending.releases.clear();
    this.flush(room, updates);
  }
}
