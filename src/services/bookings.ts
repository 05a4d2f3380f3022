import type { Metrics } from '../metrics.js';
import type {
  Booking,
  BookingCancel,
  BookingCreate,
  HostBookingCreate,
} from '../protocol/booking.js';
import { AppError } from '../protocol/errors.js';
import type { BookingsQuery, Page, Winners } from '../protocol/http.js';
import { codeKey, type ItemView } from '../protocol/item.js';
import type { ViewerBrief } from '../protocol/viewer.js';
import { type Accepted, BookingBatches } from '../store/booking-batches.js';
import { pageBookings } from '../store/bookings.js';
import { requestDigest } from '../store/keys.js';
import { readLive } from '../store/lives.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import { readViewer } from '../store/viewers.js';
import type { ActiveShops } from './deadlines/active-shops.js';

export interface BookingsOptions {
  store: Store;
  metrics: Metrics;
  active: ActiveShops;
}

const WINNERS_SHOWN = 3;
const WINNERS_LOOKED_AT = 12;

/** As much of a name as is said on camera: no second word, no phone number, no address. */
function firstName(name: string): string {
  const [first = ''] = name.trim().split(/\s+/);
  return /\d{4}|@|\.\w|\//.test(first) ? '' : Array.from(first).slice(0, 20).join('');
}

/** For whom units are held. */
export interface Booker {
  viewerId: string;
  name: string;
  guest: boolean;
}

/** A booking's id follows from who asks and their request id: the booking is the record of its own request. */
function bookingIdOf(viewerId: string, requestId: string): string {
  return `bk_${requestDigest(viewerId, requestId)}`;
}

/** Books and cancels. Every rule is in the scripts; here are ids, batches and counts. */
export class Bookings {
  private readonly store: Store;
  private readonly batches: BookingBatches;
  private readonly metrics: Metrics;
  private readonly active: ActiveShops;

  constructor({ store, metrics, active }: BookingsOptions) {
    this.store = store;
    this.batches = new BookingBatches(store);
    this.metrics = metrics;
    this.active = active;
  }

  create(
    shopId: string,
    { viewerId, name, guest }: Booker,
    { liveId, itemId, quantity, requestId }: BookingCreate,
  ): Promise<Accepted> {
    const bookingId = bookingIdOf(viewerId, requestId);
    const what = { bookingId, liveId, itemId, quantity };
    return this.book(shopId, () =>
      this.batches.create(shopId, { ...what, viewerId, viewerName: name, guest }),
    );
  }

  /**
   * The host books for somebody, who is judged like anyone: found by id, else by handle, else made.
   * @throws NOT_FOUND for an unknown code, and the codes of a booking
   */
  async createByHost(
    shopId: string,
    hostId: string,
    request: HostBookingCreate,
  ): Promise<{ booking: Booking; item: ItemView; viewer: ViewerBrief }> {
    const { liveId, quantity, requestId } = request;
    const { itemId } = request;
    // What the code names is found out where it is booked: a repeat is of the item that had it then.
    const code = itemId === undefined ? codeKey(request.code ?? '') : undefined;
    const { viewerId, name } = request.viewer;
    const handle = request.viewer.handle?.normalize('NFC').toLowerCase();
    const digest = requestDigest(`host ${hostId}`, requestId);
    // This distinguishes what was named from anything else, and stays unknown when its viewer is erased.
    const asked = requestDigest(
      `${digest} ${requestId}`,
      JSON.stringify([viewerId, handle, name, code]),
    );
    const wish = {
      liveId,
      itemId,
      code,
      quantity,
      asked,
      viewerId,
      handle,
      name,
      newId: `vw_${digest}`,
    };
    const args = [`bk_${digest}`, JSON.stringify(wish)];
    const { booking, item, viewer } = await this.book(shopId, () =>
      this.store.run(scripts.bookingFor, shopId, args),
    );
    return { booking, item, viewer };
  }

  private async book<Made extends { booking: Booking; repeated: boolean }>(
    shopId: string,
    make: () => Promise<Made>,
  ): Promise<Made> {
    try {
      // Hardly ever: each wait for nothing costs the thousands a turn.
      const marking = this.active.ensure(shopId);
      if (marking !== undefined) await marking;
      const made = await make();
      this.metrics.countBooking('accepted');
      return made;
    } catch (error) {
      this.metrics.countBooking(error instanceof AppError ? error.code : 'INTERNAL');
      throw error;
    }
  }

  /** By the viewer, whole or part; costs reputation as the settings say. */
  async cancel(
    shopId: string,
    viewerId: string,
    request: BookingCancel,
  ): Promise<{ booking: Booking; reputation: number }> {
    const { bookingId, quantity, requestId } = request;
    const digest = requestId === undefined ? '' : requestDigest(viewerId, requestId);
    const args = [bookingId, viewerId, String(quantity ?? ''), digest];
    const { booking, reputation } = await this.store.run(scripts.bookingCancel, shopId, args);
    return { booking, reputation };
  }

  /** By the host: released, and no penalty to the viewer. */
  async cancelByHost(shopId: string, bookingId: string): Promise<Booking> {
    return (await this.store.run(scripts.bookingCancel, shopId, [bookingId, '', '', ''])).booking;
  }

  /** By the host: an ended booking is held again. @throws BOOKING_NOT_HELD, INSUFFICIENT_STOCK */
  async restore(
    shopId: string,
    hostId: string,
    bookingId: string,
    requestId: string,
  ): Promise<Booking> {
    await this.active.ensure(shopId);
    const args = [bookingId, requestDigest(`host ${hostId}`, requestId)];
    return (await this.store.run(scripts.bookingRestore, shopId, args)).booking;
  }

  /** Who got the item on show last, as far as anyone may know. @throws NOT_FOUND */
  async winners(shopId: string, liveId: string): Promise<Winners> {
    const live = await readLive(this.store, shopId, liveId);
    if (!live) throw new AppError('NOT_FOUND');
    const { pinnedItemId: itemId, status } = live;
    if (itemId === null || status !== 'live') return { itemId, winners: [] };
    const { items } = await pageBookings(this.store, shopId, { itemId, limit: WINNERS_LOOKED_AT });
    const got = items.filter(
      (booking) =>
        booking.liveId === liveId && (booking.status === 'held' || booking.status === 'ordered'),
    );
    const winners = await Promise.all(
      got.slice(0, WINNERS_SHOWN).map(async ({ viewerId, sequence, quantity }) => {
        const { name = '' } = (await readViewer(this.store, shopId, viewerId)) ?? {};
        return { name: firstName(name), sequence, quantity };
      }),
    );
    return { itemId, winners };
  }

  list(shopId: string, query: BookingsQuery): Promise<Page<Booking>> {
    return pageBookings(this.store, shopId, query);
  }
}
