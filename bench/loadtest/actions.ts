import { setTimeout as delay } from 'node:timers/promises';
import type { Booking } from '../../src/protocol/booking.js';
import type { Field, Unknown } from './field.js';
import type { Scenario } from './plan.js';
import { purchase } from './purchase.js';
import type { Visitor } from './visitor.js';

/** @param due when it should begin, on the clock of `performance` */
type Action = (field: Field, visitor: Visitor, turn: number, due: number) => unknown;

const CANCEL_EVERY = 10;
const CANCEL_AFTER_MS = 1_000;
const BOOK_EVERY = 20;
/** So often a command is sent twice at once, from two devices if the viewer has them: it may have one effect. */
const TWICE_EVERY = 13;
/** So often it is sent again when what it made is about to end, or just has: the end is told all the same. */
const AT_ITS_END_EVERY = 7;
/** How long before and after its end, ms. */
const AROUND_ITS_END_MS = 25;

/** What one action of each scenario is. */
export const ACTIONS: Record<Scenario, Action> = {
  flash: bookOne,
  steady: async (field, visitor, turn, due) => {
    const booking = await bookOne(field, visitor, turn, due);
    if (booking && turn % CANCEL_EVERY === 0) await cancelLater(field, visitor, booking);
  },
  browse: (field, visitor, turn, due) =>
    turn % BOOK_EVERY === 0 ? bookOne(field, visitor, turn, due) : look(field, visitor, turn, due),
  join: bookOne,
  pay: async (field, visitor, turn, due) => {
    if (visitor.busy) return field.count('skipped: all viewers busy');
    visitor.busy = true;
    try {
      if (await bookOne(field, visitor, turn, due)) await purchase(field, visitor, turn);
    } finally {
      visitor.busy = false;
    }
  },
};

/** Answers the booking, or undefined when it was refused. */
function bookOne(
  field: Field,
  visitor: Visitor,
  turn: number,
  due: number,
): Promise<Booking | undefined> {
  const itemId = field.itemIds[turn % field.itemIds.length] ?? '';
  const requestId = `${field.runId}-${turn}`;
  const known = (outcome: Booking | string) => {
    if (outcome === 'STORE_UNAVAILABLE') field.unknown.push({ visitor, itemId, requestId });
    return typeof outcome === 'string' ? undefined : outcome;
  };
  return new Promise((resolve) => {
    visitor.book(itemId, requestId, turn, (outcome) => {
      field.recorder.note('book', performance.now() - due);
      field.count(typeof outcome === 'string' ? outcome : 'accepted');
      if (typeof outcome !== 'string' && turn % AT_ITS_END_EVERY === 0)
        repeatAtItsEnd(field, visitor, outcome, requestId, turn);
      resolve(known(outcome));
    });
    if (turn % TWICE_EVERY > 0) return;
    visitor.book(itemId, requestId, turn + 1, (outcome) => {
      field.count('sent twice');
      known(outcome);
    });
  });
}

function repeatAtItsEnd(
  field: Field,
  visitor: Visitor,
  { itemId, createdAt, expiresAt }: Booking,
  requestId: string,
  turn: number,
): void {
  const offset = ((turn % 11) / 5 - 1) * AROUND_ITS_END_MS;
  setTimeout(
    () => visitor.book(itemId, requestId, turn, () => field.count('asked again at its end')),
    Math.max(0, expiresAt - createdAt + offset),
  );
}

const ASKING_AT_ONCE = 256;
const ASK_AGAIN_WITHIN_MS = 20_000;

/**
 * Repeats with the same request id what the server could not answer, as its clients would, until it answers or time is
 * up. What is still unknown stays in `field.unknown`.
 */
export async function askAgain(field: Field): Promise<void> {
  const end = performance.now() + ASK_AGAIN_WITHIN_MS;
  const asking = Array.from({ length: ASKING_AT_ONCE }, async () => {
    while (performance.now() < end) {
      const one = field.unknown.pop();
      if (!one) return;
      const answer = await repeat(one, end - performance.now());
      if (answer === undefined || answer === 'STORE_UNAVAILABLE') field.unknown.push(one);
      else field.count(`asked again: ${typeof answer === 'string' ? answer : 'accepted'}`);
    }
  });
  await Promise.all(asking);
}

/** The booking, or the code of a refusal, or undefined when nothing came in time. */
function repeat(
  { visitor, itemId, requestId }: Unknown,
  withinMs: number,
): Promise<Booking | string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), Math.max(0, withinMs));
    visitor.book(itemId, requestId, 0, (outcome) => {
      clearTimeout(timer);
      resolve(outcome);
    });
  });
}

async function cancelLater(field: Field, visitor: Visitor, { bookingId }: Booking): Promise<void> {
  const due = performance.now() + CANCEL_AFTER_MS;
  await delay(CANCEL_AFTER_MS);
  await visitor.ask('booking:cancel', { bookingId });
  field.recorder.note('cancel', performance.now() - due);
}

/** Asks for the own state, or leaves the live and comes back. */
async function look(field: Field, visitor: Visitor, turn: number, due: number): Promise<void> {
  if (visitor.busy) return field.count('skipped: all viewers busy');
  visitor.busy = true;
  try {
    if (turn % 2 === 0) await visitor.ask('me:get', {});
    else {
      await visitor.leaveLive();
      await visitor.join();
    }
    field.recorder.note('look', performance.now() - due);
    field.count('looked');
  } finally {
    visitor.busy = false;
  }
}
