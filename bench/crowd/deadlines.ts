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
  /** The deadlines of those told, epoch ms, in order. */
  due: number[];
  /** Between the first and the last deadline, ms. */
  span: number;
}

/** Notes when viewers hear that a booking has expired, against its own deadline. */
export class Deadlines {
  private expected = 0;
  /** Parsed when all is over: the load must not be what is late. */
  private heard: { payload: string; at: number }[] = [];

  /** @param count holds that will expire; the ones before are forgotten */
  expect(count: number): void {
    this.expected = count;
    this.heard = [];
  }

  updated(payload: string): void {
    if (payload.includes('"expired"')) this.heard.push({ payload, at: Date.now() });
  }

  async released(withinMs: number): Promise<Released> {
    const end = performance.now() + withinMs;
    while (this.heard.length < this.expected && performance.now() < end) await delay(10);
    const ended = new Map<string, { at: number; due: number }>();
    for (const { payload, at } of this.heard) {
      const { booking } = JSON.parse(payload) as { booking: Booking };
      if (booking.status === 'expired' && !ended.has(booking.bookingId))
        ended.set(booking.bookingId, { at, due: booking.expiresAt });
    }
    const all = [...ended.values()];
    const lateness = all.map(({ at, due }) => at - due);
    const due = all.map((one) => one.due).sort((a, b) => a - b);
    return {
      lateness,
      missing: this.expected - all.length,
      early: lateness.filter((ms) => ms < 0).length,
      due,
      span: (due.at(-1) ?? 0) - (due[0] ?? 0),
    };
  }
}
