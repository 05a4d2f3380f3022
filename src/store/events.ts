import type { Booking } from '../protocol/booking.js';
import type { ItemView, Release, StockView } from '../protocol/item.js';
import type { Live } from '../protocol/live.js';
import type { Order } from '../protocol/order.js';
import type { ReputationChange, ViewerBrief } from '../protocol/viewer.js';
import { shopKey } from './keys.js';
import type { Store } from './store.js';

/** What the scripts append to a shop's event stream. Written by us alone, so it is trusted, not parsed by schema. */
export type StoreEvent =
  | { type: 'stock'; items: StockView[] }
  | { type: 'released'; releases: Release[] }
  | { type: 'live'; live: Live; revision: number }
  | { type: 'item'; item: ItemView }
  | { type: 'booking'; booking: Booking; viewer: ViewerBrief }
  | { type: 'order'; order: Order; viewer: ViewerBrief }
  | { type: 'checkout'; viewerId: string; checkoutId: string }
  | ({ type: 'reputation'; viewer: ViewerBrief } & ReputationChange);

/** A reader's place in a stream: the id of the last entry seen. */
export type Position = string;
const BEGINNING: Position = '0-0';

/** The place after the newest entry. */
export async function streamEnd(store: Store, shopId: string): Promise<Position> {
  const last = await store.read((redis) =>
    redis.xRevRange(`${shopKey(shopId)}:events`, '+', '-', { COUNT: 1 }),
  );
  return last?.[0]?.id ?? BEGINNING;
}

export interface StreamPart {
  events: StoreEvent[];
  position: Position;
  /** The place is no longer in the stream (trimmed, or the store lost it): what came between is unknown. */
  gap: boolean;
  more: boolean;
}

const PART = 500;

/** What was appended after `position`. The entry at the place itself is read too: it must still be there. */
export async function readStream(
  store: Store,
  shopId: string,
  position: Position,
): Promise<StreamPart> {
  const key = `${shopKey(shopId)}:events`;
  const start = position === BEGINNING ? '-' : position;
  const entries =
    (await store.read((redis) => redis.xRange(key, start, '+', { COUNT: PART }))) ?? [];
  const anchored = position === BEGINNING || entries[0]?.id === position;
  if (!anchored) return { events: [], position, gap: true, more: false };
  const fresh = position === BEGINNING ? entries : entries.slice(1);
  return {
    events: fresh.flatMap((entry) => eventsOf(entry.message)),
    position: fresh.at(-1)?.id ?? position,
    gap: false,
    more: entries.length === PART,
  };
}

/** The fields of an entry, in the order in which things happened: `<n>:<kind>` and a payload as JSON. */
function eventsOf(fields: Record<string, string>): StoreEvent[] {
  return Object.entries(fields).map(([field, payload]) => {
    const type = field.slice(field.indexOf(':') + 1);
    return Object.assign(JSON.parse(payload), { type }) as StoreEvent;
  });
}
