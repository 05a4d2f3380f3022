import { signal } from '@preact/signals';
import type { Booking, BookingStatus } from '../../../../src/protocol/booking.js';
import type { HostBooking } from '../../../../src/protocol/snapshot.js';
import type { ViewerBrief } from '../../../../src/protocol/viewer.js';
import { serverNow } from '../../shared/clock.js';
import { gather } from '../gather.js';

/** One thing that happened to a booking while the console was open. */
export interface FeedEntry {
  id: number;
  at: number;
  booking: HostBooking;
  what: BookingStatus;
}

const KEPT = 100;

/** Newest first. */
export const feed = signal<readonly FeedEntry[]>([]);

let lastId = 0;
let waiting: FeedEntry[] = [];
const show = gather(250, () => {
  feed.value = [...waiting, ...feed.value].slice(0, KEPT);
  waiting = [];
});

/** Only the newest are kept. */
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
  show.soon();
}

export function resetFeed(): void {
  waiting = [];
  feed.value = [];
}
