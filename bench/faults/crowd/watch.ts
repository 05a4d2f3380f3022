import type { Booking } from '../../../src/protocol/booking.js';
import type { ErrorBody } from '../../../src/protocol/errors.js';
import type { Order } from '../../../src/protocol/order.js';

type Answer = { ok: true; data: unknown } | { ok: false; error: ErrorBody };

/** What was acknowledged, and when; ms of the clients' clock. */
export interface Acked<Value> {
  value: Value;
  at: number;
}

/** What all clients of a run were answered: how fast, how often with which code, and every booking and order. */
export class Watch {
  readonly codes = new Map<string, number>();
  /** As first acknowledged. */
  readonly bookings = new Map<string, Acked<Booking>>();
  /** As last acknowledged. */
  readonly orders = new Map<string, Acked<Order>>();
  /** The answer that took longest. */
  slowest = { name: '', ms: 0 };
  /** Commands that got no answer though the connection stood. */
  readonly silences: string[] = [];
  private readonly booked = new Set<(at: number) => void>();

  /** How many bookings and orders. */
  get acked(): number {
    return this.bookings.size + this.orders.size;
  }

  answered(name: string, sentAt: number, at: number, answer: Answer): void {
    if (at - sentAt > this.slowest.ms) this.slowest = { name, ms: at - sentAt };
    const code = answer.ok ? 'ok' : answer.error.code;
    this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
    if (!answer.ok) return;
    const { booking, order } = answer.data as { booking?: Booking; order?: Order };
    if (order) this.orders.set(order.orderId, { value: order, at });
    if (!booking || name !== 'booking:create') return;
    if (this.bookings.has(booking.bookingId)) return;
    this.bookings.set(booking.bookingId, { value: booking, at });
    for (const tell of this.booked) tell(sentAt);
  }

  silent(name: string): void {
    this.silences.push(name);
  }

  /** Resolves, with the time, at the next new booking that is accepted. */
  nextBooking(): Promise<number> {
    return new Promise((resolve) => {
      const tell = () => {
        this.booked.delete(tell);
        resolve(performance.now());
      };
      this.booked.add(tell);
    });
  }
}
