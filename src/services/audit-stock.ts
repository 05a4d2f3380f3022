import type { Audit } from '../protocol/http.js';
import { bookingCount } from '../store/bookings.js';
import { streamEnd } from '../store/events.js';
import { countersSince } from '../store/item-counters.js';
import { allItemIds } from '../store/items.js';
import { type AuditRow, scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';

/** Bookings, or entries of the line, looked at in one script call: bounds how long Redis is busy with it. */
const STEP = 200;

type ItemAudit = Audit['items'][number];
interface Found {
  item: ItemAudit;
  problems: string[];
}

/** Holds every item's buckets against its restocks, bookings and orders, and its waiting line against the entries. */
export async function auditStock(
  store: Store,
  shopId: string,
): Promise<{ items: ItemAudit[]; problems: string[] }> {
  const items: ItemAudit[] = [];
  const problems: string[] = [];
  for (const itemId of await allItemIds(store, shopId)) {
    const found = await auditItem(store, shopId, itemId);
    items.push({ ...found.item, ok: found.problems.length === 0 });
    problems.push(...found.problems, ...(await auditLine(store, shopId, itemId)));
  }
  return { items, problems };
}

/**
 * The bookings are read in parts, and change meanwhile. Every change is in the event stream, so those are read again, until
 * so few are left that the last script reads them together with the counters, at one moment.
 */
async function auditItem(store: Store, shopId: string, itemId: string): Promise<Found> {
  const rows = new Map<string, AuditRow>();
  const take = (found: AuditRow[]) => {
    for (const row of found) rows.set(row[0], row);
  };
  const begun = await store.clock(shopId);
  const position = await streamEnd(store, shopId);
  const problems = await readBookings(store, shopId, itemId, take);
  const last = await countersSince(store, shopId, itemId, position, take, begun);
  // What was trimmed away cannot be caught up with: all is read again.
  if (!last) return auditItem(store, shopId, itemId);
  // What has left meanwhile is among `goneSold`, unless it is back.
  for (const id of last.left) rows.delete(id);
  take(last.back);
  const { available, booked, allocated, sold, expected, pending, goneSold } = last;
  const counters = { itemId, available, booked, allocated, sold, expected };
  const found = sumsOf(rows.values());
  found.booked += pending;
  found.sold += goneSold;
  const differs = (['booked', 'allocated', 'sold'] as const)
    .filter((bucket) => found[bucket] !== counters[bucket])
    .map((bucket) => `${bucket} is ${counters[bucket]} but the records say ${found[bucket]}`);
  const named = differs.map((text) => `${itemId}: ${text}`);
  return { item: { ...counters, ok: true }, problems: [...problems, ...last.problems, ...named] };
}

/** Every booking of the item, from the oldest on; answers what is wrong with their holds. */
async function readBookings(
  store: Store,
  shopId: string,
  itemId: string,
  take: (rows: AuditRow[]) => void,
): Promise<string[]> {
  const problems: string[] = [];
  for (let left = await bookingCount(store, shopId, itemId); left > 0; left -= STEP) {
    const args = [itemId, String(left), String(STEP)];
    const part = await store.run(scripts.auditBookings, shopId, args);
    take(part.rows);
    const kept = await store.past?.bookings(shopId, part.missing);
    const lost = part.missing.filter((id) => !kept?.has(id));
    problems.push(...lost.map((id) => `${itemId}: booking ${id} has no record`), ...part.problems);
  }
  return problems;
}

function sumsOf(rows: Iterable<AuditRow>): { booked: number; allocated: number; sold: number } {
  const sums = { booked: 0, allocated: 0, sold: 0 };
  for (const [, bucket, quantity] of rows) if (bucket !== '') sums[bucket] += quantity;
  return sums;
}

async function auditLine(store: Store, shopId: string, itemId: string): Promise<string[]> {
  const problems: string[] = [];
  for (let from: number | null = 0; from !== null; ) {
    const args: string[] = [itemId, String(from), String(STEP)];
    const part: { next: number | null; problems: string[] } = await store.run(
      scripts.auditLine,
      shopId,
      args,
    );
    problems.push(...part.problems);
    from = part.next;
  }
  return problems;
}
