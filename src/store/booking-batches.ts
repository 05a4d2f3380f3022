import type { z } from 'zod';
import type { Booking } from '../protocol/booking.js';
import { AppError } from '../protocol/errors.js';
import type { ItemView } from '../protocol/item.js';
import { BookingResultSchema, scripts } from './scripts/index.js';
import type { Store } from './store.js';

/** What the script takes for one booking. `bookingId` is derived from viewer and requestId. */
export interface BookingCommand {
  bookingId: string;
  viewerId: string;
  viewerName: string;
  guest: boolean;
  liveId: string;
  itemId: string;
  quantity: number;
}

export interface Accepted {
  booking: Booking;
  item: ItemView;
  /** Both as JSON: thousands get the same item, and of a booking most is known as text. */
  json: { booking: string; item: string };
  /** The same request was accepted before: this is its first outcome again. */
  repeated: boolean;
}

interface Waiting {
  command: BookingCommand;
  /** When it came, ms of the monotonic clock. */
  since: number;
  resolve: (accepted: Accepted) => void;
  reject: (error: unknown) => void;
}

interface ShopQueue {
  waiting: Waiting[];
  inFlight: number;
  scheduled: boolean;
}

/** The most commands in one script call: bounds how long Redis is busy with one call (about 1 ms). */
const BATCH_LIMIT = 64;
/** A command that waited this long, ms, is refused rather than sent: its caller has been answered that nothing is known. */
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

  constructor(store: Store) {
    this.store = store;
  }

  create(shopId: string, command: BookingCommand): Promise<Accepted> {
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
    const oldest = performance.now() - PATIENCE_MS;
    const batch: Waiting[] = [];
    const wishes = new Map<string, number>();
    const wished: string[] = [];
    const commands: string[] = [];
    for (const waiting of taken) {
      if (waiting.since < oldest) {
        waiting.reject(new AppError('STORE_UNAVAILABLE'));
        continue;
      }
      const { bookingId, viewerId, viewerName, guest, liveId, itemId, quantity } = waiting.command;
      batch.push(waiting);
      // Many of a batch want the same, and every value costs Redis and its client something.
      const key = `${liveId} ${itemId} ${quantity} ${guest}`;
      let wish = wishes.get(key);
      if (wish === undefined) {
        wish = wishes.size + 1;
        wishes.set(key, wish);
        wished.push(liveId, itemId, String(quantity), guest ? '1' : '');
      }
      commands.push(bookingId, viewerId, viewerName, String(wish));
    }
    if (batch.length === 0) return;
    const args = [String(wishes.size), ...wished, ...commands];
    try {
      const reply = await this.store.run(scripts.bookingCreate, shopId, args);
      settle(batch, reply);
    } catch (error) {
      // What waits behind a call that got no answer would only wait as long again: refused as well, and never sent.
      const stuck = this.shops.get(shopId)?.waiting.splice(0) ?? [];
      for (const waiting of [...batch, ...stuck]) waiting.reject(error);
    }
  }
}

type Reply = z.infer<typeof scripts.bookingCreate.reply>;

function settle(batch: Waiting[], reply: Reply): void {
  const items = new Map<string, string>();
  for (const [i, { command, resolve, reject }] of batch.entries()) {
    const accepted = sequenceOf(reply, i);
    const booking = accepted ? newBooking(command, accepted, reply) : outcome(i, reply);
    const item = reply.items[command.itemId];
    if (booking instanceof AppError) reject(booking);
    else if (item) {
      let text = items.get(command.itemId);
      if (text === undefined) {
        text = JSON.stringify(item);
        items.set(command.itemId, text);
      }
      const json = { booking: accepted ? jsonOfNew(booking) : JSON.stringify(booking), item: text };
      resolve({ booking, item, json, repeated: accepted === undefined });
    } else reject(new AppError('INTERNAL'));
  }
}

/** Of a booking that was accepted now: its sequence, and how long it is held, ms. */
function sequenceOf(
  { values, lifetime }: Reply,
  i: number,
): { sequence: number; lifetime: number } | undefined {
  const value = values[i];
  if (typeof value === 'number') return { sequence: value, lifetime };
  const [, sequence, own] = /^(\d+):(\d+)$/.exec(value ?? '') ?? [];
  return own === undefined ? undefined : { sequence: Number(sequence), lifetime: Number(own) };
}

function newBooking(
  { bookingId, liveId, itemId, viewerId, quantity }: BookingCommand,
  { sequence, lifetime }: { sequence: number; lifetime: number },
  { now: createdAt, items }: Reply,
): Booking {
  const unitPrice = items[itemId]?.price ?? 0;
  const expiresAt = createdAt + lifetime;
  return {
    bookingId,
    liveId,
    itemId,
    viewerId,
    quantity,
    unitPrice,
    status: 'held',
    sequence,
    createdAt,
    expiresAt,
    source: 'viewer',
  };
}

/** As `JSON.stringify` prints it, at a fraction of its cost: ids have no characters to escape. */
export function jsonOfNew(b: Booking): string {
  return `{"bookingId":"${b.bookingId}","liveId":"${b.liveId}","itemId":"${b.itemId}","viewerId":"${b.viewerId}","quantity":${b.quantity},"unitPrice":${b.unitPrice},"status":"${b.status}","sequence":${b.sequence},"createdAt":${b.createdAt},"expiresAt":${b.expiresAt},"source":"${b.source}"}`;
}

/** The booking that was accepted by an earlier call of the same request, or why this one was refused. */
function outcome(i: number, reply: Reply): Booking | AppError {
  const result = BookingResultSchema.parse(JSON.parse(String(reply.values[i] ?? 'null')));
  if ('booking' in result) return result.booking;
  return new AppError(result.error.code, result.error.details);
}
