import type { Logger } from 'pino';
import type { Store } from '../../store/store.js';
import { RedisClock } from '../redis-clock.js';
import { type Part, ShopRounds } from './shop-rounds.js';

/** How often shops are looked at, ms: finds what servers that died had on their clocks. */
const LOOK_EVERY_MS = 1_000;

export interface DeadlineClockOptions {
  store: Store;
  log: Logger;
  name: string;
  /** Looks up when a shop's next work is due. */
  next(shopId: string): Promise<NextDue>;
  /** Does a shop's due work; answers when the next is due. */
  run(shopId: string): Promise<NextDue>;
  /** Called after each round over the active shops which have something on this clock, and which have nothing. */
  roundDone?(busy: string[], idle: string[]): Promise<void>;
}

/** When work is due, null for none, and the clock that says so: epoch ms of Redis's clock, both. */
interface NextDue {
  next: number | null;
  now: number;
}

/**
 * Runs the due work of each active shop in time. Any number of servers may run one; the work must be safe to do twice.
 * It sleeps until the next known time, never longer than a second, and looks again after every reconnect.
 */
export class DeadlineClock {
  private readonly options: DeadlineClockOptions;
  /** Epoch ms of Redis's clock. */
  private readonly times = new Map<string, number>();
  private readonly running = new Set<string>();
  /** Came due while their work was being done: something may have come due too late for it. */
  private readonly again = new Set<string>();
  readonly clock = new RedisClock();
  private timer: NodeJS.Timeout | undefined;
  private look: NodeJS.Timeout | undefined;
  private looking = false;
  private readonly rounds: ShopRounds;
  /** What this round over the shops has found. */
  private readonly busy = new Set<string>();
  private readonly idle = new Set<string>();
  private roundIsSound = true;
  private stopped = true;

  constructor(options: DeadlineClockOptions) {
    this.options = options;
    this.rounds = new ShopRounds(options.store);
    options.store.onReady(() => {
      this.rounds.startOver();
      void this.goRound();
    });
  }

  start(): void {
    this.stopped = false;
    this.look = setInterval(() => void this.goRound(), LOOK_EVERY_MS);
    void this.goRound();
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.look);
    clearTimeout(this.timer);
  }

  /**
   * Something of the shop is due at `at`; sets the timer earlier if need be. Epoch ms of Redis's clock.
   * @param now that clock, when the caller has just read it
   */
  note(shopId: string, at: number, now?: number): void {
    if (now !== undefined) this.clock.read(now);
    const known = this.times.get(shopId);
    if (known !== undefined && known <= at) return;
    this.times.set(shopId, at);
    this.set();
  }

  private set(): void {
    clearTimeout(this.timer);
    if (this.stopped || this.times.size === 0) return;
    let first = Number.POSITIVE_INFINITY;
    for (const at of this.times.values()) first = Math.min(first, at);
    const wait = Math.min(this.clock.until(first), LOOK_EVERY_MS);
    this.timer = setTimeout(() => this.wake(), wait);
  }

  private wake(): void {
    for (const [shopId, at] of this.times) {
      if (this.clock.until(at) > 0) continue;
      this.times.delete(shopId);
      void this.run(shopId);
    }
    this.set();
  }

  private async run(shopId: string): Promise<void> {
    if (this.stopped) return;
    if (this.running.has(shopId)) {
      this.again.add(shopId);
      return;
    }
    this.running.add(shopId);
    try {
      const { next, now } = await this.options.run(shopId);
      this.clock.read(now);
      if (next !== null) this.note(shopId, next);
    } catch (error) {
      const { log, name } = this.options;
      log.warn({ shopId, error: String(error) }, `${name} failed; tried again with the next round`);
    } finally {
      this.running.delete(shopId);
      if (this.again.delete(shopId)) void this.run(shopId);
    }
  }

  /** Looks up the next times of the shops whose turn it is. */
  private async goRound(): Promise<void> {
    const { store, log, name } = this.options;
    if (this.looking || this.stopped || !store.isReady) return;
    this.looking = true;
    try {
      do await this.checkShops(await this.rounds.next());
      while (this.rounds.isBehind && !this.stopped);
    } catch (error) {
      log.warn({ error: String(error) }, `${name} could not look up what is due`);
    } finally {
      this.looking = false;
    }
  }

  /** In a cluster, a shard that is away does not keep the others' shops from being looked at. */
  private async checkShops({ shops, last, sound }: Part): Promise<void> {
    const { next, roundDone } = this.options;
    const times = await Promise.allSettled(shops.map(next));
    for (const [i, shopId] of shops.entries()) {
      const found = times[i];
      if (found?.status !== 'fulfilled') continue;
      const { next: at, now } = found.value;
      this.clock.read(now);
      (at === null ? this.idle : this.busy).add(shopId);
      if (at !== null) this.note(shopId, at);
    }
    this.roundIsSound &&= sound && times.every(({ status }) => status === 'fulfilled');
    if (!last) return;
    const [busy, idle, whole] = [[...this.busy], [...this.idle], this.roundIsSound];
    this.busy.clear();
    this.idle.clear();
    this.roundIsSound = true;
    if (!whole) throw new Error('not every shop could be looked at');
    await roundDone?.(busy, idle);
  }
}
