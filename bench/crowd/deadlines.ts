import { setTimeout as delay } from 'node:timers/promises';
import type { Booking } from '../../src/protocol/booking.js';

/** How releases came, as their viewers saw it. */
export interface Released {
  /** Each release's time after its deadline, ms; negative would be early. */
  lateness: number[];
  /** Holds whose end nobody was told of when time was up. */
  missing: number;
  /** Releases before their deadline. */
  early: number;
  /** Between the first and the last deadline, ms. */
  span: number;
}

/** Notes when viewers hear that a booking has expired, against its own deadline. */
export class Deadlines {
  private expected = 0;
  private readonly ended = new Map<string, { at: number; due: number }>();

  /** @param count holds that will expire; the ones before are forgotten */
  expect(count: number): void {
    this.expected = count;
    this.ended.clear();
  }

  updated(payload: string): void {
    if (!payload.includes('"expired"')) return;
    const at = Date.now();
    const { booking } = JSON.parse(payload) as { booking: Booking };
    if (booking.status === 'expired' && !this.ended.has(booking.bookingId))
      this.ended.set(booking.bookingId, { at, due: booking.expiresAt });
  }

  async released(withinMs: number): Promise<Released> {
    const end = performance.now() + withinMs;
    while (this.ended.size < this.expected && performance.now() < end) await delay(10);
    const all = [...this.ended.values()];
    const lateness = all.map(({ at, due }) => at - due);
    const due = all.map((one) => one.due).sort((a, b) => a - b);
    return {
      lateness,
      missing: this.expected - all.length,
      early: lateness.filter((ms) => ms < 0).length,
      span: (due.at(-1) ?? 0) - (due[0] ?? 0),
    };
  }
}
