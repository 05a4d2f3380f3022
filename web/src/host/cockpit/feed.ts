import { signal } from '@preact/signals';
import type { Booking, BookingStatus } from '../../../../src/protocol/booking.js';
import type { HostBooking } from '../../../../src/protocol/snapshot.js';
import type { ViewerBrief } from '../../../../src/protocol/viewer.js';
import { serverNow } from '../../shared/clock.js';

/** One thing that happened to a booking while the console was open. */
export interface FeedEntry {
  id: number;
  at: number;
  booking: HostBooking;
  what: BookingStatus;
}

const KEPT = 100;
const SHOWN_PER_SECOND = 4;

/** Newest first. */
export const feed = signal<readonly FeedEntry[]>([]);

let lastId = 0;
let waiting: FeedEntry[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * In a rush hundreds of bookings come a second, and nobody reads that fast: entries are gathered and shown a
 * few times a second, and only the newest are kept.
 */
export function noteInFeed(booking: Booking, viewer: ViewerBrief, before?: HostBooking): void {
  lastId += 1;
  // Still held with less than before: the viewer gave a part of it back.
  const dropped = booking.status === 'held' ? (before?.quantity ?? 0) - booking.quantity : 0;
  waiting.unshift({
    id: lastId,
    at: serverNow(),
    booking: { ...booking, viewer, quantity: dropped > 0 ? dropped : booking.quantity },
    what: dropped > 0 ? 'cancelled' : booking.status,
  });
  waiting.length = Math.min(waiting.length, KEPT);
  timer ??= setTimeout(show, 1_000 / SHOWN_PER_SECOND);
}

function show(): void {
  timer = undefined;
  feed.value = [...waiting, ...feed.value].slice(0, KEPT);
  waiting = [];
}

export function resetFeed(): void {
  clearTimeout(timer);
  timer = undefined;
  waiting = [];
  feed.value = [];
}
