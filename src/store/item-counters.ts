import type { z } from 'zod';
import { AppError } from '../protocol/errors.js';
import { type Position, readStream, type StoreEvent } from './events.js';
import { type AuditRow, scripts } from './scripts/index.js';
import type { Store } from './store.js';

/** Bookings looked at in one script call: bounds how long Redis is busy with it. */
const STEP = 200;
/** An item that changes faster than it can be read is given up after so many tries. */
const TRIES = 50;

export type ItemCounters = Exclude<z.infer<typeof scripts.auditItem.reply>, { behind: true }>;

/**
 * An item's counters at one moment, for whoever knows its bookings as of a place in the stream. Every change is in the
 * stream: `take` is given those bookings as they are now, until so few are left that the last script reads them together with
 * the counters. Undefined when what follows the place is no longer in the stream.
 */
export async function countersSince(
  store: Store,
  shopId: string,
  itemId: string,
  since: Position,
  take: (rows: AuditRow[]) => void,
): Promise<ItemCounters | undefined> {
  let position = since;
  for (let tries = 0; tries < TRIES; tries++) {
    const last = await store.run(scripts.auditItem, shopId, [itemId, position]);
    if (!('behind' in last)) {
      take(last.rows);
      return last;
    }
    const changed = await changesSince(store, shopId, itemId, position);
    if (!changed) return undefined;
    position = changed.position;
    for (let from = 0; from < changed.ids.length; from += STEP) {
      const args = [itemId, ...changed.ids.slice(from, from + STEP)];
      take((await store.run(scripts.auditRows, shopId, args)).rows);
    }
  }
  throw new AppError('STORE_UNAVAILABLE', { audit: `${itemId} changes faster than it is read` });
}

async function changesSince(
  store: Store,
  shopId: string,
  itemId: string,
  since: Position,
): Promise<{ ids: string[]; position: Position } | undefined> {
  const ids = new Set<string>();
  let position = since;
  for (let more = true; more; ) {
    const part = await readStream(store, shopId, position);
    if (part.gap) return undefined;
    for (const event of part.events) for (const id of bookingsIn(event, itemId)) ids.add(id);
    position = part.position;
    more = part.more;
  }
  return { ids: [...ids], position };
}

function bookingsIn(event: StoreEvent, itemId: string): string[] {
  if (event.type !== 'booking' && event.type !== 'order') return [];
  const { booking, order } = JSON.parse(event.payload) as {
    booking?: Named;
    order?: { lines: Named[] };
  };
  const named = booking ? [booking] : (order?.lines ?? []);
  return named.flatMap((one) => (one.itemId === itemId ? [one.bookingId] : []));
}

interface Named {
  bookingId: string;
  itemId: string;
}
