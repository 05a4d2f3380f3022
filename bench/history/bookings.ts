import type { Booking } from '../../src/protocol/booking.js';
import type { Me } from '../../src/protocol/viewer.js';
import { type Chain, judgeTold, type Kind, newChain, statesOf, tell } from './chain.js';
import { CLOCK_TOLERANCE_MS, type Device, type ViewerState } from './device.js';
import type { Findings } from './findings.js';
import type { Request } from './requests.js';

/** The end of a booking whose viewer had asked to cancel it, and heard neither of that nor of its deadline. */
const UNHEARD = 'cancelled-or-expired';

/** Held for good: longer than any clock runs. */
export const FOR_EVER = Number.MAX_SAFE_INTEGER;

/** What answers and notifications have said of one booking. */
export interface BookingHistory {
  readonly bookingId: string;
  readonly itemId: string;
  readonly sequence: number;
  readonly chain: Chain;
  /** Its deadlines, in the order in which they were heard of. */
  readonly lives: number[];
  /** As it was made. */
  made: string | undefined;
  quantity: number;
  /** Undefined until a device's command is answered with it. */
  answered: { sentAt: number; at: number; revision: number } | undefined;
  /** Devices that had asked for it before it was answered. */
  senders: readonly number[];
  /** By the clients' own account its units were theirs until here, whatever the server says; clients' clock. */
  heldUntil: number;
  /** The viewer has asked to give units back. */
  cancelling: boolean;
}

/** Where units are at the end, and which came free, by the clients' account. */
export interface Units {
  booked: number;
  freed: { quantity: number; reason: 'booking_expired' | 'booking_cancelled' }[];
  /** Units that came free too, by a cancellation that was never answered or, if it never happened, at the deadline. */
  freedUnheard: number;
  /** How the booking ended, if it did. */
  ended: string | undefined;
}

/**
 * The states of a booking: `held 2 until …`, `held 1 until …`, `expired 1 until …`. Units only grow fewer, and then it ends.
 * A host may hold it again, until another deadline: a further life, which nobody hears of before the one that it follows.
 */
function kindOf({ lives }: BookingHistory): Kind {
  const place = ({ status, quantity, until }: State) => [
    lives.indexOf(until),
    status === 'held' ? 0 : 1,
    status === 'held' ? -quantity : 0,
  ];
  return {
    name: 'booking',
    compare(a, b) {
      const [one, other] = [place(parse(a)), place(parse(b))];
      const differs = one.findIndex((value, i) => value !== other[i]);
      return differs < 0 ? 0 : (one[differs] ?? 0) - (other[differs] ?? 0);
    },
  };
}

interface State {
  status: string;
  quantity: number;
  /** Its deadline. */
  until: number;
}

function stateOf({ status, quantity, expiresAt }: Booking): string {
  return `${status} ${quantity} until ${expiresAt}`;
}

function parse(state: string): State {
  const [status = '', quantity, , until] = state.split(' ');
  return { status, quantity: Number(quantity), until: Number(until) };
}

/** The bookings of one viewer. */
export class ViewerBookings {
  readonly all = new Map<string, BookingHistory>();

  /** The first acceptance of a request. @param skew the server's clock less the clients', ms */
  accepted(booking: Booking, request: Request, revision: number, at: number, skew: number): void {
    const entry = this.entry(booking, request.sentAt);
    entry.chain.since = request.sentAt;
    entry.made = stateOf(booking);
    entry.quantity = booking.quantity;
    entry.answered = { sentAt: request.sentAt, at, revision };
    entry.senders = [...request.senders];
    const over = entry.cancelling || entry.chain.told.flat().some((state) => state !== entry.made);
    entry.heldUntil = over ? at : booking.expiresAt - skew - CLOCK_TOLERANCE_MS;
    entry.chain.acked.push(entry.made);
  }

  /** What an answer says became of a booking. */
  answered(booking: Booking, at: number): void {
    const entry = this.entry(booking, at);
    const state = stateOf(booking);
    if (!entry.chain.acked.includes(state)) entry.chain.acked.push(state);
    shorten(entry, booking);
  }

  /** The viewer has asked to give units back: from here on they may be someone else's. */
  cancelling(bookingId: string, at: number): void {
    const entry = this.all.get(bookingId);
    if (!entry) return;
    entry.heldUntil = Math.min(entry.heldUntil, at);
    entry.cancelling = true;
  }

  /** A `booking:updated`. Answers whether it is of a booking just made. */
  heard(device: Device, booking: Booking, at: number): boolean {
    const entry = this.entry(booking, at);
    const state = stateOf(booking);
    if (booking.status === 'held') entry.made ??= state;
    tell(entry.chain, device, state);
    shorten(entry, booking);
    return state === entry.made;
  }

  judge(viewer: ViewerState, findings: Findings): void {
    for (const entry of this.all.values()) {
      const { bookingId: id, chain, made, senders } = entry;
      const states = lifeOf(entry, viewer);
      judgeEnd(entry, states, viewer, findings);
      // The device that made it has the answer; where several asked, any of them may.
      const spared = ({ index }: Device) =>
        made !== undefined && senders.includes(index)
          ? { state: made, forbidden: senders.length === 1 }
          : undefined;
      const shown = ({ snapshot }: Device) => shownIn(snapshot?.me, id);
      judgeTold({ id, chain, kind: kindOf(entry), states, shown, spared }, viewer, findings);
    }
    // What was asked for and never answered may have been made.
    if (viewer.unanswered > 0) return;
    for (const { bookingId } of viewer.final?.me.bookings ?? []) {
      if (this.all.has(bookingId)) continue;
      findings.broken('told', 'booking held', `${bookingId} of ${viewer.viewerId}: to nobody`);
    }
  }

  /** Where a booking's units are, by what was told and what must have happened. */
  unitsOf(entry: BookingHistory, viewer: ViewerState): Units {
    const units: Units = { booked: 0, freed: [], freedUnheard: 0, ended: undefined };
    for (const state of lifeOf(entry, viewer)) {
      const { status, quantity } = parse(state);
      const { booked } = units;
      if (status === 'held' && quantity < booked)
        units.freed.push({ quantity: booked - quantity, reason: 'booking_cancelled' });
      if (status === 'expired' || status === 'cancelled')
        units.freed.push({ quantity, reason: `booking_${status}` });
      if (status === UNHEARD) units.freedUnheard += quantity;
      units.booked = status === 'held' ? quantity : 0;
      units.ended = status === 'held' ? undefined : status;
    }
    return units;
  }

  private entry(booking: Booking, at: number): BookingHistory {
    const { bookingId, itemId, sequence, quantity, expiresAt } = booking;
    let entry = this.all.get(bookingId);
    if (!entry) {
      entry = {
        bookingId,
        itemId,
        sequence,
        chain: newChain(at),
        lives: [],
        made: undefined,
        quantity,
        answered: undefined,
        senders: [],
        heldUntil: 0,
        cancelling: false,
      };
      this.all.set(bookingId, entry);
    }
    if (!entry.lives.includes(expiresAt)) entry.lives.push(expiresAt);
    return entry;
  }
}

/** Cancelled by someone else: when is not known, only that it was before now. */
function shorten(entry: BookingHistory, { status, quantity }: Booking): void {
  const given = status === 'cancelled' || (status === 'held' && quantity < entry.quantity);
  if (given && !entry.cancelling)
    entry.heldUntil = Math.min(entry.heldUntil, entry.answered?.at ?? 0);
}

function shownIn(me: Me | undefined, id: string): string | undefined {
  const booking = me?.bookings.find(({ bookingId }) => bookingId === id);
  return booking && stateOf(booking);
}

/** Its states, and the end that must have come if nobody was told of it. */
function lifeOf(entry: BookingHistory, { final }: ViewerState): string[] {
  const states = statesOf(entry.chain, kindOf(entry));
  const { status, quantity, until } = parse(states.at(-1) ?? '');
  if (final && status === 'held' && shownIn(final.me, entry.bookingId) === undefined) {
    const lapsed = entry.cancelling ? UNHEARD : 'expired';
    states.push(`${until <= final.serverTime ? lapsed : 'over'} ${quantity} until ${until}`);
  }
  return states;
}

/** A booking ends once, and is over when its time is. */
function judgeEnd(
  { bookingId }: BookingHistory,
  states: string[],
  { viewerId, final }: ViewerState,
  findings: Findings,
): void {
  const ends = states.map(parse).filter(({ status }) => status !== 'held');
  if (new Set(ends.map(({ until }) => until)).size < ends.length)
    findings.broken('once', 'booking ended', `${bookingId} of ${viewerId}: ${states.join(', ')}`);
  const held = shownIn(final?.me, bookingId);
  if (!final || held === undefined) return;
  if (held !== states.at(-1))
    findings.broken('told', 'booking held', `${bookingId}: told ${states.at(-1)}, is ${held}`);
  if (parse(held).until < final.serverTime)
    findings.broken(
      'told',
      'booking expired',
      `${bookingId} of ${viewerId}: held past its deadline`,
    );
}
