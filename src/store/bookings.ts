import { z } from 'zod';
import { type Booking, BookingSchema, BookingStatusSchema } from '../protocol/booking.js';
import { AppError } from '../protocol/errors.js';
import type { BookingsQuery, Page } from '../protocol/http.js';
import { shopKey } from './keys.js';
import { allLiveIds } from './lives.js';
import { pageList } from './paging.js';
import type { BookingList } from './past.js';
import type { Store } from './store.js';

/** What may have changed since the booking was accepted. */
const SinceSchema = z.object({
  status: BookingStatusSchema.optional(),
  quantity: z.int().optional(),
  expiresAt: z.int().optional(),
});

/** A record has two lines, both JSON: the booking as it was acked, and what has changed since; see `lib/release.lua`. */
export function parseBooking(record: string | null): Booking | undefined {
  if (record === null) return undefined;
  const [accepted = '', since = ''] = record.split('\n');
  return BookingSchema.parse({
    source: 'viewer',
    ...JSON.parse(accepted),
    ...SinceSchema.parse(JSON.parse(since)),
  });
}

/** One command a booking, for while a cluster moves the slot only those of one key are answered. */
async function readBooking(store: Store, shopId: string, id: string): Promise<Booking | undefined> {
  return parseBooking(await store.read((redis) => redis.get(`${shopKey(shopId)}:booking:${id}`)));
}

/** Of ids in a list; of some the record has left Redis, and their place follows. */
async function readBookings(
  store: Store,
  shopId: string,
  ids: string[],
): Promise<(Booking | undefined)[]> {
  const here = await Promise.all(ids.map((id) => readBooking(store, shopId, id)));
  const missing = ids.filter((_, i) => here[i] === undefined);
  if (missing.length === 0 || !store.past) return here;
  const past = await store.past.bookings(shopId, missing);
  return here.map((booking, i) => booking ?? parseBooking(past.get(ids[i] ?? '') ?? null));
}

/** The shop's bookings, newest live first, newest booking first within it. */
export async function pageBookings(
  store: Store,
  shopId: string,
  query: BookingsQuery,
): Promise<Page<Booking>> {
  const wanted = (b: Booking | undefined) =>
    b &&
    (!query.status || b.status === query.status) &&
    (!query.liveId || b.liveId === query.liveId) &&
    (!query.itemId || b.itemId === query.itemId) &&
    (!query.viewerId || b.viewerId === query.viewerId)
      ? b
      : undefined;
  const load = async (ids: string[]) =>
    (await readBookings(store, shopId, ids)).map((booking) => wanted(booking));
  const past = (list: BookingList, id: string) => async (from: number, limit: number) => {
    const rows = (await store.past?.bookingsOf(shopId, list, id, from, limit)) ?? [];
    return rows.map(({ place, text }) => ({ place, row: wanted(parseBooking(text)) }));
  };
  const base = `${shopKey(shopId)}:bookings`;
  if (query.viewerId)
    return pageList(
      store,
      `${base}:viewer:${query.viewerId}`,
      query,
      load,
      past('viewer', query.viewerId),
    );
  if (query.itemId)
    return pageList(store, `${base}:item:${query.itemId}`, query, load, past('item', query.itemId));
  if (query.liveId)
    return pageList(store, `${base}:live:${query.liveId}`, query, load, past('live', query.liveId));
  return pageAcrossLives(store, shopId, query, (liveId, part) =>
    pageList(store, `${base}:live:${liveId}`, part, load, past('live', liveId)),
  );
}

/** Walks the lives one after the other; the cursor names the live and the place in it. */
async function pageAcrossLives(
  store: Store,
  shopId: string,
  query: BookingsQuery,
  pageOfLive: (
    liveId: string,
    part: { limit: number; cursor?: string | undefined },
  ) => Promise<Page<Booking>>,
): Promise<Page<Booking>> {
  const lives = await allLiveIds(store, shopId);
  const [cursorLive, cursor] = query.cursor?.split('/') ?? [];
  const start = cursorLive ? lives.indexOf(cursorLive) : 0;
  if (start < 0) throw new AppError('VALIDATION', { cursor: 'is not from an earlier page' });
  const rest = lives.slice(start);
  const items: Booking[] = [];
  for (const [i, liveId] of rest.entries()) {
    const part = await pageOfLive(liveId, {
      limit: query.limit - items.length,
      cursor: liveId === cursorLive && cursor ? cursor : undefined,
    });
    items.push(...part.items);
    if (part.nextCursor) return { items, nextCursor: `${liveId}/${part.nextCursor}` };
    const next = rest[i + 1];
    if (items.length === query.limit) return { items, nextCursor: next ? `${next}/` : null };
  }
  return { items, nextCursor: null };
}

/** How many bookings an item has had. */
export function bookingCount(store: Store, shopId: string, itemId: string): Promise<number> {
  return store.read((redis) => redis.lLen(`${shopKey(shopId)}:bookings:item:${itemId}`));
}
