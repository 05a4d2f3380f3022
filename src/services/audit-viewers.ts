import type { LedgerEntry } from '../protocol/viewer.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import { ledgerPart, viewerIds } from '../store/viewers.js';

/** Viewers looked at in one script call: bounds how long Redis is busy with it. */
const STEP = 50;
/** Entries of a ledger read at once. */
const ENTRIES = 500;

/** Holds carts and places in line against the records, and reputations against the fold of their ledgers. */
export async function auditViewers(
  store: Store,
  shopId: string,
): Promise<{ reputationOk: boolean; problems: string[] }> {
  const problems: string[] = [];
  const broken: string[] = [];
  for await (const ids of viewerIds(store, shopId, STEP)) {
    const part = await store.run(scripts.auditViewers, shopId, ids);
    problems.push(...part.problems);
    const folds = await Promise.all(
      part.viewers.map((viewer) => foldLedger(store, shopId, viewer)),
    );
    broken.push(...folds.flat());
  }
  return { reputationOk: broken.length === 0, problems: [...problems, ...broken] };
}

/** The ledger as it was when the reputation was read: it grows at its head, and `entries` counts from its tail. */
async function foldLedger(
  store: Store,
  shopId: string,
  { viewerId, reputation, entries }: { viewerId: string; reputation: number; entries: number },
): Promise<string[]> {
  const problems: string[] = [];
  const causes = new Set<string>();
  let points = 100;
  for (let seen = 0; seen < entries; seen += ENTRIES) {
    const part = await ledgerPart(store, shopId, viewerId, seen, Math.min(ENTRIES, entries - seen));
    for (const entry of part) {
      if (!follows(entry, points, causes))
        problems.push(`${viewerId}: the ledger breaks at ${causeOf(entry)}`);
      points = entry.after;
    }
  }
  if (points !== reputation)
    problems.push(`${viewerId}: reputation is ${reputation} but the ledger says ${points}`);
  return problems;
}

const causeOf = ({ reason, refId }: LedgerEntry) => `${reason} ${refId}`;

/** Whether an entry goes on from the points before it, and is the only one of its cause. */
function follows(entry: LedgerEntry, points: number, causes: Set<string>): boolean {
  const { before, after, delta, reason, refId } = entry;
  const whole = before === points && after === points + delta && after >= 0 && after <= 100;
  // A booking may be cancelled in parts, each a cause of its own; and one that was restored may end again.
  const again = reason === 'booking_cancelled' || causes.has(`booking_restored ${refId}`);
  const twice = causes.has(causeOf(entry)) && !again;
  causes.add(causeOf(entry));
  return whole && !twice;
}
