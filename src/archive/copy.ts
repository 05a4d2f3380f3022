import { goesOnFrom, type Position } from '../store/events.js';
import { type ArchiveRecords, readRecords } from '../store/records.js';
import type { Store } from '../store/store.js';
import type { ArchiveDatabase } from './database.js';
import { placeOf } from './rows.js';
import { nothingTouched, type Touched } from './touched.js';
import { knownOf, writeRecords } from './writer.js';

/** Records of Redis; of lists what is new to the archive. */
export interface Copied {
  records: ArchiveRecords;
  /** Lists that have more entries than were read. */
  more: Pick<Touched, 'ledgers' | 'restocks'>;
}

/** Redis was restored to an older state while it was read: what was read may be older than what the archive has. */
class WentBackError extends Error {
  override readonly name = 'WentBackError';
}

/**
 * Reads what was touched: at least as new as the entry at `position`, which the stream must still go on from.
 * @throws WentBackError
 */
export async function readTouched(
  store: Store,
  db: ArchiveDatabase,
  shopId: string,
  position: Position,
  touched: Touched,
): Promise<Copied> {
  const known = await knownOf(db, shopId, [...touched.ledgers], [...touched.restocks]);
  // From the oldest entry on that is still there.
  for (const id of touched.erased) known.ledgers.set(id, 0);
  const growing = (ids: Set<string>, counts: Map<string, number>) =>
    [...ids].map((id) => ({ id, from: counts.get(id) ?? 0 }));
  const records = await readRecords(store, shopId, {
    bookings: [...touched.bookings],
    orders: [...touched.orders],
    notices: [...touched.notices],
    refunds: [...touched.refunds],
    ledgers: growing(touched.ledgers, known.ledgers),
    restocks: growing(touched.restocks, known.restocks),
  });
  for (const id of touched.erased) await readOn(store, shopId, id, records);
  if (!(await goesOnFrom(store, shopId, position)))
    throw new WentBackError(`Redis went back behind ${position} while it was archived`);
  const unread = (lists: ArchiveRecords['ledgers']) =>
    new Set(Object.keys(lists).filter((id) => lists[id]?.more));
  const more = { ledgers: unread(records.ledgers), restocks: unread(records.restocks) };
  return { records, more };
}

/** The rest of a ledger that is read from its oldest entry on. */
async function readOn(
  store: Store,
  shopId: string,
  viewerId: string,
  { ledgers }: ArchiveRecords,
): Promise<void> {
  const ledger = ledgers[viewerId];
  while (ledger?.more) {
    const from = ledger.from + ledger.rows.length;
    const part = await readRecords(store, shopId, { ...NONE, ledgers: [{ id: viewerId, from }] });
    const { rows = [], more = false } = part.ledgers[viewerId] ?? {};
    ledger.rows.push(...rows);
    ledger.more = more;
  }
}

const NONE = { bookings: [], orders: [], notices: [], refunds: [], ledgers: [], restocks: [] };

/** Writes what was read, and what is left of long lists. `position`: the entry by which the rows are written. */
export async function writeCopied(
  store: Store,
  db: ArchiveDatabase,
  shopId: string,
  position: Position,
  copied: Copied,
): Promise<void> {
  const origin = { shop_id: shopId, ...placeOf(position) };
  await writeRecords(db, origin, copied.records);
  const { ledgers, restocks } = copied.more;
  if (ledgers.size + restocks.size === 0) return;
  const left = { ...nothingTouched(), ledgers, restocks };
  const next = await readTouched(store, db, shopId, position, left);
  await writeCopied(store, db, shopId, position, next);
}
