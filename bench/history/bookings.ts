import type { Booking } from '../../src/protocol/booking.js';
import { CLOCK_TOLERANCE_MS, type Device, type ViewerState } from './device.js';
import type { Findings } from './findings.js';
import type { Request } from './requests.js';

/** Held for good: longer than any clock runs. */
export const FOR_EVER = Number.MAX_SAFE_INTEGER;

/** What answers and notifications have said of one booking. */
export interface BookingHistory {
  readonly bookingId: string;
  readonly itemId: string;
  readonly sequence: number;
  readonly expiresAt: number;
  /** Units as it was accepted; undefined until an answer or the first notification says so. */
  quantity: number | undefined;
  /** Undefined until it is answered. */
  answered: { sentAt: number; at: number; revision: number } | undefined;
  /** When anything was heard of it first. */
  readonly since: number;
  /** Devices that had asked for it before it was answered. */
  senders: readonly number[];
  /** The one device that made it, when that is certain: its answer says so, and nothing else must. */
  maker: number | undefined;
  /** States that answers told, and states told to each device in their order: `held 2`, `held 1`, `expired 1`. */
  readonly acked: string[];
  readonly told: string[][];
  /** By the clients' own account its units were theirs until here, whatever the server says; clients' clock. */
  heldUntil: number;
}

/** Where units are at the end, and which came free, by the clients' account. */
export interface Units {
  booked: number;
  freed: { quantity: number; reason: 'booking_expired' | 'booking_cancelled' }[];
  /** How the booking ended, if it did. */
  ended: string | undefined;
}

const HELD = /^held /;
const ENDED = 1_000_000;

/** The bookings of one viewer. */
export class ViewerBookings {
  readonly all = new Map<string, BookingHistory>();

  /** The first acceptance of a request. @param skew the server's clock less the clients', ms */
  accepted(booking: Booking, request: Request, revision: number, at: number, skew: number): void {
    const entry = this.entry(booking, at);
    if (entry.answered) return;
    entry.quantity = booking.quantity;
    entry.answered = { sentAt: request.sentAt, at, revision };
    entry.senders = [...request.senders];
    if (entry.senders.length === 1) entry.maker = entry.senders[0];
    entry.acked.push(stateOf(booking));
    const over = entry.told.flat().some((state) => !HELD.test(state));
    entry.heldUntil = over ? at : booking.expiresAt - skew - CLOCK_TOLERANCE_MS;
  }

  /** What an answer says became of a booking. */
  answered(booking: Booking, at: number): void {
    const entry = this.entry(booking, at);
    const state = stateOf(booking);
    if (!entry.acked.includes(state)) entry.acked.push(state);
    this.shorten(entry, booking, at);
  }

  /** The viewer has asked to give units back: from here on they may be someone else's. */
  cancelling(bookingId: string, at: number): void {
    const entry = this.all.get(bookingId);
    if (entry) entry.heldUntil = Math.min(entry.heldUntil, at);
  }

  /** A `booking:updated`. Answers whether it is of a booking just made. */
  heard(device: Device, booking: Booking, at: number): boolean {
    const entry = this.entry(booking, at);
    entry.told[device.index] ??= [];
    const told = entry.told[device.index] as string[];
    entry.quantity ??= booking.quantity;
    const isNew = booking.status === 'held' && booking.quantity === entry.quantity;
    told.push(stateOf(booking));
    this.shorten(entry, booking, at);
    return isNew;
  }

  judge(viewer: ViewerState, findings: Findings): void {
    for (const entry of this.all.values()) {
      const states = this.statesOf(entry, viewer);
      judgeEnd(entry, states, viewer, findings);
      for (const device of viewer.devices) judgeTold(entry, states, device, viewer, findings);
    }
    if (viewer.unanswered > 0) return;
    for (const { bookingId } of viewer.final?.me.bookings ?? []) {
      if (!this.all.has(bookingId))
        findings.broken(
          'told',
          'booking held',
          `${bookingId} of ${viewer.viewerId}, nobody was told`,
        );
    }
  }

  /** Where a booking's units are, by what was told and what must have happened. */
  unitsOf(entry: BookingHistory, viewer: ViewerState): Units {
    const freed: Units['freed'] = [];
    let booked = 0;
    let ended: string | undefined;
    for (const state of this.statesOf(entry, viewer)) {
      const [status, text] = state.split(' ');
      const quantity = Number(text);
      if (status === 'held') {
        if (quantity < booked)
          freed.push({ quantity: booked - quantity, reason: 'booking_cancelled' });
        booked = quantity;
        continue;
      }
      booked = 0;
      ended = status;
      if (status === 'expired') freed.push({ quantity, reason: 'booking_expired' });
      if (status === 'cancelled') freed.push({ quantity, reason: 'booking_cancelled' });
    }
    return { booked, freed, ended };
  }

  /** Cancelled by someone else: when is not known, only that it was before now. */
  private shorten(entry: BookingHistory, { status, quantity }: Booking, at: number): void {
    const given = status === 'cancelled' || (status === 'held' && quantity < (entry.quantity ?? 0));
    if (given && entry.heldUntil > at) entry.heldUntil = entry.answered?.at ?? 0;
  }

  private entry(booking: Booking, at: number): BookingHistory {
    const { bookingId, itemId, sequence, expiresAt } = booking;
    let entry = this.all.get(bookingId);
    if (!entry) {
      entry = {
        bookingId,
        itemId,
        sequence,
        expiresAt,
        quantity: undefined,
        answered: undefined,
        since: at,
        senders: [],
        maker: undefined,
        acked: [],
        told: [],
        heldUntil: 0,
      };
      this.all.set(bookingId, entry);
    }
    return entry;
  }

  /** Every state that anyone was told of, in their order, and the end that must have come if nobody was told of it. */
  private statesOf(entry: BookingHistory, { final }: ViewerState): string[] {
    const states = [...new Set([...entry.acked, ...entry.told.flat()])];
    states.sort((a, b) => rank(a) - rank(b));
    const last = states.at(-1) ?? '';
    const held = final?.me.bookings.some(({ bookingId }) => bookingId === entry.bookingId);
    if (final && !held && HELD.test(last)) {
      const status = entry.expiresAt <= final.serverTime ? 'expired' : 'over';
      states.push(last.replace('held', status));
    }
    return states;
  }
}

function stateOf({ status, quantity }: Booking): string {
  return `${status} ${quantity}`;
}

/** Units only grow fewer, and then it ends. */
function rank(state: string): number {
  return HELD.test(state) ? ENDED - Number(state.slice('held '.length)) : ENDED;
}

/** A booking ends once, and is over when its time is. */
function judgeEnd(
  { bookingId, expiresAt }: BookingHistory,
  states: string[],
  { viewerId, final }: ViewerState,
  findings: Findings,
): void {
  const ends = states.filter((state) => !HELD.test(state));
  if (ends.length > 1)
    findings.broken('once', 'booking ended', `${bookingId} of ${viewerId}: ${ends.join(' and ')}`);
  const held = final?.me.bookings.find((one) => one.bookingId === bookingId);
  if (!final || !held) return;
  if (stateOf(held) !== states.at(-1))
    findings.broken(
      'told',
      `booking ${held.status}`,
      `${bookingId}: told ${states.at(-1)}, is ${stateOf(held)}`,
    );
  if (expiresAt < final.serverTime)
    findings.broken(
      'told',
      'booking expired',
      `${bookingId} of ${viewerId} is held past its deadline`,
    );
}

/** What one device was told of a booking, against everything that happened to it. */
function judgeTold(
  entry: BookingHistory,
  states: string[],
  device: Device,
  { viewerId }: ViewerState,
  findings: Findings,
): void {
  const told = entry.told[device.index] ?? [];
  const where = `${entry.bookingId} of ${viewerId}, device ${device.index}`;
  const made = `held ${entry.quantity}`;
  findings.checked('once', told.length);
  if (new Set(told).size < told.length || (entry.maker === device.index && told.includes(made)))
    findings.broken('once', 'booking', `${where}: ${told.join(', ')}`);
  if (told.some((state, i) => i > 0 && rank(state) < rank(told[i - 1] ?? '')))
    findings.broken('order', 'booking', `${where}: ${told.join(', ')}`);
  if (device.lost) return;
  const asked = entry.senders.includes(device.index);
  for (const state of statesSince(entry, states, device)) {
    if (asked && state === made) continue;
    findings.checked('told');
    if (!told.includes(state))
      findings.broken('told', `booking ${state.split(' ')[0]}`, `${where}`);
  }
}

/** The states that a device was there to hear: all of a booking made later, and what came after its first snapshot. */
function statesSince(entry: BookingHistory, states: string[], device: Device): string[] {
  if ((entry.answered?.sentAt ?? entry.since) >= device.from) return states;
  const known = device.snapshot?.me.bookings.find((one) => one.bookingId === entry.bookingId);
  return known ? states.filter((state) => rank(state) > rank(stateOf(known))) : [];
}
