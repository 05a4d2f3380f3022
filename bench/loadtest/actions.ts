import type { Booking } from '../../src/protocol/booking.js';
import type { Checkout } from '../../src/protocol/checkout.js';
import type { ItemView } from '../../src/protocol/item.js';
import type { Order } from '../../src/protocol/order.js';
import type { Ledger } from './ledger.js';
import type { Scenario } from './plan.js';
import type { Recorder, Timing } from './recorder.js';
import type { StockSight } from './stock-sight.js';
import type { Visitor } from './visitor.js';

/** What actions need to do their part and to account for it. */
export interface Field {
  url: string;
  itemIds: string[];
  runId: string;
  recorder: Recorder;
  ledger: Ledger;
  sight: StockSight;
  /** Bookings that the server could not say anything about; they are asked again when the run is over. */
  unknown: Unknown[];
  /** Counts an outcome: `accepted`, or the code of a refusal. */
  count(outcome: string): void;
}

interface Unknown {
  visitor: Visitor;
  itemId: string;
  requestId: string;
}

/** @param due when it should begin, on the clock of `performance` */
type Action = (field: Field, visitor: Visitor, turn: number, due: number) => unknown;

const CANCEL_EVERY = 10;
const CANCEL_AFTER_MS = 1_000;
const BOOK_EVERY = 20;

/** What one action of each scenario is; a join storm has none. */
export const ACTIONS: Record<Scenario, Action> = {
  flash: bookOne,
  steady: async (field, visitor, turn, due) => {
    const booking = await bookOne(field, visitor, turn, due);
    if (booking && turn % CANCEL_EVERY === 0) cancelLater(field, visitor, booking);
  },
  browse: (field, visitor, turn, due) =>
    turn % BOOK_EVERY === 0 ? bookOne(field, visitor, turn, due) : look(field, visitor, turn, due),
  join: () => {},
  pay,
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
  return new Promise((resolve) => {
    visitor.book(itemId, requestId, (outcome) => {
      field.recorder.note('book', performance.now() - due);
      field.count('code' in outcome ? outcome.code : 'accepted');
      if ('booking' in outcome) field.ledger.accept(outcome.booking);
      else if (outcome.code === 'STORE_UNAVAILABLE')
        field.unknown.push({ visitor, itemId, requestId });
      resolve('booking' in outcome ? outcome.booking : undefined);
    });
  });
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
      if (typeof answer === 'object') field.ledger.accept(answer);
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
    visitor.book(itemId, requestId, (outcome) => {
      clearTimeout(timer);
      resolve('booking' in outcome ? outcome.booking : outcome.code);
    });
  });
}

function cancelLater(field: Field, visitor: Visitor, { bookingId }: Booking): void {
  const due = performance.now() + CANCEL_AFTER_MS;
  setTimeout(() => {
    visitor.ask<{ booking: Booking }>('booking:cancel', { bookingId }).then(
      ({ booking }) => {
        field.recorder.note('cancel', performance.now() - due);
        field.ledger.update(booking, Date.now());
      },
      (error: Error) => field.count(error.message),
    );
  }, CANCEL_AFTER_MS);
}

/** Asks for the own state, or leaves the live and comes back. */
async function look(field: Field, visitor: Visitor, turn: number, due: number): Promise<void> {
  if (visitor.busy) return field.count('skipped: all viewers busy');
  visitor.busy = true;
  try {
    if (turn % 2 === 0) await visitor.ask('me:get', {});
    else {
      field.sight.forget(visitor.number);
      await visitor.leaveLive();
      const { items } = await visitor.join();
      noteAll(field.sight, visitor, items);
    }
    field.recorder.note('look', performance.now() - due);
    field.count('looked');
  } finally {
    visitor.busy = false;
  }
}

export function noteAll(sight: StockSight, visitor: Visitor, items: ItemView[]): void {
  for (const item of items) sight.note(visitor.number, item);
}

/** The whole way from a wish to a paid order, one viewer at a time. */
async function pay(field: Field, visitor: Visitor, turn: number, due: number): Promise<void> {
  if (visitor.busy) return field.count('skipped: all viewers busy');
  visitor.busy = true;
  try {
    if (!(await bookOne(field, visitor, turn, due))) return;
    const { checkout } = await timed(field, 'checkout', () =>
      visitor.ask<{ checkout: Checkout }>('checkout:start', {}),
    );
    const request = {
      checkoutId: checkout.checkoutId,
      paymentMethod: 'qris',
      requestId: `${field.runId}-o${turn}`,
    };
    const { order } = await timed(field, 'order', () =>
      visitor.ask<{ order: Order }>('order:place', request),
    );
    await timed(field, 'pay', () => payByQris(field.url, order));
    field.count('paid');
  } finally {
    visitor.busy = false;
  }
}

async function payByQris(url: string, order: Order): Promise<void> {
  if (!order.payment) throw new Error('order without payment');
  const path = `/sandbox/qris/${order.payment.paymentId}/pay`;
  const response = await fetch(new URL(path, url), { method: 'POST' });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`pay: HTTP ${response.status}`);
}

async function timed<Result>(
  field: Field,
  timing: Timing,
  work: () => Promise<Result>,
): Promise<Result> {
  const start = performance.now();
  const result = await work();
  field.recorder.note(timing, performance.now() - start);
  return result;
}
