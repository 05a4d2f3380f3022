import { setTimeout as delay } from 'node:timers/promises';
import type { Audit } from '../../src/protocol/http.js';
import type { ItemView } from '../../src/protocol/item.js';
import type { Child } from '../rig/child.js';
import type { Common } from '../rig/serve.js';
import type { LedgerPage } from './ledger.js';
import { look, type Market } from './market.js';
import type { WorkerMethods } from './worker.js';

export type Worker = Child<WorkerMethods & Common>;

/** One promise of the server, and whether it was kept. */
interface Check {
  promise: string;
  kept: boolean;
  detail: string;
}

export interface Verdict {
  checks: Check[];
  accepted: number;
  expired: number;
  cancelled: number;
}

const QUIET_MS = 500;
const DISAGREE_FOR_MS = 5_000;

/** Waits until stock rests, then holds what viewers were told against what the server says. */
export async function judge(
  market: Market,
  workers: Worker[],
  quietWithinMs: number,
): Promise<Verdict> {
  const items = await atRest(market, quietWithinMs);
  const disagreeing = await disagreement(workers, items);
  const pages = await Promise.all(workers.map((worker) => worker.call('page')));
  const audit = await market.host?.audit();
  const unknown = (await Promise.all(workers.map((worker) => worker.call('unknown')))).reduce(
    (a, b) => a + b,
    0,
  );
  const sum = (value: (page: LedgerPage) => number) =>
    pages.reduce((total, page) => total + value(page), 0);
  const early = pages.flatMap((page) => page.early);
  const untold = sum((page) => page.untold);
  const checks = [
    oversell(market, items, pages),
    sequences(pages),
    {
      promise: 'nothing is released early',
      kept: early.length === 0,
      detail: early.length === 0 ? 'none' : `${early.length}, the first ${early[0]?.ms} ms early`,
    },
    {
      promise: 'whoever held a booking is told when it ends',
      kept: untold === 0,
      detail: `${untold} not told`,
    },
    {
      promise: 'every viewer sees the stock that the server has',
      kept: disagreeing === 0,
      detail: `${disagreeing} viewers disagree`,
    },
    ...auditChecks(market.exclusive && unknown === 0, market, audit, pages),
  ];
  return {
    checks,
    accepted: sum((page) => page.bookings),
    expired: sum((page) => page.expired),
    cancelled: sum((page) => page.cancelled),
  };
}

/** Stock as it is once nothing moves, or when patience ends: a live in use never rests. */
async function atRest(market: Market, withinMs: number): Promise<ItemView[]> {
  const end = performance.now() + withinMs;
  let before = '';
  for (;;) {
    const { items } = await look(market.url, market.shopId, market.liveId);
    const now = JSON.stringify(items.map(({ itemId, revision }) => [itemId, revision]));
    const held = market.exclusive ? items.some(({ booked }) => booked > 0) : false;
    if ((now === before && !held) || performance.now() > end) return items;
    before = now;
    await delay(QUIET_MS);
  }
}

/** Viewers who still see something else when frames have had time to come. */
async function disagreement(workers: Worker[], items: ItemView[]): Promise<number> {
  const end = performance.now() + DISAGREE_FOR_MS;
  for (;;) {
    const counts = await Promise.all(workers.map((worker) => worker.call('disagreeing', items)));
    const total = counts.reduce((a, b) => a + b, 0);
    if (total === 0 || performance.now() > end) return total;
    await delay(100);
  }
}

function oversell(market: Market, items: ItemView[], pages: LedgerPage[]): Check {
  const over = items.filter(({ itemId }) => unitsOut(pages, itemId) > (market.stock[itemId] ?? 0));
  const negative = items.filter((item) => item.available < 0 || item.booked < 0);
  const accepted = pages.flatMap((page) => Object.values(page.items));
  const units = accepted.reduce((total, item) => total + item.accepted, 0);
  return {
    promise: 'never more is held or sold than there was',
    kept: over.length + negative.length === 0,
    detail: `${units} units accepted in all, ${over.length + negative.length} items oversold`,
  };
}

/** Units that viewers hold or bought by their own account. */
function unitsOut(pages: LedgerPage[], itemId: string): number {
  return pages.reduce((total, page) => total + (page.items[itemId]?.outstanding ?? 0), 0);
}

/** Nobody's place in line is given twice. */
function sequences(pages: LedgerPage[]): Check {
  const seen = new Set<string>();
  let twice = 0;
  for (const page of pages) {
    for (const [itemId, item] of Object.entries(page.items)) {
      for (const sequence of item.sequences) {
        if (seen.has(`${itemId} ${sequence}`)) twice++;
        seen.add(`${itemId} ${sequence}`);
      }
    }
  }
  return {
    promise: 'no place in line is given twice',
    kept: twice === 0,
    detail: `${twice} twice`,
  };
}

/** @param complete the viewers know of every booking in the live */
function auditChecks(
  complete: boolean,
  market: Market,
  audit: Audit | undefined,
  pages: LedgerPage[],
): Check[] {
  if (!audit) return [];
  const own = audit.items.filter(({ itemId }) => market.itemIds.includes(itemId));
  const differing = own.filter(
    (item) => item.booked + item.allocated + item.sold !== unitsOut(pages, item.itemId),
  );
  const checks = [
    {
      promise: 'the audit recomputes the same stock and reputations',
      kept: audit.ok,
      detail: audit.ok ? 'agrees' : audit.problems.slice(0, 3).join('; '),
    },
  ];
  // In a live that others use too, their bookings are in the audit and not in our ledger; nor are those without answer.
  if (complete)
    checks.push({
      promise: 'the audit counts what the viewers were told they have',
      kept: differing.length === 0,
      detail: differing.length === 0 ? 'agrees' : differing.map(difference(pages)).join('; '),
    });
  return checks;
}

function difference(pages: LedgerPage[]) {
  return ({ itemId, booked, allocated, sold }: Audit['items'][number]) =>
    `${itemId}: audit ${booked} + ${allocated} + ${sold}, viewers ${unitsOut(pages, itemId)}`;
}
