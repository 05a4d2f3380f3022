import type { Position } from '../store/events.js';
import { type ArchiveRecords, readRecords } from '../store/records.js';
import type { Store } from '../store/store.js';
import type { ArchiveDatabase } from './database.js';
import { placeOf } from './rows.js';
import type { Touched } from './touched.js';
import { type Known, knownOf, writeRecords } from './writer.js';

/** Records of Redis, and from where on they are new to the archive. */
export interface Copied {
  records: ArchiveRecords;
  known: Known;
  /** Lists that have more entries than were read. */
  more: Pick<Touched, 'ledgers' | 'restocks'>;
}

/** Reads what was touched: at least as new as the entries that said so. */
export async function readTouched(
  store: Store,
  db: ArchiveDatabase,
  shopId: string,
  touched: Touched,
): Promise<Copied> {
  const known = await knownOf(db, shopId, [...touched.ledgers], [...touched.restocks]);
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
  const unread = (lists: ArchiveRecords['ledgers']) =>
    new Set(Object.keys(lists).filter((id) => lists[id]?.more));
  const more = { ledgers: unread(records.ledgers), restocks: unread(records.restocks) };
  return { records, known, more };
}

/** Writes what was read, and what is left of long lists. `position`: the entry by which the rows are written. */
export async function writeCopied(
  store: Store,
  db: ArchiveDatabase,
  shopId: string,
  position: Position,
  copied: Copied,
): Promise<void> {
  const origin = { shop_id: shopId, ...placeOf(position) };
  await writeRecords(db, origin, copied.records, copied.known);
  const { ledgers, restocks } = copied.more;
  if (ledgers.size + restocks.size === 0) return;
  const none = { bookings: new Set<string>(), orders: new Set<string>() };
  const left = {
    ...none,
    notices: new Set<string>(),
    refunds: new Set<string>(),
    ledgers,
    restocks,
  };
  const next = await readTouched(store, db, shopId, left);
  await writeCopied(store, db, shopId, position, next);
}
