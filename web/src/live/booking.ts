import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Booking } from '../../../src/protocol/booking.js';
import { announce } from '../shared/announce.js';
import { serverNow } from '../shared/clock.js';
import { type CommandError, errorText } from '../shared/errorText.js';
import { countdown } from '../shared/format.js';
import { say } from './messages.js';
import { ask, itemName } from './state.js';
import { vibrate } from './vibrate.js';
import { stopWaiting, waitFor } from './waiting.js';

/** Booking one item: nothing is the viewer's until the server has said so. */

export type Attempt =
  | { state: 'idle' }
  | { state: 'pending' }
  | { state: 'refused'; error: CommandError }
  | { state: 'won'; bookingId: string };

const IDLE: Attempt = { state: 'idle' };
const REFUSAL_SHOWN_MS = 8_000;
const attempts = new Map<string, Signal<Attempt>>();

function attemptSignal(itemId: string): Signal<Attempt> {
  let attempt = attempts.get(itemId);
  if (attempt === undefined) {
    attempt = signal<Attempt>(IDLE);
    attempts.set(itemId, attempt);
  }
  return attempt;
}

/** How the viewer's last tap on this item went. */
export function attemptOf(itemId: string): ReadonlySignal<Attempt> {
  return attemptSignal(itemId);
}

export async function book(itemId: string, quantity: number): Promise<void> {
  const attempt = attemptSignal(itemId);
  if (attempt.peek().state === 'pending') return;
  attempt.value = { state: 'pending' };
  const outcome = await ask((viewer) => viewer.book(itemId, quantity));
  if (outcome.ok) won(attempt, outcome.data);
  else refused(attempt, itemId, outcome.error);
}

function won(attempt: Signal<Attempt>, booking: Booking): void {
  stopWaiting(booking.itemId);
  attempt.value = { state: 'won', bookingId: booking.bookingId };
  vibrate(60);
  announce(
    say('bookedAnnouncement', {
      sequence: booking.sequence,
      name: itemName(booking.itemId),
      count: booking.quantity,
      time: countdown(booking.expiresAt - serverNow()),
    }),
  );
}

function refused(attempt: Signal<Attempt>, itemId: string, error: CommandError): void {
  const refusal: Attempt = { state: 'refused', error };
  attempt.value = refusal;
  if (error.code === 'SOLD_OUT') waitFor(itemId);
  announce(say('refusedAnnouncement', { name: itemName(itemId), reason: errorText(error) }), {
    urgent: true,
  });
  setTimeout(() => {
    if (attempt.peek() === refusal) attempt.value = IDLE;
  }, REFUSAL_SHOWN_MS);
}
