import { z } from 'zod';

/**
 * The one catalogue of errors: every refusal that a client can see, with the HTTP status that fits and a
 * message that says what to do next. Pages translate by code, so the message is English only.
 */
export const ERRORS = {
  VALIDATION: {
    status: 400,
    message: 'The request is not well formed; see details and correct it.',
  },
  UNAUTHENTICATED: { status: 401, message: 'Sign in with a valid token and try again.' },
  AUTH_UNAVAILABLE: {
    status: 503,
    message: 'The keys that tokens are checked with cannot be fetched; try again in a moment.',
  },
  FORBIDDEN: {
    status: 403,
    message: 'This token may not do that; use one with the right role and shop.',
  },
  NOT_FOUND: { status: 404, message: 'No such thing in this shop; check the id.' },
  LIVE_NOT_OPEN: { status: 409, message: 'The live is not on; wait until it starts.' },
  ITEM_CLOSED: { status: 409, message: 'The host has closed this item; wait until it opens.' },
  SOLD_OUT: { status: 409, message: 'Nothing is left; wait for a release or choose another item.' },
  INSUFFICIENT_STOCK: {
    status: 409,
    message: 'Not that many are left; ask for at most details.available.',
  },
  MAX_ITEM_QUANTITY: {
    status: 409,
    message: 'Over the limit of one item for each viewer; see details.limit.',
  },
  CART_FULL: { status: 409, message: 'Over the limit of goods in the cart; see details.limit.' },
  REPUTATION_TOO_LOW: {
    status: 403,
    message: 'Your reputation is below what this shop asks for booking.',
  },
  VIEWER_RESTRICTED: {
    status: 403,
    message: 'The shop has restricted this account; contact the seller.',
  },
  MAX_BOOKINGS: {
    status: 409,
    message: 'Over the limit of bookings or places in line; end one first, see details.limit.',
  },
  UNPAID_ORDERS: {
    status: 409,
    message: 'Too many orders await payment; pay or cancel one first, see details.limit.',
  },
  COOLDOWN: {
    status: 409,
    message: 'You let this item go a moment ago; try again at details.until.',
  },
  IN_STOCK: { status: 409, message: 'This can be booked now; book it instead of waiting.' },
  RECIPIENT_REQUIRED: {
    status: 409,
    message: 'This shop needs to know who gets the parcel; fill in details.missing.',
  },
  BOOKING_NOT_HELD: { status: 409, message: 'The booking is not held any more; book again.' },
  CART_EMPTY: { status: 409, message: 'There is nothing in the cart; book an item first.' },
  CHECKOUT_EXPIRED: {
    status: 409,
    message: 'The checkout is over; start it again while the bookings are held.',
  },
  ORDER_NOT_PAYABLE: { status: 409, message: 'The order does not await payment; see its status.' },
  PAYMENT_UNAVAILABLE: {
    status: 503,
    message: 'The payment provider did not answer; try to pay again.',
  },
  REQUEST_CONFLICT: {
    status: 409,
    message: 'This requestId was used with another payload; take a new one.',
  },
  VIEWER_BUSY: {
    status: 409,
    message:
      'The viewer still holds bookings, has orders to pay or money to get back; end those first, see details.',
  },
  ALREADY_EXISTS: {
    status: 409,
    message: 'Something else has that already; see details and choose another.',
  },
  RATE_LIMITED: { status: 429, message: 'Too many commands; wait details.retryAfterMs and go on.' },
  STORE_UNAVAILABLE: {
    status: 503,
    message: 'The store did not answer; repeat the command with the same requestId.',
  },
  INTERNAL: { status: 500, message: 'Something went wrong on our side; try again.' },
} as const satisfies Record<string, { status: number; message: string }>;

export type ErrorCode = keyof typeof ERRORS;

export const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** The same on sockets and over HTTP. */
export const ErrorBodySchema = z
  .object({
    code: z.enum(ERROR_CODES).describe('What programs go by.'),
    message: z.string().describe('What to do next, in English, for people.'),
    details: z
      .record(z.string(), z.unknown())
      .optional()
      .describe(
        'By the code: `issues` with path and message, `available`, `limit`, `retryAfterMs`.',
      ),
  })
  .describe('Why it was refused.');
export type ErrorBody = z.infer<typeof ErrorBodySchema>;

/** V8's; other engines do not look at it. */
const Traces = Error as { stackTraceLimit?: number | undefined };

/**
 * A refusal from the catalogue. Anything else that is thrown reaches the client as `INTERNAL`. It has no stack trace: a
 * refusal is an answer, thousands of them when something sells out, and taking the trace would cost more than the rest.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, details?: Record<string, unknown>, message?: string) {
    const { stackTraceLimit } = Traces;
    Traces.stackTraceLimit = 0;
    super(message ?? ERRORS[code].message);
    Traces.stackTraceLimit = stackTraceLimit;
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  toBody(): ErrorBody {
    return this.details === undefined
      ? { code: this.code, message: this.message }
      : { code: this.code, message: this.message, details: this.details };
  }
}
