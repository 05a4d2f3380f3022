import { setTimeout as delay } from 'node:timers/promises';
import type { Audit } from '../../src/protocol/http.js';
import type { ItemView } from '../../src/protocol/item.js';
import { type Check, judge as judgeHistories, unitsIn } from '../history/judge.js';
import type { HistoryPage } from '../history/page.js';
import { onOurClock } from './link/clock-span.js';
import { look, type Market, unitsOf } from './market.js';
import type { Worker } from './worker-handle.js';

export interface Verdict {
  checks: Check[];
  bookings: number;
  expired: number;
  cancelled: number;
  orders: number;
}

/** Stock that has rested so long without everything agreeing will not come to agree, ms. */
const SETTLE_MS = 5_000;
const LOOK_EVERY_MS = 250;

/**
 * Waits until the last deadline has passed, then holds what viewers were told against what the server says, until
 * everything agrees or has had time enough to.
 * @param patienceMs the longest to wait for deadlines, and for rest: a live in use has neither
 */
export async function judge(
  market: Market,
  workers: Worker[],
  patienceMs: number,
): Promise<Verdict> {
  const waits = await Promise.all(workers.map((worker) => worker.call('untilLastDeadline')));
  await delay(Math.min(patienceMs, Math.max(0, ...waits)));
  const end = performance.now() + patienceMs;
  let resting = { since: performance.now(), revisions: '' };
  for (;;) {
    await Promise.all(workers.map((worker) => worker.call('lookBack')));
    const { items } = await look(market.url, market.shopId, market.liveId);
    const pages = await Promise.all(
      workers.map(async (worker) =>
        onOurClock(await worker.call('page', items), await worker.clock()),
      ),
    );
    const verdict = await verdictOf(market, items, pages);
    const now = performance.now();
    const revisions = items.map(({ revision }) => revision).join();
    if (revisions !== resting.revisions) resting = { since: now, revisions };
    if (verdict.checks.every(({ kept }) => kept)) return verdict;
    if (now - resting.since > SETTLE_MS || now > end) return verdict;
    await delay(LOOK_EVERY_MS);
  }
}

async function verdictOf(
  market: Market,
  items: ItemView[],
  pages: HistoryPage[],
): Promise<Verdict> {
  const sum = (field: 'bookings' | 'expired' | 'cancelled' | 'orders' | 'unanswered') =>
    pages.reduce((total, page) => total + page[field], 0);
  const totals = Object.fromEntries(
    items.map((item) => [item.itemId, [market.units[item.itemId] ?? 0, unitsOf(item)]]),
  );
  const complete = market.exclusive;
  const checks = judgeHistories(pages, { totals, complete });
  const audit = await market.host?.audit();
  if (audit) checks.push(...auditChecks(market, audit, pages, sum('unanswered')));
  return {
    checks,
    bookings: sum('bookings'),
    expired: sum('expired'),
    cancelled: sum('cancelled'),
    orders: sum('orders'),
  };
}

function auditChecks(
  market: Market,
  audit: Audit,
  pages: HistoryPage[],
  unanswered: number,
): Check[] {
  const recomputed = 'the audit recomputes the same stock and reputations';
  const checks = [agreement(recomputed, audit.ok ? [] : ['not ok', ...audit.problems])];
  // In a live that others use too, their bookings are in the audit and not in our account; nor are those without answer.
  if (!market.exclusive || unanswered > 0) return checks;
  const differences = audit.items
    .filter(({ itemId }) => market.itemIds.includes(itemId))
    .flatMap((item) => difference(item, pages));
  checks.push(agreement('the audit counts what the viewers received', differences));
  return checks;
}

function agreement(promise: string, problems: string[]): Check {
  const kept = problems.length === 0;
  const detail = kept ? 'agrees' : 'differs';
  return { promise, kept, untested: false, detail, first: problems.slice(0, 5) };
}

function difference(item: Audit['items'][number], pages: HistoryPage[]): string[] {
  return (['booked', 'allocated', 'sold'] as const)
    .map((bucket) => ({ bucket, told: unitsIn(pages, item.itemId, bucket), is: item[bucket] }))
    .filter(({ told, is }) => told !== is)
    .map(({ bucket, told, is }) => `${item.itemId}: ${is} ${bucket}, viewers were told ${told}`);
}
