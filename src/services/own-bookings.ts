import type { Booking } from '../protocol/booking.js';
import type { StockView } from '../protocol/item.js';
import type { Booked } from '../store/booking-batches.js';
import type { Position, StoreEvent, StreamEntry } from '../store/events.js';

/** The most entries that are remembered; a few wait at a time. Past this viewers are told twice, which does no harm. */
const LIMIT = 1_000;

interface Passed {
  entry: Position;
  stock: StockView[];
}

/**
 * Bookings that this server made itself, in one shop. The answers of the scripts say what the stream will say of them, so
 * their viewers are told at once, and their entries need not be told again, nor even be read.
 */
export class OwnBookings {
  /** What the stream has not brought yet, by the entry before. */
  private readonly entries = new Map<Position, Passed>();
  private unsaid: Booking[] = [];

  add({ bookings, items, entry, after }: Booked): void {
    if (this.entries.size >= LIMIT) this.forget();
    const stock = items.map(({ itemId, available, booked, allocated, sold, revision }) => ({
      itemId,
      available,
      booked,
      allocated,
      sold,
      revision,
    }));
    this.entries.set(after, { entry, stock });
    this.unsaid.push(...bookings);
  }

  /** Bookings whose viewers have not been told. */
  takeUnsaid(): Booking[] {
    return this.unsaid.splice(0);
  }

  /** What follows immediately upon a place, if it is our own. */
  takeNext(position: Position): Passed | undefined {
    const next = this.entries.get(position);
    if (next) this.entries.delete(position);
    return next;
  }

  /** The events of entries read, in order; of our own, bookings are marked as told. */
  eventsOf(entries: StreamEntry[]): StoreEvent[] {
    return entries.flatMap(({ id, after, events }) => {
      if (this.entries.get(after)?.entry !== id) return events;
      this.entries.delete(after);
      return events.map((event) => (event.type === 'booking' ? { ...event, told: true } : event));
    });
  }

  /** Places are no longer what they were. */
  forget(): void {
    this.entries.clear();
  }
}
