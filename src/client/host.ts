import type { Booking } from '../protocol/booking.js';
import type { HostEvents } from '../protocol/events.js';
import type { HostBooking, HostSnapshot } from '../protocol/snapshot.js';
import type { ViewerBrief } from '../protocol/viewer.js';
import { Connection, type ConnectionOptions } from './connection.js';
import { settle } from './errors.js';
import { LiveClient, type StateEvents } from './live-client.js';
import { laterBooking } from './me.js';

export interface HostOptions extends ConnectionOptions {
  /** The live to be in from the start; `enter()` chooses another. */
  liveId?: string;
}

/** The server's events, where it helps with what was known before, and what happens to the state. */
export interface HostClientEvents extends StateEvents, Omit<HostEvents, 'booking:updated'> {
  'booking:updated': (
    news: { booking: Booking; viewer: ViewerBrief },
    before: HostBooking | undefined,
  ) => void;
}

/** Connects as the host of the token's shop: receives every booking and order of the shop, and all events of one live. */
export function connectHost(options: HostOptions): HostClient {
  return new HostClient(options);
}

export class HostClient extends LiveClient<'/host', HostSnapshot, HostClientEvents> {
  private liveId: string | undefined;
  private readonly heldHere = new Map<string, HostBooking>();
  /** What was received since a snapshot was asked for: it may be newer than the snapshot. */
  private heardSince = new Map<string, HostBooking>();
  private viewers: number | null = null;

  constructor({ liveId, ...options }: HostOptions) {
    super(new Connection('/host', options));
    this.liveId = liveId;
    if (liveId !== undefined) this.setPhase('joining');
  }

  /** The held bookings of the live, by id. One map, changed in place: in a rush there are thousands of changes a second. */
  get held(): ReadonlyMap<string, HostBooking> {
    return this.heldHere;
  }

  /** Sockets in the live; null until the server has said it. */
  get audience(): number | null {
    return this.viewers;
  }

  /** Goes into a live, out of the one before; resolves when its state is there. @throws LiveholdError */
  async enter(liveId: string): Promise<void> {
    const before = this.liveId;
    if (before !== liveId) {
      this.liveId = liveId;
      this.viewers = null;
      this.setPhase('joining');
      if (before !== undefined && this.connection.isOnline) {
        void settle(this.connection.command('live:leave', { liveId: before }));
      }
    }
    void this.resync();
    await this.ready();
  }

  protected join(): Promise<HostSnapshot> {
    this.heardSince = new Map();
    return this.connection.command('live:join', { liveId: this.liveId ?? '' });
  }

  protected override applySnapshot(snapshot: HostSnapshot): void {
    this.heldHere.clear();
    for (const booking of snapshot.bookings) this.heldHere.set(booking.bookingId, booking);
    for (const booking of this.heardSince.values()) this.take(booking);
    super.applySnapshot(snapshot);
  }

  protected override receive(event: string, payload: unknown): void {
    const news = payload as { booking: Booking; viewer: ViewerBrief; liveId: string };
    if (event === 'booking:updated') {
      const before = this.heldHere.get(news.booking.bookingId);
      if (news.booking.liveId === this.liveId) this.take({ ...news.booking, viewer: news.viewer });
      this.emit(event, payload, before);
      return;
    }
    if (event === 'live:audience' && news.liveId === this.liveId)
      this.viewers = (payload as { viewers: number }).viewers;
    super.receive(event, payload);
  }

  private take(heard: HostBooking): void {
    const { bookingId } = heard;
    this.heardSince.set(bookingId, heard);
    const known = this.heldHere.get(bookingId);
    const now = known === undefined ? heard : laterBooking(known, heard);
    if (now.status === 'held') this.heldHere.set(bookingId, now);
    else this.heldHere.delete(bookingId);
  }
}
