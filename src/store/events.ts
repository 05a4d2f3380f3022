import type {
  ChangedStoreEvent,
  PrivateStoreEvent,
  PublicStoreEvent,
  QuestionStoreEvent,
  RulesStoreEvent,
  StoreEvent,
} from './event-kinds.js';
import { shopKey } from './keys.js';
import type { Store } from './store.js';

/** A reader's place in a stream: the id of the last entry seen. */
export type Position = string;
export const BEGINNING: Position = '0-0';

/** The place after the newest entry. */
export async function streamEnd(store: Store, shopId: string): Promise<Position> {
  return (await store.read((redis) => redis.get(`${shopKey(shopId)}:events:last`))) ?? BEGINNING;
}

/** The place before the first entry of a moment of Redis's clock, epoch ms, or of a later one that is still there. */
export async function streamPlaceAt(store: Store, shopId: string, at: number): Promise<Position> {
  const end = await streamEnd(store, shopId);
  const from = String(Math.floor(at));
  const [first] =
    (await store.read((redis) =>
      redis.xRange(`${shopKey(shopId)}:events`, from, '+', { COUNT: 1 }),
    )) ?? [];
  return first?.message[1] ?? end;
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
  /** The entry before it, whether or not it is still there. */
  after: Position;
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
  return (entries ?? []).map(({ id, message }) => ({
    id,
    after: message[1] ?? BEGINNING,
    events: eventsOfFields(message),
  }));
}

/** Whoever asks for events may ask later for those of so many days, s. */
const KEPT_SECONDS = 30 * 86_400;

/** From now on the shop's events are kept for 30 days, and for as long after as somebody asks for them. */
export async function keepEvents(store: Store, shopId: string): Promise<void> {
  const key = `${shopKey(shopId)}:events:asked`;
  await store.read((redis) => redis.set(key, '1', { EX: KEPT_SECONDS }));
}

/** How far the archive of this installation has come in the shop's stream: nothing after `bound` may be trimmed. */
export interface ArchiveMark {
  bound: Position;
  archived: Position;
}

/** An installation that archives nothing any more trims its streams again after so long, s. */
const MARK_KEPT_SECONDS = 7 * 86_400;

function markKey(shopId: string): string {
  return `${shopKey(shopId)}:events:archived`;
}

/** From now on nothing that the archive lacks is trimmed. Where a mark stands it stays. */
export async function beginMark(store: Store, shopId: string): Promise<void> {
  const expiration = { type: 'EX' as const, value: MARK_KEPT_SECONDS };
  await store.read((redis) =>
    redis.set(markKey(shopId), `${BEGINNING} ${BEGINNING}`, { condition: 'NX', expiration }),
  );
  await store.read((redis) => redis.expire(markKey(shopId), MARK_KEPT_SECONDS));
}

export async function writeMark(
  store: Store,
  shopId: string,
  { bound, archived }: ArchiveMark,
): Promise<void> {
  const expiration = { type: 'EX' as const, value: MARK_KEPT_SECONDS };
  await store.read((redis) => redis.set(markKey(shopId), `${bound} ${archived}`, { expiration }));
}

/** How far the archive has come, and the newest entry. */
export async function archiveProgress(
  store: Store,
  shopId: string,
): Promise<{ archived: Position; last: Position }> {
  const key = `${shopKey(shopId)}:events:last`;
  const [mark, last] = await store.read((redis) =>
    Promise.all([redis.get(markKey(shopId)), redis.get(key)]),
  );
  return { archived: mark?.split(' ')[1] ?? BEGINNING, last: last ?? BEGINNING };
}

/** Whether the stream goes on from a place. Not so when Redis was restored to what it was before that place. */
export async function goesOnFrom(
  store: Store,
  shopId: string,
  position: Position,
): Promise<boolean> {
  // First what the newest is, then what there is: an entry that is appended in between is no gap.
  const last = await streamEnd(store, shopId);
  const [first] = await readEntries(store, shopId, position, 1);
  return (first?.after ?? last) === position;
}

/** Which of two places comes first: below 0 the first one. */
export function comparePositions(one: Position, other: Position): number {
  const [ms = '0', seq = '0'] = one.split('-');
  const [otherMs = '0', otherSeq = '0'] = other.split('-');
  return Number(ms) - Number(otherMs) || Number(seq) - Number(otherSeq);
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
    events: entries.flatMap(({ message }) => eventsOfFields(message)),
    position: entries.at(-1)?.id ?? position,
    gap: false,
    more: entries.length === PART,
  };
}

/**
 * The fields of an entry and their values in turn: `after` names the entry before it; then, in the order in which things
 * happened, `<n>:<kind>` and a payload as JSON.
 */
export function eventsOfFields(fields: string[]): StoreEvent[] {
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
      | QuestionStoreEvent
      | ChangedStoreEvent
      | RulesStoreEvent;
  return privateEvent(what.slice(0, end), what.slice(end + 1), payload);
}

/** Ids need no escapes in JSON, so the viewer's can be cut out: `{"viewerId":"…",…}`. */
const ID_FROM = '{"viewerId":"'.length;

function privateEvent(kind: string, viewer: string, payload: string): PrivateStoreEvent {
  const type = kind as PrivateStoreEvent['type'];
  const viewerId = viewer.slice(ID_FROM, viewer.indexOf('"', ID_FROM));
  // Bookings and orders are written bare; they are published under their name.
  const named = type === 'booking' || type === 'order';
  return { type, viewerId, viewer, payload: named ? `{"${type}":${payload}}` : payload };
}
