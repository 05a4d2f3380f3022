import type { Logger } from 'pino';
import type { Metrics } from '../../metrics.js';
import { forgetIdle, MARK_EVERY_MS } from '../../store/active-shops.js';
import { nextPaymentCheck } from '../../store/payments.js';
import { scripts } from '../../store/scripts/index.js';
import type { Store } from '../../store/store.js';
import { DeadlineClock } from './deadline-clock.js';

/**
 * When steps are not enough, more and more follow together, at most so many: Redis goes on while this server publishes those
 * before. Their sum is how long whoever else asks may have to wait, some 40 ms.
 */
const AT_ONCE = 12;

/**
 * Ends holds, checkouts and transfers' orders when they are due. What no sweeper reaches in time, every script treats as
 * gone anyway: correctness never waits for this, only the events of it do.
 */
export function createExpirySweeper(store: Store, metrics: Metrics, log: Logger): DeadlineClock {
  let tidied = 0;

  /** Now and then, forgets the shops that have had neither deadlines nor open payments for long. */
  async function tidy(busy: string[], idle: string[]): Promise<void> {
    if (tidied > 0 && performance.now() - tidied < MARK_EVERY_MS) return;
    const checks = await Promise.all(idle.map((shopId) => nextPaymentCheck(store, shopId)));
    const paying = idle.filter((_, i) => checks[i]?.next !== null);
    await forgetIdle(store, [...busy, ...paying]);
    tidied = performance.now();
  }

  async function step(shopId: string): Promise<{ next?: number | null | undefined; now: number }> {
    const reply = await store.step(scripts.releaseDue, shopId, []);
    const { next, now, lateness } = scripts.releaseDue.reply.parse(reply);
    for (const ms of lateness) metrics.releaseLateness.observe(ms / 1_000);
    return { next, now };
  }

  return new DeadlineClock({
    store,
    log,
    name: 'sweep',
    // A look is a step, so it ends what is due whatever this server believes of the time.
    async next(shopId) {
      const { next, now } = await step(shopId);
      return { next: next === undefined ? now : next, now };
    },
    roundDone: tidy,
    async run(shopId) {
      for (let atOnce = 1; ; atOnce = Math.min(4 * atOnce, AT_ONCE)) {
        const steps = await Promise.all(Array.from({ length: atOnce }, () => step(shopId)));
        const last = steps.at(-1);
        if (last?.next !== undefined) return { next: last.next, now: last.now };
      }
    },
  });
}
