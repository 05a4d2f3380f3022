import type { Booking } from '../../src/protocol/booking.js';

/** What came of the bookings of one process, as its viewers were told. */
export interface LedgerPage {
  /** By item: units accepted, and units still held or bought by the viewers' own account. */
  items: Record<string, { accepted: number; outstanding: number; sequences: number[] }>;
  bookings: number;
  /** Releases that a viewer heard of before the deadline. */
  early: { bookingId: string; ms: number }[];
  expired: number;
  cancelled: number;
  /** Bookings past their deadline whose end nobody told their viewer. */
  untold: number;
}

interface Entry {
  itemId: string;
  quantity: number;
  sequence: number;
  expiresAt: number;
  ended: boolean;
  ordered: boolean;
}

/** Clocks of two machines are compared through messages, so a release counts as early only past this, ms. */
const CLOCK_TOLERANCE_MS = 25;
const FIRST_EARLY = 20;
/** A deadline passed by this much and no word: the viewer was not told, ms. */
const TOLD_WITHIN_MS = 2_000;

/** Keeps account of every accepted booking, from nothing but what viewers are told. */
export class Ledger {
  private readonly entries = new Map<string, Entry>();
  /** Ended before their acceptance was known: an answer can be lost, or come after the news. */
  private readonly endedUnknown = new Set<string>();
  private readonly early: LedgerPage['early'] = [];
  private expired = 0;
  private cancelled = 0;

  accept(booking: Booking): void {
    const { bookingId, itemId, quantity, sequence, expiresAt } = booking;
    if (this.entries.has(bookingId)) return;
    const ended = this.endedUnknown.delete(bookingId);
    const entry = { itemId, quantity, sequence, expiresAt, ended, ordered: false };
    this.entries.set(bookingId, entry);
  }

  /**
   * A `booking:updated`. @param serverNow the server's clock at this moment, epoch ms
   * @returns how late the release came, ms, when it is one
   */
  update(booking: Booking, serverNow: number): number | undefined {
    const entry = this.entries.get(booking.bookingId);
    const over = booking.status !== 'held' && booking.status !== 'ordered';
    if (!entry && over) this.endedUnknown.add(booking.bookingId);
    if (!entry || entry.ended) return undefined;
    entry.ordered = booking.status === 'ordered';
    if (!over) return undefined;
    entry.ended = true;
    if (booking.status === 'cancelled') {
      this.cancelled++;
      return undefined;
    }
    this.expired++;
    const lateness = serverNow - booking.expiresAt;
    if (lateness < -CLOCK_TOLERANCE_MS && this.early.length < FIRST_EARLY)
      this.early.push({ bookingId: booking.bookingId, ms: lateness });
    return Math.max(0, lateness);
  }

  /** @param serverNow the server's clock, epoch ms */
  page(serverNow: number): LedgerPage {
    const items: LedgerPage['items'] = {};
    let untold = 0;
    for (const entry of this.entries.values()) {
      items[entry.itemId] ??= { accepted: 0, outstanding: 0, sequences: [] };
      const item = items[entry.itemId] as LedgerPage['items'][string];
      item.accepted += entry.quantity;
      item.sequences.push(entry.sequence);
      const over = !entry.ordered && entry.expiresAt < serverNow;
      if (!entry.ended && !over) item.outstanding += entry.quantity;
      if (!entry.ended && !entry.ordered && entry.expiresAt < serverNow - TOLD_WITHIN_MS) untold++;
    }
    const { early, expired, cancelled } = this;
    return { items, bookings: this.entries.size, early, expired, cancelled, untold };
  }
}
