import type { z } from 'zod';
import { AppError } from '../protocol/errors.js';
import type { Position } from './events.js';
import { type AuditRow, scripts } from './scripts/index.js';
import type { Store } from './store.js';

/** An item that changes faster than it can be read is given up after so many steps, each of which takes in 600 commits. */
const STEPS = 250;

export type ItemCounters = Extract<z.infer<typeof scripts.auditItem.reply>, { at: string }>;

/**
 * An item's counters at one moment, for whoever knows its bookings as of a place in the stream. Every change is in the
 * stream: `take` is given those bookings as they are now, until so few are left that a script reads them together with
 * the counters. `left` are bookings that have left Redis since the caller began, at `begun`, epoch ms. Undefined when what follows the place is no longer in the stream.
 */
export async function countersSince(
  store: Store,
  shopId: string,
  itemId: string,
  since: Position,
  take: (rows: AuditRow[]) => void,
  begun = Number.MAX_SAFE_INTEGER,
): Promise<ItemCounters | undefined> {
  let position = since;
  for (let step = 0; step < STEPS; step++) {
    const part = await store.run(scripts.auditItem, shopId, [itemId, position, String(begun)]);
    if ('lost' in part) return undefined;
    if (!('behind' in part)) {
      take(part.rows);
      return part;
    }
    take(part.behind.rows);
    position = part.behind.position;
  }
  throw new AppError('STORE_UNAVAILABLE', { audit: `${itemId} changes faster than it is read` });
}
