import type { z } from 'zod';
import type { StoredCommentSchema } from '../protocol/comment.js';
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

/** A comment that asked for nothing; hosts are told of it. */
export interface QuestionStoreEvent {
  type: 'question';
  comment: z.infer<typeof StoredCommentSchema>;
}

/** What the other events do not say by themselves, in the words of other systems; sockets are not told of it. */
interface FactStoreEvent {
  type: 'fact';
  /** JSON of `{ type, data }`. */
  payload: string;
  /** JSON of a `ViewerBrief`, of what concerns one. */
  viewer?: string;
}

/** What concerns one viewer, and the shop's hosts. It is passed on as it was written, so it stays text. */
export interface PrivateStoreEvent {
  type: 'booking' | 'order' | 'reputation' | 'checkout' | 'waitlist' | 'viewer' | 'comment';
  viewerId: string;
  /** JSON of what the viewer is told. */
  payload: string;
  /** JSON of a `ViewerBrief`, which hosts are told besides. */
  viewer: string;
}

/** What the scripts append to a shop's event stream. Written by us alone, so it is trusted, not parsed by schema. */
export type StoreEvent = PublicStoreEvent | QuestionStoreEvent | FactStoreEvent | PrivateStoreEvent;

/** A reader's place in a stream: the id of the last entry seen. */
export type Position = string;
const BEGINNING: Position = '0-0';

/** The place after the newest entry. */
export async function streamEnd(store: Store, shopId: string): Promise<Position> {
  return (await store.read((redis) => redis.get(`${shopKey(shopId)}:events:last`))) ?? BEGINNING;
}

export interface StreamPart {
  events: StoreEvent[];
  /** After the last event read. */
  position: Position;
  /** What follows the place is no longer in the stream (trimmed, or the store lost it). */
  gap: boolean;
  more: boolean;
}

const PART = 500;

export interface StreamEntry {
  id: Position;
  events: StoreEvent[];
}

/** What was appended after `position` and is still there, for those who ask for what is left. */
export async function readEntries(
  store: Store,
  shopId: string,
  position: Position,
  count: number,
): Promise<StreamEntry[]> {
  const key = `${shopKey(shopId)}:events`;
  const entries = await store.read((redis) =>
    redis.xRange(key, `(${position}`, '+', { COUNT: count }),
  );
  return (entries ?? []).map(({ id, message }) => ({ id, events: eventsOf(message) }));
}

/** Whoever asks for events may ask later for those of so many days, s. */
const KEPT_SECONDS = 30 * 86_400;

/** From now on the shop's events are kept for 30 days, and for as long after as somebody asks for them. */
export async function keepEvents(store: Store, shopId: string): Promise<void> {
  const key = `${shopKey(shopId)}:events:asked`;
  await store.read((redis) => redis.set(key, '1', { EX: KEPT_SECONDS }));
}

/** What was appended after `position`. */
export async function readStream(
  store: Store,
  shopId: string,
  position: Position,
): Promise<StreamPart> {
  const read = async () => {
    const key = `${shopKey(shopId)}:events`;
    return (
      (await store.read((redis) => redis.xRange(key, `(${position}`, '+', { COUNT: PART }))) ?? []
    );
  };
  let entries = await read();
  // Nothing follows, yet another entry is the last one: it was appended in between, or what follows is lost.
  const lost = entries.length === 0 && (await streamEnd(store, shopId)) !== position;
  if (lost) entries = await read();
  const [first] = entries;
  if (first ? first.message[1] !== position : lost)
    return { events: [], position, gap: true, more: false };
  return {
    events: entries.flatMap(({ message }) => eventsOf(message)),
    position: entries.at(-1)?.id ?? position,
    gap: false,
    more: entries.length === PART,
  };
}

/**
 * The fields of an entry and their values in turn: `after` names the entry before it; then, in the order in which things
 * happened, `<n>:<kind>` and a payload as JSON.
 */
function eventsOf(fields: string[]): StoreEvent[] {
  const events: StoreEvent[] = [];
  for (let i = 2; i < fields.length; i += 2)
    events.push(eventOf(fields[i] as string, fields[i + 1] as string));
  return events;
}

function eventOf(field: string, payload: string): StoreEvent {
  const what = field.slice(field.indexOf(':') + 1);
  const end = what.indexOf(' ');
  if (what === 'fact') return { type: 'fact', payload };
  if (what.startsWith('fact ')) return { type: 'fact', payload, viewer: what.slice(end + 1) };
  if (end < 0)
    return Object.assign(JSON.parse(payload), { type: what }) as
      | PublicStoreEvent
      | QuestionStoreEvent;
  return privateEvent(what.slice(0, end), what.slice(end + 1), payload);
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
