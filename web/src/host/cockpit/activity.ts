import { signal } from '@preact/signals';
import type { Booking } from '../../../../src/protocol/booking.js';
import type { Live } from '../../../../src/protocol/live.js';
import type { Order } from '../../../../src/protocol/order.js';
import { serverNow } from '../../shared/clock.js';
import { api, everyRow } from '../api.js';
import { gather } from '../gather.js';

/** What happened to goods over the live, for the chart: seeded over HTTP, then fed by events. */
type Kind = 'booked' | 'released' | 'paid';

interface Moment {
  at: number;
  kind: Kind;
  units: number;
}

export type Totals = Record<Kind, number>;

/** What it came to so far; the chart draws the way there when it sees this move. */
export const totals = signal<Totals>({ booked: 0, released: 0, paid: 0 });
const showTotals = gather(400, () => {
  const sum: Totals = { booked: 0, released: 0, paid: 0 };
  for (const moment of moments) sum[moment.kind] += moment.units;
  totals.value = sum;
});
/** Rupiah of the paid orders of this live. */
export const paidRupiah = signal(0);

const MOST_SEEDED = 5_000;

let liveId: string | null = null;
/** The state last counted, by booking and order: an event heard twice counts once. */
const bookings = new Map<string, { quantity: number; status: Booking['status'] }>();
const orders = new Map<string, Order['status']>();
let moments: Moment[] = [];

/** Starts again for a live, from what the server has kept of it. */
export async function seedActivity(of: Live): Promise<void> {
  const [booked, ordered] = await Promise.all([
    everyRow((page) => api.bookings({ ...page, liveId: of.liveId }), { most: MOST_SEEDED }),
    everyRow(api.orders, {
      most: MOST_SEEDED,
      until: (order) => order.createdAt < (of.startedAt ?? 0),
    }),
  ]);
  if (!booked.ok || !ordered.ok) return;
  resetActivity();
  liveId = of.liveId;
  for (const booking of booked.data) noteBooking(booking, 'seed');
  for (const order of ordered.data) noteOrder(order, 'seed');
  showTotals.now();
}

export function resetActivity(): void {
  liveId = null;
  bookings.clear();
  orders.clear();
  moments = [];
  paidRupiah.value = 0;
  showTotals.now();
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

export function noteBooking(booking: Booking, source: Source = 'event'): void {
  if (booking.liveId !== liveId) return;
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
