import type { HistoryPage } from '../../history/page.js';

/** How much the coordinator's clock may be ahead of a machine's, ms: no less and no more. */
export interface ClockSpan {
  least: number;
  most: number;
}

/** Looks at the other clock a few times: each answer was given between two moments of ours. */
export async function compareClocks(
  theirs: () => Promise<number>,
  ours: () => number,
  times = 8,
): Promise<ClockSpan> {
  const span = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };
  for (let i = 0; i < times; i++) {
    const before = ours();
    const there = await theirs();
    span.least = Math.max(span.least, before - there);
    span.most = Math.min(span.most, ours() - there);
  }
  return span;
}

/** Clocks drift: what held at the beginning and what holds at the end hold in between. */
export function widened(a: ClockSpan, b: ClockSpan): ClockSpan {
  return { least: Math.min(a.least, b.least), most: Math.max(a.most, b.most) };
}

/**
 * A page's times on the coordinator's clock. Where that is not known to the millisecond, a booking is taken to have been asked
 * for earlier, answered later and held less long: two clocks that differ never look like a broken promise.
 */
export function onOurClock(page: HistoryPage, { least, most }: ClockSpan): HistoryPage {
  const items = Object.entries(page.items).map(([itemId, item]) => {
    const rows = item.rows.map<(typeof item.rows)[number]>(
      ([sequence, revision, sentAt, answeredAt, quantity, heldUntil]) => [
        sequence,
        revision,
        sentAt + least,
        answeredAt + most,
        quantity,
        heldUntil + least,
      ],
    );
    return [itemId, { ...item, rows }] as const;
  });
  return { ...page, items: Object.fromEntries(items) };
}
