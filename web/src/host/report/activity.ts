import { signal } from '@preact/signals';
import type { Booking } from '../../../../src/protocol/booking.js';
import type { Order } from '../../../../src/protocol/order.js';
import { serverNow } from '../../shared/clock.js';
import type { CommandError } from '../../shared/messages.js';
import { api, everyRow } from '../api.js';
import { gather } from '../gather.js';

/** What happened to goods over a live, for its report: seeded over HTTP, then fed by events. */
type Kind = 'booked' | 'released' | 'paid';

interface Moment {
  at: number;
  kind: Kind;
  units: number;
}

export type Totals = Record<Kind, number>;

/** What it came to so far, null until it is known; the chart draws the way there when it sees this move. */
export const totals = signal<Totals | null>(null);
const showTotals = gather(400, () => {
  if (!isSeeded) return;
  const sum: Totals = { booked: 0, released: 0, paid: 0 };
  for (const moment of moments) sum[moment.kind] += moment.units;
  totals.value = sum;
});
/** Rupiah of the paid orders of this live. */
export const paidRupiah = signal(0);

const MOST_SEEDED = 5_000;

/** The live that is looked at; of others nothing is noted. */
let liveId: string | null = null;
/** The state last counted, by booking and order: an event heard twice counts once. */
const bookings = new Map<string, { quantity: number; status: Booking['status'] }>();
const orders = new Map<string, Order['status']>();
let moments: Moment[] = [];
let isSeeded = false;
/** Orders cannot be told to be of the live before its bookings are known. */
const heardMeanwhile: Order[] = [];

/** Starts again for a live, from what the server has kept of it; answers what hindered it. */
export async function openActivity(of: string): Promise<CommandError | null> {
  closeActivity();
  liveId = of;
  const [booked, ordered] = await Promise.all([
    everyRow((page) => api.bookings({ ...page, liveId: of }), { most: MOST_SEEDED }),
    everyRow((page) => api.orders({ ...page, liveId: of }), { most: MOST_SEEDED }),
  ]);
  if (liveId !== of) return null;
  if (!booked.ok) return booked.error;
  if (!ordered.ok) return ordered.error;
  // What events have told meanwhile is newer.
  for (const booking of booked.data) if (!bookings.has(booking.bookingId)) note(booking, 'seed');
  isSeeded = true;
  for (const order of ordered.data) noteOrder(order, 'seed');
  for (const order of heardMeanwhile.splice(0)) noteOrder(order);
  showTotals.now();
  return null;
}

export function closeActivity(): void {
  liveId = null;
  isSeeded = false;
  bookings.clear();
  orders.clear();
  heardMeanwhile.length = 0;
  moments = [];
  paidRupiah.value = 0;
  totals.value = null;
}

type Source = 'seed' | 'event';

/**
 * When something ended is known exactly for an event. A booking or order read later tells only when it began
 * and its deadline: a time-out was at the deadline, a cancel some time before, so it is drawn half-way.
 */
function endedAt(
  it: { createdAt: number; expiresAt: number; status: string },
  source: Source,
): number {
  if (source === 'event') return serverNow();
  const latest = Math.min(it.expiresAt, serverNow());
  return it.status === 'expired' ? latest : (it.createdAt + latest) / 2;
}

export function noteBooking(booking: Booking): void {
  if (booking.liveId === liveId) note(booking, 'event');
}

function note(booking: Booking, source: Source): void {
  const before = bookings.get(booking.bookingId);
  bookings.set(booking.bookingId, { quantity: booking.quantity, status: booking.status });
  if (before === undefined) add(booking.createdAt, 'booked', booking.quantity);
  const wasHeld = before === undefined || before.status === 'held';
  if (!wasHeld) return;
  const at = endedAt(booking, source);
  const dropped = (before?.quantity ?? booking.quantity) - booking.quantity;
  const ended = booking.status === 'cancelled' || booking.status === 'expired';
  const released = ended ? booking.quantity + dropped : dropped;
  if (released > 0) add(at, 'released', released);
}

export function noteOrder(order: Order, source: Source = 'event'): void {
  if (liveId === null) return;
  if (!isSeeded) {
    heardMeanwhile.push(order);
    return;
  }
  if (!order.lines.some((line) => bookings.has(line.bookingId))) return;
  const before = orders.get(order.orderId);
  if (before === order.status) return;
  orders.set(order.orderId, order.status);
  const units = order.lines.reduce((sum, line) => sum + line.quantity, 0);
  if (order.status === 'paid') {
    add(order.paidAt ?? serverNow(), 'paid', units);
    paidRupiah.value += order.total;
  } else if (order.status === 'expired' || order.status === 'cancelled') {
    add(endedAt(order, source), 'released', units);
  }
}

function add(at: number, kind: Kind, units: number): void {
  moments.push({ at, kind, units });
  showTotals.soon();
}

export interface Series {
  /** Epoch seconds. */
  at: number[];
  booked: number[];
  released: number[];
  paid: number[];
}

const POINTS = 120;

/** Running totals at even steps between two moments. */
export function seriesBetween(from: number, to: number): Series {
  const series: Series = { at: [], booked: [], released: [], paid: [] };
  const sorted = [...moments].sort((a, b) => a.at - b.at);
  const sum: Totals = { booked: 0, released: 0, paid: 0 };
  const step = Math.max(1, (to - from) / (POINTS - 1));
  let next = 0;
  for (let point = 0; point < POINTS; point += 1) {
    const at = from + point * step;
    const last = point === POINTS - 1;
    for (let moment = sorted[next]; moment && (last || moment.at <= at); moment = sorted[next]) {
      sum[moment.kind] += moment.units;
      next += 1;
    }
    series.at.push(at / 1000);
    series.booked.push(sum.booked);
    series.released.push(sum.released);
    series.paid.push(sum.paid);
  }
  return series;
}
