import type { Logger } from 'pino';
import type { Metrics } from '../metrics.js';
import { activeShops, forgetIdle, nextDeadline } from '../store/active-shops.js';
import { scripts } from '../store/scripts.js';
import type { Store } from '../store/store.js';

/** How often every active shop's next deadline is looked up, ms: finds the holds of servers that died. */
const LOOK_EVERY_MS = 1_000;
/** Due holds ended in one script call: bounds how long Redis is busy with it (a few ms). */
const STEP = 200;

/**
 * The alarm clock: ends holds, checkouts and orders when they are due. Any number of servers may sweep the same
 * shops; each step is atomic, so twice does no harm, and what no sweeper reaches in time the other scripts treat as
 * gone anyway.
 */
export class Sweeper {
  private readonly store: Store;
  private readonly metrics: Metrics;
  private readonly log: Logger;
  /** The next known deadline of each shop, epoch ms of Redis's clock. */
  private readonly alarms = new Map<string, number>();
  private readonly sweeping = new Set<string>();
  /** Redis's clock minus ours, ms. */
  private skew = 0;
  private timer: NodeJS.Timeout | undefined;
  private look: NodeJS.Timeout | undefined;
  private looking = false;
  private stopped = true;

  constructor(store: Store, metrics: Metrics, log: Logger) {
    this.store = store;
    this.metrics = metrics;
    this.log = log;
  }

  start(): void {
    this.stopped = false;
    // After a reconnect the alarms may be of long ago, and deadlines may have passed meanwhile.
    this.store.onReady(() => void this.lookAround());
    this.look = setInterval(() => void this.lookAround(), LOOK_EVERY_MS);
    void this.lookAround();
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.look);
    clearTimeout(this.timer);
  }

  /** A new deadline is known; sets the alarm earlier if need be. */
  note(shopId: string, at: number): void {
    const known = this.alarms.get(shopId);
    if (known !== undefined && known <= at) return;
    this.alarms.set(shopId, at);
    this.setAlarm();
  }

  private setAlarm(): void {
    clearTimeout(this.timer);
    if (this.stopped || this.alarms.size === 0) return;
    let first = Number.POSITIVE_INFINITY;
    for (const at of this.alarms.values()) first = Math.min(first, at);
    const wait = Math.min(Math.max(first - Date.now() - this.skew, 0), LOOK_EVERY_MS);
    this.timer = setTimeout(() => this.ring(), wait);
  }

  private ring(): void {
    const now = Date.now() + this.skew;
    for (const [shopId, at] of this.alarms) {
      if (at > now) continue;
      this.alarms.delete(shopId);
      void this.sweep(shopId);
    }
    this.setAlarm();
  }

  private async sweep(shopId: string): Promise<void> {
    if (this.sweeping.has(shopId) || this.stopped) return;
    this.sweeping.add(shopId);
    try {
      for (let more = true; more && !this.stopped; ) {
        const step = await this.store.step(scripts.releaseDue, shopId, [String(STEP)]);
        const { next, now, lateness } = scripts.releaseDue.reply.parse(step);
        this.skew = now - Date.now();
        for (const ms of lateness) this.metrics.releaseLateness.observe(ms / 1_000);
        more = lateness.length === STEP;
        if (!more && next !== null) this.note(shopId, next);
      }
    } catch (error) {
      this.log.warn(
        { shopId, error: String(error) },
        'sweep failed; tried again with the next look',
      );
    } finally {
      this.sweeping.delete(shopId);
    }
  }

  /** Looks up the next deadline of every active shop. */
  private async lookAround(): Promise<void> {
    if (this.looking || this.stopped || !this.store.redis.isReady) return;
    this.looking = true;
    try {
      const shops = await activeShops(this.store);
      const nexts = await Promise.all(shops.map((shopId) => nextDeadline(this.store, shopId)));
      const idle: string[] = [];
      shops.forEach((shopId, i) => {
        const next = nexts[i];
        if (next === null || next === undefined) idle.push(shopId);
        else this.note(shopId, next);
      });
      await forgetIdle(this.store, idle);
    } catch (error) {
      this.log.warn({ error: String(error) }, 'could not look up deadlines');
    } finally {
      this.looking = false;
    }
  }
}
