import type { ItemView, Release, StockView } from '../protocol/item.js';
import type { Live } from '../protocol/live.js';
import { shopKey } from './keys.js';
import type { Store } from './store.js';

/** What concerns every viewer of a live. */
export type PublicStoreEvent =
  | { type: 'stock'; items: StockView[] }
  | { type: 'released'; releases: Release[] }
  | { type: 'live'; live: Live; revision: number }
  | { type: 'item'; item: ItemView };

/** What concerns one viewer, and the shop's hosts. It is passed on as it was written, so it stays text. */
export interface PrivateStoreEvent {
  type: 'booking' | 'order' | 'reputation' | 'checkout';
  viewerId: string;
  /** JSON of what the viewer is told. */
  payload: string;
  /** JSON of a `ViewerBrief`, which hosts are told besides. */
  viewer: string;
  /** The viewer's sockets here have been told already. */
  told?: boolean;
}

/** What the scripts append to a shop's event stream. Written by us alone, so it is trusted, not parsed by schema. */
export type StoreEvent = PublicStoreEvent | PrivateStoreEvent;

/** What one commit appended. */
export interface StreamEntry {
  id: Position;
  /** The entry before it. */
  after: Position;
  events: StoreEvent[];
}

/** A reader's place in a stream: the id of the last entry seen. */
export type Position = string;
const BEGINNING: Position = '0-0';

/** The place after the newest entry. */
export async function streamEnd(store: Store, shopId: string): Promise<Position> {
  return (await store.read((redis) => redis.get(`${shopKey(shopId)}:events:last`))) ?? BEGINNING;
}

/** Whether an entry stands after a place. Ids are `<ms>-<n>`, whole numbers both. */
export function isAfter(entry: Position, place: Position): boolean {
  const [ms = 0, n = 0] = entry.split('-').map(Number);
  const [placeMs = 0, placeN = 0] = place.split('-').map(Number);
  return ms > placeMs || (ms === placeMs && n > placeN);
}

export interface StreamPart {
  entries: StreamEntry[];
  position: Position;
  /** What follows the place is no longer in the stream (trimmed, or the store lost it). */
  gap: boolean;
  more: boolean;
}

const PART = 500;

/** What was appended after `position`. @param end as `streamEnd` said a moment before */
export async function readStream(
  store: Store,
  shopId: string,
  position: Position,
  end: Position,
): Promise<StreamPart> {
  const key = `${shopKey(shopId)}:events`;
  const entries =
    (await store.read((redis) => redis.xRange(key, `(${position}`, '+', { COUNT: PART }))) ?? [];
  const [first] = entries;
  const gap = first ? first.message.after !== position : end !== position;
  if (gap) return { entries: [], position, gap, more: false };
  return {
    entries: entries.map(({ id, message }) => ({
      id,
      after: message.after ?? '',
      events: eventsOf(message),
    })),
    position: entries.at(-1)?.id ?? position,
    gap,
    more: entries.length === PART,
  };
}

/**
 * The fields of an entry: `after` names the entry before it; then, in the order in which things happened, `<n>:<kind>`
 * and a payload as JSON.
 */
function eventsOf(fields: Record<string, string>): StoreEvent[] {
  const [, ...happened] = Object.entries(fields);
  return happened.map(([field, payload]) => {
    const what = field.slice(field.indexOf(':') + 1);
    const end = what.indexOf(' ');
    if (end < 0) return Object.assign(JSON.parse(payload), { type: what }) as PublicStoreEvent;
    return privateEvent(what.slice(0, end), what.slice(end + 1), payload);
  });
}

/** Ids need no escapes in JSON, so the viewer's can be cut out: `{"viewerId":"…",…}`. */
const ID_FROM = '{"viewerId":"'.length;

function privateEvent(kind: string, viewer: string, payload: string): PrivateStoreEvent {
  const type = kind as PrivateStoreEvent['type'];
  const viewerId = viewer.slice(ID_FROM, viewer.indexOf('"', ID_FROM));
  // Bookings and orders are written bare; they are told under their name.
  const named = type === 'booking' || type === 'order';
  return { type, viewerId, viewer, payload: named ? `{"${type}":${payload}}` : payload };
}
