import type { Metrics } from '../metrics.js';
import type { Booking, BookingCancel, BookingCreate } from '../protocol/booking.js';
import { AppError } from '../protocol/errors.js';
import type { BookingsQuery, Page } from '../protocol/http.js';
import { type Accepted, BookingBatches } from '../store/booking-batches.js';
import { pageBookings } from '../store/bookings.js';
import { requestDigest } from '../store/keys.js';
import { scripts } from '../store/scripts.js';
import type { Store } from '../store/store.js';
import type { ActiveShops } from './active-shops.js';

export interface BookingsOptions {
  store: Store;
  metrics: Metrics;
  active: ActiveShops;
  /** Told of every new deadline, so that the sweeper's alarm is set in time. */
  onDeadline: (shopId: string, at: number, now?: number) => void;
}

/** A booking's id follows from who asks and their request id: the booking is the record of its own request. */
export function bookingIdOf(viewerId: string, requestId: string): string {
  return `bk_${requestDigest(viewerId, requestId)}`;
}

/** Books and cancels. Every rule is in the scripts; here are ids, batches and counts. */
export class Bookings {
  private readonly store: Store;
  private readonly batches: BookingBatches;
  private readonly metrics: Metrics;
  private readonly onDeadline: BookingsOptions['onDeadline'];
  private readonly active: ActiveShops;

  constructor({ store, metrics, active, onDeadline }: BookingsOptions) {
    this.store = store;
    this.batches = new BookingBatches(store);
    this.metrics = metrics;
    this.onDeadline = onDeadline;
    this.active = active;
  }

  async create(
    shopId: string,
    viewer: { viewerId: string; name: string },
    request: BookingCreate,
  ): Promise<Accepted> {
    try {
      await this.active.ensure(shopId);
      const accepted = await this.batches.create(shopId, {
        bookingId: bookingIdOf(viewer.viewerId, request.requestId),
        viewerId: viewer.viewerId,
        viewerName: viewer.name,
        liveId: request.liveId,
        itemId: request.itemId,
        quantity: request.quantity,
      });
      const { expiresAt, createdAt } = accepted.booking;
      this.onDeadline(shopId, expiresAt, accepted.repeated ? undefined : createdAt);
      this.metrics.countBooking('accepted');
      return accepted;
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
    const args = [request.bookingId, viewerId, String(request.quantity ?? '')];
    const { booking, reputation } = await this.store.run(scripts.bookingCancel, shopId, args);
    return { booking, reputation };
  }

  /** By the host: released, and no penalty to the viewer. */
  async cancelByHost(shopId: string, bookingId: string): Promise<Booking> {
    return (await this.store.run(scripts.bookingCancel, shopId, [bookingId, '', ''])).booking;
  }

  list(shopId: string, query: BookingsQuery): Promise<Page<Booking>> {
    return pageBookings(this.store, shopId, query);
  }
}
