import type { z } from 'zod';
import type { Booking } from '../protocol/booking.js';
import { AppError } from '../protocol/errors.js';
import type { ItemView } from '../protocol/item.js';
import { BookingResultSchema, scripts } from './scripts.js';
import type { Store } from './store.js';

/** What the script takes for one booking. `bookingId` is derived from viewer and requestId. */
export interface BookingCommand {
  bookingId: string;
  viewerId: string;
  viewerName: string;
  liveId: string;
  itemId: string;
  quantity: number;
}

interface Waiting {
  command: BookingCommand;
  /** When it came, ms of the monotonic clock. */
  since: number;
  resolve: (accepted: { booking: Booking; item: ItemView }) => void;
  reject: (error: unknown) => void;
}

interface ShopQueue {
  waiting: Waiting[];
  inFlight: number;
  scheduled: boolean;
}

/** What one call accepted. */
export interface Booked {
  bookings: Booking[];
  /** The items booked, as they are after it. */
  items: ItemView[];
  /** The stream entry that tells of it, and the one before that. */
  entry: string;
  after: string;
}

export type OnBooked = (shopId: string, booked: Booked) => void;

/** The most commands in one script call: bounds how long Redis is busy with one call (about 1 ms). */
const BATCH_LIMIT = 64;
/** A command that waited this long, ms, is refused rather than sent: its caller has been told that nothing is known. */
const PATIENCE_MS = 3_000;
/** Calls in flight for a shop; while they run, what arrives waits and makes the next batch larger. */
const IN_FLIGHT_LIMIT = 2;

/**
 * Sends the bookings that arrive in one turn of the event loop as one script call. The script judges them one
 * after the other, so the outcome is the same as one by one; what is saved is the round trips and repeated reads.
 */
export class BookingBatches {
  private readonly shops = new Map<string, ShopQueue>();
  private readonly store: Store;
  private readonly onBooked: OnBooked;

  /** @param onBooked told what a call accepted, before those who wait for it */
  constructor(store: Store, onBooked: OnBooked) {
    this.store = store;
    this.onBooked = onBooked;
  }

  create(shopId: string, command: BookingCommand): Promise<{ booking: Booking; item: ItemView }> {
    return new Promise((resolve, reject) => {
      let shop = this.shops.get(shopId);
      if (!shop) {
        shop = { waiting: [], inFlight: 0, scheduled: false };
        this.shops.set(shopId, shop);
      }
      shop.waiting.push({ command, since: performance.now(), resolve, reject });
      this.schedule(shopId);
    });
  }

  private schedule(shopId: string): void {
    const shop = this.shops.get(shopId);
    if (!shop || shop.scheduled || shop.inFlight >= IN_FLIGHT_LIMIT) return;
    shop.scheduled = true;
    setImmediate(() => {
      shop.scheduled = false;
      const batch = shop.waiting.splice(0, BATCH_LIMIT);
      if (batch.length === 0) return;
      shop.inFlight++;
      void this.send(shopId, batch).finally(() => {
        shop.inFlight--;
        if (shop.waiting.length > 0) this.schedule(shopId);
        else if (shop.inFlight === 0) this.shops.delete(shopId);
      });
      if (shop.waiting.length > 0) this.schedule(shopId);
    });
  }

  private async send(shopId: string, taken: Waiting[]): Promise<void> {
    const now = performance.now();
    const inTime = (waiting: Waiting) => now - waiting.since < PATIENCE_MS;
    const batch = taken.filter(inTime);
    for (const late of taken.filter((waiting) => !inTime(waiting))) {
      late.reject(new AppError('STORE_UNAVAILABLE'));
    }
    if (batch.length === 0) return;
    const args = batch.flatMap(({ command: c }) => [
      c.bookingId,
      c.viewerId,
      c.viewerName,
      c.liveId,
      c.itemId,
      String(c.quantity),
    ]);
    try {
      const reply = await this.store.run(scripts.bookingCreate, shopId, args);
      const outcomes = batch.map(({ command }, i) => outcome(command, i, reply));
      const bookings = outcomes.filter((_, i): _ is Booking => isNumber(reply.values[i]));
      if (bookings.length > 0) {
        const { entry, after } = reply;
        this.onBooked(shopId, { bookings, items: itemsOf(bookings, reply), entry, after });
      }
      for (const [i, waiting] of batch.entries()) settle(waiting, outcomes[i], reply);
    } catch (error) {
      // What waits behind a call that got no answer would only wait as long again: refused as well, and never sent.
      const stuck = this.shops.get(shopId)?.waiting.splice(0) ?? [];
      for (const waiting of [...batch, ...stuck]) waiting.reject(error);
    }
  }
}

type Reply = z.infer<typeof scripts.bookingCreate.reply>;

function settle(waiting: Waiting, outcome: Booking | AppError | undefined, reply: Reply): void {
  const item = reply.items[waiting.command.itemId];
  if (outcome instanceof AppError) waiting.reject(outcome);
  else if (outcome && item) waiting.resolve({ booking: outcome, item });
  else waiting.reject(new AppError('INTERNAL'));
}

const isNumber = (value: unknown) => typeof value === 'number';

function itemsOf(bookings: Booking[], reply: Reply): ItemView[] {
  const ids = new Set(bookings.map(({ itemId }) => itemId));
  return [...ids].flatMap((id) => reply.items[id] ?? []);
}

/** The booking that was accepted now, or by an earlier call of the same request, or why it was refused. */
function outcome(command: BookingCommand, i: number, reply: Reply): Booking | AppError {
  const value = reply.values[i];
  if (typeof value === 'number') {
    return {
      bookingId: command.bookingId,
      liveId: command.liveId,
      itemId: command.itemId,
      viewerId: command.viewerId,
      quantity: command.quantity,
      unitPrice: reply.items[command.itemId]?.price ?? 0,
      status: 'held',
      sequence: value,
      createdAt: reply.now,
      expiresAt: reply.expiresAt,
    };
  }
  const result = BookingResultSchema.parse(JSON.parse(value ?? 'null'));
  if ('booking' in result) return result.booking;
  return new AppError(result.error.code, result.error.details);
}
