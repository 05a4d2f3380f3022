import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Booking } from '../../../src/protocol/booking.js';
import type { WaitlistEntry } from '../../../src/protocol/waitlist.js';
import { number } from '../shared/format.js';
import { type CommandError, errorText } from '../shared/messages.js';
import { toast } from '../shared/toast.js';
import { bookings, coolDown, coolDownAfter } from './me.js';
import { say } from './messages.js';
import { cancelsItself, vibrate } from './notices.js';
import { sheet } from './sheets.js';
import { ask, itemName, rules, stock } from './state.js';

/** Keeping one item, or waiting for it: nothing is the viewer's until the server has said so. */

type Attempt = { state: 'idle' } | { state: 'pending' } | { state: 'won'; bookingId: string };

const IDLE: Attempt = { state: 'idle' };
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
  if (outcome.ok) {
    attempt.value = { state: 'won', bookingId: outcome.data.bookingId };
    won(outcome.data);
  } else {
    attempt.value = IDLE;
    refused(itemId, outcome.error);
  }
}

/** The item's button waits as for a booking. */
export async function holdUntil(itemId: string, ready: Promise<void>): Promise<void> {
  const attempt = attemptSignal(itemId);
  attempt.value = { state: 'pending' };
  await ready;
  attempt.value = IDLE;
}

export async function joinLine(itemId: string, quantity: number): Promise<void> {
  const attempt = attemptSignal(itemId);
  if (attempt.peek().state === 'pending') return;
  attempt.value = { state: 'pending' };
  await waitFor(itemId, quantity);
  attempt.value = IDLE;
}

/** How long the way back from a tap that went wrong is offered, ms; no longer than it is free. */
const UNDO_MS = 8_000;

/** The way back is offered no more where its tapper has gone on to pay: a cart has a way of its own. */
let takeOfferBack = () => {};
effect(() => {
  if (sheet.value !== null) takeOfferBack();
});

function won(booking: Booking): void {
  vibrate(60);
  const text = say('booked', {
    sequence: booking.sequence,
    name: itemName(booking.itemId),
    count: booking.quantity > 1 ? ` ${booking.quantity}×` : '',
  });
  const freeMs = (rules.peek()?.freeCancelSeconds ?? 0) * 1_000;
  if (freeMs === 0) return void toast(text, 'good', { topic: 'booking' });
  const action = { label: say('undo'), run: () => void takeBack(booking) };
  const shownMs = Math.min(freeMs, UNDO_MS);
  takeOfferBack = toast(text, 'good', { topic: 'booking', action, shownMs });
}

function refused(itemId: string, error: CommandError): void {
  coolDown(itemId, error.details?.until);
  toast(say('refused', { name: itemName(itemId), reason: errorText(error) }), 'bad', {
    topic: 'booking',
    shownMs: 8_000,
  });
}

/** Answers null when it went well, or why it did not. */
export async function cancelBooking(
  booking: Booking,
  quantity: number,
): Promise<CommandError | null> {
  const { bookingId } = booking;
  const part = quantity < booking.quantity ? quantity : undefined;
  const failed = cancelsItself(bookingId);
  const outcome = await ask((viewer) => viewer.cancelBooking(bookingId, part));
  if (!outcome.ok || outcome.data.status === 'held') failed();
  if (outcome.ok) coolDownAfter(booking, 'cancel');
  return outcome.ok ? null : outcome.error;
}

/** A slip of the thumb, while that is free. */
async function takeBack(booking: Booking): Promise<void> {
  const refusal = await cancelBooking(booking, booking.quantity);
  const name = itemName(booking.itemId);
  if (refusal === null) toast(say('takenBack', { name }), 'good', { topic: 'booking' });
  else toast(errorText(refusal), 'bad', { topic: 'booking' });
}

/** Takes a place in line, and shows one message about the outcome. */
async function waitFor(itemId: string, quantity: number): Promise<void> {
  const outcome = await ask((viewer) => viewer.wait(itemId, quantity));
  const name = itemName(itemId);
  if (!outcome.ok) {
    coolDown(itemId, outcome.error.details?.until);
    toast(errorText(outcome.error), 'bad', { topic: 'booking' });
    return;
  }
  const minutes = number(rules.peek()?.waitlistOfferMinutes ?? 0);
  if (outcome.data.status === 'waiting')
    toast(say('waits', { name, minutes }), 'good', { topic: 'booking' });
}

export async function stopWaiting({ entryId, itemId }: WaitlistEntry): Promise<void> {
  const outcome = await ask((viewer) => viewer.stopWaiting(entryId));
  if (outcome.ok) toast(say('waitsNoMore', { name: itemName(itemId) }), 'info');
  else toast(errorText(outcome.error), 'bad');
}

/** Shows what became of a place in line. Who left it here has seen a message already. */
export function showEntry(entry: WaitlistEntry): void {
  const name = itemName(entry.itemId);
  if (entry.status === 'served') {
    vibrate([120, 60, 120, 60, 120]);
    const held = bookings.peek().find(({ bookingId }) => bookingId === entry.bookingId);
    const count = held?.quantity ?? entry.quantity;
    toast(say('yourTurn', { name, count }), 'good', { topic: 'booking', shownMs: 12_000 });
  } else if (entry.status === 'dropped') {
    const reason = errorText({ code: entry.reason ?? 'INTERNAL', message: '' });
    toast(say('dropped', { name, reason }), 'bad', { shownMs: 12_000 });
  }
}

/** A row whose stock came back glows for a moment. */
const GLOW_MS = 4_000;

interface Glow {
  readonly quantity: Signal<number>;
  timer?: ReturnType<typeof setTimeout>;
}
const glows = new Map<string, Glow>();

function glowOf(itemId: string): Glow {
  let glow = glows.get(itemId);
  if (glow === undefined) {
    glow = { quantity: signal(0) };
    glows.set(itemId, glow);
  }
  return glow;
}

/** How many units of the item came back in the last seconds; 0 when the row should rest. */
export function justReleased(itemId: string): ReadonlySignal<number> {
  return glowOf(itemId).quantity;
}

export function markReleased(itemId: string, quantity: number): void {
  if (stock.get(itemId) === undefined) return;
  const glow = glowOf(itemId);
  clearTimeout(glow.timer);
  glow.quantity.value += quantity;
  glow.timer = setTimeout(() => {
    glow.quantity.value = 0;
  }, GLOW_MS);
}
