import { Findings, PROMISES, type PromiseName } from './findings.js';
import { judgeHeld, judgePlaces, judgeRealTime } from './line.js';
import type { HistoryPage } from './page.js';
import { REASONS, type Reason } from './stock.js';

/** Reasons of which a unit may be when no client heard how it came free. */
const MAY_BE_UNHEARD = new Set<Reason>(['booking_expired', 'booking_cancelled']);

/** One promise of the server, and whether it was kept. */
export interface Check {
  promise: string;
  kept: boolean;
  /** Nothing that happened could have broken it. */
  untested: boolean;
  /** How much was checked, and how often it was broken in which way. */
  detail: string;
  /** The first few breaches. */
  first: string[];
}

/** What the histories are held against, besides each other. */
export interface Truth {
  /** By item: each number of units that there ever was in all, from the first to the last. */
  totals: Record<string, number[]>;
  /** Nobody but these clients, and a host whose deeds they know, was there. */
  complete: boolean;
  /** Items that the live featured all the time; all of them if it is not said. */
  featured?: string[];
}

/** Holds what all clients together were told against each other and the server, promise by promise. */
export function judge(pages: HistoryPage[], truth: Truth): Check[] {
  const findings = new Findings();
  for (const page of pages) findings.add(page.found);
  const unanswered = pages.reduce((sum, page) => sum + page.unanswered, 0);
  for (const [itemId, totals] of Object.entries(truth.totals)) {
    const rows = pages.flatMap(({ items }) => items[itemId]?.rows ?? []);
    const places = pages.flatMap(({ items }) => items[itemId]?.places ?? []);
    const waitedFor = pages.some((page) => page.waitedFor.includes(itemId));
    // Units that were given to a viewer who waited, while away, and that ran out before the return, no client knows of.
    const unheard = truth.complete && !waitedFor ? unanswered : undefined;
    judgePlaces(itemId, places, unheard, findings);
    judgeRealTime(itemId, rows, findings);
    judgeHeld(itemId, rows, Math.max(...totals), findings);
    if (!truth.complete) continue;
    judgeTotals(itemId, totals, pages, findings);
    const featured = truth.featured?.includes(itemId) ?? true;
    // Of a booking that nobody heard of, nobody knows whether its units came free.
    if (unanswered === 0 && featured && !waitedFor) judgeReleased(itemId, pages, findings);
  }
  return (Object.keys(PROMISES) as PromiseName[]).map((name) => checkOf(name, findings));
}

/** Units by item that the clients have, in one of the buckets. */
export function unitsIn(
  pages: HistoryPage[],
  itemId: string,
  bucket: 'booked' | 'allocated' | 'sold',
): number {
  return pages.reduce((sum, { items }) => sum + (items[itemId]?.[bucket] ?? 0), 0);
}

function judgeTotals(
  itemId: string,
  totals: number[],
  pages: HistoryPage[],
  findings: Findings,
): void {
  for (const [total, times] of pages.flatMap((page) => page.totals[itemId] ?? [])) {
    findings.checked('conserved', times);
    if (totals.includes(total)) continue;
    const detail = `${itemId}: ${total} in all, seen ${times} times; there were ${totals.join(', ')}`;
    findings.broken('conserved', 'sum', detail);
  }
}

/**
 * Everyone who stayed heard, for each reason, of as many units as came free. Those that came free nobody knows how may be
 * of either reason, and all of them must have been told.
 */
function judgeReleased(itemId: string, pages: HistoryPage[], findings: Findings): void {
  const items = pages.flatMap((page) => page.items[itemId] ?? []);
  const freed = (reason: Reason) => items.reduce((sum, item) => sum + (item.freed[reason] ?? 0), 0);
  const unheard = items.reduce((sum, item) => sum + item.freedUnheard, 0);
  for (const { watchers, units } of pages.flatMap((page) => page.released)) {
    let left = unheard;
    for (const reason of REASONS) {
      const told = units[`${itemId} ${reason}`] ?? 0;
      const least = freed(reason);
      if (told === 0 && least === 0) continue;
      findings.checked('released', watchers);
      const more = told - least;
      if (MAY_BE_UNHEARD.has(reason) && more > 0 && more <= left) left -= more;
      else if (more !== 0) {
        const detail = `${itemId}: ${watchers} watchers were told of ${told} units, ${least} came free`;
        findings.broken('released', reason, detail);
      }
    }
    if (left === 0) continue;
    const detail = `${itemId}: ${watchers} watchers were not told of ${left} units that were cancelled or lapsed`;
    findings.broken('released', 'cancelled or lapsed', detail);
  }
}

function checkOf(name: PromiseName, findings: Findings): Check {
  const { checked, broken, first } = findings.found[name] ?? { checked: 0, broken: {}, first: [] };
  const kinds = Object.entries(broken).map(([kind, count]) => `${count} ${kind}`);
  return {
    promise: PROMISES[name],
    kept: kinds.length === 0,
    untested: checked === 0 && kinds.length === 0,
    detail: [`${checked} checked`, ...kinds].join(', '),
    first,
  };
}
