import { signal } from '@preact/signals';
import type { Booking } from '../../../../src/protocol/booking.js';
import type { HostBooking } from '../../../../src/protocol/snapshot.js';
import type { ViewerBrief } from '../../../../src/protocol/viewer.js';
import { api } from './api.js';
import { gather } from './gather.js';

/**
 * The bookings of the live as far as they are known: held ones come with the snapshot, news by events, and what ended
 * before the console was opened is asked for when a list wants it.
 */
const known = new Map<string, HostBooking>();

/** Newest first. */
export const bookings = signal<readonly HostBooking[]>([]);
/** Whether the server has older ones that were not asked for. */
export const hasOlder = signal(true);
/** Moves when everything was forgotten and lists should ask again: another live, or news was missed. */
export const generation = signal(0);

const PAGE = 200;

let liveId: string | null = null;
let cursor: string | null = null;
let asking: Promise<void> | null = null;
/** Where each item's own list goes on, null at its end; items that were not asked for are not in it. */
const itemCursors = new Map<string, string | null>();

const show = gather(200, () => {
  bookings.value = [...known.values()].sort(
    (a, b) => b.createdAt - a.createdAt || b.sequence - a.sequence,
  );
});

/** Begins again with those that are held now. */
export function startBookings(ofLive: string, held: Iterable<HostBooking>): void {
  resetBookings();
  liveId = ofLive;
  for (const booking of held) known.set(booking.bookingId, booking);
  show.now();
  generation.value += 1;
}

export function resetBookings(): void {
  liveId = null;
  cursor = null;
  asking = null;
  itemCursors.clear();
  known.clear();
  hasOlder.value = true;
  show.now();
}

export function noteBooking(booking: Booking, viewer: ViewerBrief): void {
  if (booking.liveId !== liveId) return;
  known.set(booking.bookingId, { ...booking, viewer });
  show.soon();
}

/** The next page of older ones; several askers share one request. */
export function loadOlder(): Promise<void> {
  if (!hasOlder.peek() || liveId === null) return Promise.resolve();
  asking ??= askOlder(liveId, generation.peek());
  return asking;
}

async function askOlder(ofLive: string, turn: number): Promise<void> {
  const outcome = await api.bookings({ liveId: ofLive, cursor, limit: PAGE });
  if (turn !== generation.peek() || ofLive !== liveId) return;
  asking = null;
  if (!outcome.ok) return;
  addOlder(outcome.data.items);
  cursor = outcome.data.nextCursor;
  hasOlder.value = cursor !== null;
}

/** Everything there is, for a search. */
export async function loadAllOlder(): Promise<void> {
  const turn = generation.peek();
  while (hasOlder.peek() && turn === generation.peek()) {
    const before = cursor;
    await loadOlder();
    if (cursor === before) return;
  }
}

/** The newest of one item, asked for once; then, each time `more` is wanted, the page before. */
export async function loadOfItem(itemId: string, more = false): Promise<void> {
  // Where the first page has all of the live, no list of an item has more.
  if (cursor === null) await loadOlder();
  if (!hasOlder.peek()) return;
  const from = itemCursors.get(itemId);
  if (liveId === null || from === null || (from !== undefined && !more)) return;
  const turn = generation.peek();
  // Nobody else asks for the same meanwhile.
  itemCursors.set(itemId, null);
  const query = { liveId, itemId, limit: PAGE, cursor: from ?? null };
  const outcome = await api.bookings(query);
  if (turn !== generation.peek()) return;
  if (outcome.ok) {
    itemCursors.set(itemId, outcome.data.nextCursor);
    addOlder(outcome.data.items);
  } else if (from === undefined) itemCursors.delete(itemId);
  else itemCursors.set(itemId, from);
}

/** What came by events is newer than any list. */
function addOlder(rows: readonly HostBooking[]): void {
  for (const row of rows) if (!known.has(row.bookingId)) known.set(row.bookingId, row);
  show.now();
}
