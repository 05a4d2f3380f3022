import { signal } from '@preact/signals';
import type { Booking } from '../../../../src/protocol/booking.js';
import type { Order } from '../../../../src/protocol/order.js';
import { serverNow } from '../../shared/clock.js';
import type { CommandError } from '../../shared/messages.js';
import { api, everyRow } from './api.js';
import { gather } from './gather.js';

/** What happened to goods over a live, for its report: seeded over HTTP, then fed by events. */
type Kind = 'booked' | 'released' | 'paid';

interface Moment {
  at: number;
  kind: Kind;
  itemId: string;
  units: number;
  /** What was paid for them, without PPN and fees on top. */
  rupiah: number;
}

export type Totals = Record<Kind, number>;

/** What one item came to. */
export interface ItemTotals extends Totals {
  itemId: string;
  rupiah: number;
}

/** What it came to so far, null until it is known; the chart draws the way there when it sees this move. */
export const totals = signal<Totals | null>(null);
const showTotals = gather(400, () => {
  if (!isSeeded) return;
  const sum: Totals = { booked: 0, released: 0, paid: 0 };
  for (const moment of moments) sum[moment.kind] += moment.units;
  totals.value = sum;
  itemTotals.value = sumByItem();
});
/** The same item by item, those with the most sold first. */
export const itemTotals = signal<readonly ItemTotals[]>([]);
/** Rupiah of the paid orders of this live. */
export const paidRupiah = signal(0);

function sumByItem(): ItemTotals[] {
  const sums = new Map<string, ItemTotals>();
  for (const { itemId, kind, units, rupiah } of moments) {
    const sum = sums.get(itemId) ?? { itemId, booked: 0, released: 0, paid: 0, rupiah: 0 };
    sum[kind] += units;
    sum.rupiah += rupiah;
    sums.set(itemId, sum);
  }
  return [...sums.values()].sort((a, b) => b.paid - a.paid || b.booked - a.booked);
}

const MOST_SEEDED = 5_000;

/** The live that is looked at; of others nothing is noted. */
let liveId: string | null = null;
/** The state last counted, by booking and order: an event received twice counts once. */
const bookings = new Map<string, { quantity: number; status: Booking['status'] }>();
const orders = new Map<string, Order['status']>();
let moments: Moment[] = [];
let isSeeded = false;
/** Orders cannot be assigned to the live before its bookings are known. */
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
  // What came by events meanwhile is newer.
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
  itemTotals.value = [];
}

type Source = 'seed' | 'event';

/**
 * When something ended is known exactly for an event. A booking or order read later says only when it began
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
  const { itemId, quantity, status } = booking;
  bookings.set(booking.bookingId, { quantity, status });
  if (before === undefined) add(booking.createdAt, 'booked', itemId, quantity);
  const wasEnded = before?.status === 'cancelled' || before?.status === 'expired';
  // Held again: it was not released after all.
  if (wasEnded && status === 'held') add(serverNow(), 'released', itemId, -quantity);
  if (before !== undefined && before.status !== 'held') return;
  const dropped = (before?.quantity ?? quantity) - quantity;
  const isEnded = status === 'cancelled' || status === 'expired';
  const released = isEnded ? quantity + dropped : dropped;
  if (released > 0) add(endedAt(booking, source), 'released', itemId, released);
}

export function noteOrder(order: Order, source: Source = 'event'): void {
  if (liveId === null) return;
  if (!isSeeded) {
    heardMeanwhile.push(order);
    return;
  }
  // An order may have goods of another live too.
  const lines = order.lines.filter((line) => bookings.has(line.bookingId));
  const before = orders.get(order.orderId);
  if (lines.length === 0 || before === order.status) return;
  orders.set(order.orderId, order.status);
  const { status } = order;
  for (const { itemId, quantity, lineTotal } of lines) {
    if (status === 'paid') {
      add(order.paidAt ?? serverNow(), 'paid', itemId, quantity, lineTotal);
    } else if (status === 'expired' || status === 'cancelled') {
      add(endedAt(order, source), 'released', itemId, quantity);
    } else if (status === 'refunded' && before === 'paid') {
      add(serverNow(), 'paid', itemId, -quantity, -lineTotal);
    }
  }
  if (status === 'paid') paidRupiah.value += order.total;
  if (status === 'refunded' && before === 'paid') paidRupiah.value -= order.total;
}

function add(at: number, kind: Kind, itemId: string, units: number, rupiah = 0): void {
  moments.push({ at, kind, itemId, units, rupiah });
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
