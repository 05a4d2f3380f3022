import { z } from 'zod';
import {
  BOOKING_REFUSALS,
  BookingCancelSchema,
  BookingCreateSchema,
  BookingSchema,
} from './booking.js';
import { CheckoutLeaveSchema, CheckoutSchema } from './checkout.js';
import type { ErrorBody, ErrorCode } from './errors.js';
import { ItemViewSchema } from './item.js';
import {
  OrderCancelSchema,
  OrderPaySchema,
  OrderPlaceSchema,
  OrderSchema,
  OrderTransferredSchema,
} from './order.js';
import {
  HostLiveJoinSchema,
  HostSnapshotSchema,
  LiveJoinSchema,
  LiveLeaveSchema,
  SnapshotSchema,
} from './snapshot.js';
import { ReputationSchema, TimeSchema } from './units.js';
import { MeSchema, MeUpdateSchema } from './viewer.js';
import { WaitlistEntrySchema, WaitlistJoinSchema, WaitlistLeaveSchema } from './waitlist.js';

/**
 * One command of a socket: who may give it, what it takes and what its acknowledgement has. The tables of them are what
 * the server obeys, what the API reference is made from, and what clients take their types from.
 */
export interface Command {
  /** Whose token it takes; `anyone`: also without one. */
  role: 'viewer' | 'host' | 'anyone';
  /** One sentence: what it does. */
  summary: string;
  /** What the shapes do not say. */
  description?: string;
  payload: z.ZodObject;
  data: z.ZodType;
  /** Refusals of its own, beside those of every command. */
  errors?: readonly ErrorCode[];
}

/** Every command is answered through its acknowledgement, in one of these two forms. */
export type Ack<Data> = { ok: true; data: Data } | { ok: false; error: ErrorBody };

type CommandsOf<Table extends Record<string, Command>> = {
  [Name in keyof Table]: (
    payload: z.input<Table[Name]['payload']>,
    ack: (answer: Ack<z.output<Table[Name]['data']>>) => void,
  ) => void;
};

/**
 * Any command may name the moment, on the server's clock, after which its caller no longer waits: one that arrives later is
 * refused and does nothing, whatever kept it on its way.
 */
export const LatestArrivalSchema = z.object({
  notAfter: TimeSchema.optional().describe(
    'When the caller stops waiting: a command that arrives later is refused and does nothing.',
  ),
});

const EmptySchema = z.object({});
const BookingAnswer = z.object({ booking: BookingSchema });
const OrderAnswer = z.object({ order: OrderSchema });

const PING = {
  role: 'anyone',
  summary: 'Asks for a sign of life.',
  description: 'It comes also while the store is away.',
  payload: EmptySchema,
  data: z.object({
    serverTime: TimeSchema.optional().describe(
      'Now, on the clock of every deadline; left out until the server knows it.',
    ),
  }),
} as const satisfies Command;

const LIVE_LEAVE = {
  role: 'anyone',
  summary: 'Leaves a live: its events come no more.',
  payload: LiveLeaveSchema,
  data: EmptySchema,
} as const satisfies Command;

/** `/live`, client → server. */
export const LIVE_COMMANDS = {
  'live:join': {
    role: 'anyone',
    summary: 'Enters a live: answers its whole state, and from then on its events come.',
    description:
      '`rules` has the settings that a viewer should know before booking. A token of another shop is `FORBIDDEN`. At most 20 lives a socket. Join again after every reconnect: the snapshot replaces what was known before.',
    payload: LiveJoinSchema,
    data: SnapshotSchema,
    errors: ['NOT_FOUND', 'FORBIDDEN'],
  },
  'live:leave': LIVE_LEAVE,
  'booking:create': {
    role: 'viewer',
    summary: 'Books units of an item: holds them until the deadline.',
    description:
      'An item that is not featured in the live is `NOT_FOUND`. A repeat answers the booking as it was accepted, even if it has ended since, with the item as it is now.',
    payload: BookingCreateSchema,
    data: BookingAnswer.extend({ item: ItemViewSchema }),
    errors: ['NOT_FOUND', 'REQUEST_CONFLICT', ...BOOKING_REFUSALS],
  },
  'booking:cancel': {
    role: 'viewer',
    summary: 'Gives up a held booking, whole or in part; it may cost reputation.',
    description:
      'It costs `cancelPenaltyPerItem` a unit, but nothing within `freeCancelSeconds` of the booking. With a `requestId` it is safe to repeat.',
    payload: BookingCancelSchema,
    data: BookingAnswer.extend({ reputation: ReputationSchema }),
    errors: ['NOT_FOUND', 'BOOKING_NOT_HELD', 'REQUEST_CONFLICT'],
  },
  'waitlist:join': {
    role: 'viewer',
    summary: 'Waits for units of an item that is sold out.',
    description:
      'Judged like a booking. When it could be booked now: `IN_STOCK`. One entry an item (`ALREADY_EXISTS` with `details.entryId`), and at most 20 in all (`MAX_BOOKINGS`). A repeat answers the entry as it was when it was made, with the item as it is now.',
    payload: WaitlistJoinSchema,
    data: z.object({ entry: WaitlistEntrySchema, item: ItemViewSchema }),
    errors: ['NOT_FOUND', 'REQUEST_CONFLICT', ...BOOKING_REFUSALS, 'ALREADY_EXISTS', 'IN_STOCK'],
  },
  'waitlist:leave': {
    role: 'viewer',
    summary: 'Gives up a place in a waiting line; it costs nothing.',
    description: 'Twice is one effect.',
    payload: WaitlistLeaveSchema,
    data: z.object({ entry: WaitlistEntrySchema }),
    errors: ['NOT_FOUND'],
  },
  'checkout:start': {
    role: 'viewer',
    summary: 'Opens a checkout over all held bookings: a snapshot of the cart with its totals.',
    description:
      'A total above 99,999,999,999,000 is `VALIDATION`. Again with the same cart: the same checkout with the same deadline. After a change of the cart: a new one, and `checkout:expired` for the old.',
    payload: EmptySchema,
    data: z.object({ checkout: CheckoutSchema }),
    errors: ['CART_EMPTY', 'VIEWER_RESTRICTED'],
  },
  'checkout:leave': {
    role: 'viewer',
    summary: 'Goes back from the checkout; the bookings stay held.',
    payload: CheckoutLeaveSchema,
    data: EmptySchema,
    errors: ['NOT_FOUND'],
  },
  'order:place': {
    role: 'viewer',
    summary:
      'Turns all bookings of a checkout into one order that awaits payment, or changes nothing.',
    description:
      'If a booking of the checkout is gone or changed: `BOOKING_NOT_HELD` with `details.bookingIds`. If the gateway is away: `PAYMENT_UNAVAILABLE` with `details.order`; the order stands, and `order:pay` tries again. A finished checkout is `CHECKOUT_EXPIRED` with `details.status` (`left`, `expired` or `ordered`) for a day, then `NOT_FOUND`. Rate, fees and totals are the checkout’s, whatever the settings have become; an order that is picked up has no shipping fee. `RECIPIENT_REQUIRED` names in `details.missing` what the shop asks for. A total of 0 is paid at once, whatever the method. A repeat answers the order as it is now.',
    payload: OrderPlaceSchema,
    data: OrderAnswer,
    errors: [
      'NOT_FOUND',
      'CHECKOUT_EXPIRED',
      'BOOKING_NOT_HELD',
      'VIEWER_RESTRICTED',
      'RECIPIENT_REQUIRED',
      'UNPAID_ORDERS',
      'MAX_ITEM_QUANTITY',
      'CART_FULL',
      'PAYMENT_UNAVAILABLE',
      'REQUEST_CONFLICT',
    ],
  },
  'order:pay': {
    role: 'viewer',
    summary: 'Another payment for an unpaid order, or the open one again.',
    description:
      'The same method while its payment is open answers the same payment. Another method closes the open one first. A payment that the gateway has denied or ended early is `failed` as soon as it says so, and the next `order:pay` opens a new one. Not after the order’s first lifetime (`onlineCheckoutAutoExpireMinutes`) is over: new payments do not hold stock for ever.',
    payload: OrderPaySchema,
    data: OrderAnswer,
    errors: ['NOT_FOUND', 'ORDER_NOT_PAYABLE', 'PAYMENT_UNAVAILABLE'],
  },
  'order:transferred': {
    role: 'viewer',
    summary: '“I have transferred”: sets `payment.claimedAt`, for the host to see.',
    description: 'Twice is one effect. Only of an order that awaits a bank transfer.',
    payload: OrderTransferredSchema,
    data: OrderAnswer,
    errors: ['NOT_FOUND', 'ORDER_NOT_PAYABLE'],
  },
  'order:cancel': {
    role: 'viewer',
    summary: 'Gives up an unpaid order; it may cost reputation.',
    description:
      'It costs `cancelPenaltyPerItem` a unit, but nothing for units whose booking is not older than `freeCancelSeconds`. A QRIS payment is closed at the gateway first; if it was paid meanwhile: `ORDER_NOT_PAYABLE` with `details.status: "paid"`.',
    payload: OrderCancelSchema,
    data: OrderAnswer.extend({ reputation: ReputationSchema }),
    errors: ['NOT_FOUND', 'ORDER_NOT_PAYABLE'],
  },
  'me:get': {
    role: 'viewer',
    summary: 'What the viewer has in this shop.',
    payload: EmptySchema,
    data: MeSchema,
  },
  'me:update': {
    role: 'viewer',
    summary: 'The recipient to remember for the next order.',
    description: 'Orders that are placed stay as they are.',
    payload: MeUpdateSchema,
    data: MeSchema,
  },
  ping: PING,
} as const satisfies Record<string, Command>;
export type LiveCommands = CommandsOf<typeof LIVE_COMMANDS>;

/** `/host`, client → server. Everything that changes something goes over HTTP. */
export const HOST_COMMANDS = {
  'live:join': {
    role: 'host',
    summary: 'Enters a live of the token’s shop: answers its whole state, and its events come.',
    payload: HostLiveJoinSchema,
    data: HostSnapshotSchema,
    errors: ['NOT_FOUND'],
  },
  'live:leave': { ...LIVE_LEAVE, role: 'host' },
  ping: PING,
} as const satisfies Record<string, Command>;
export type HostCommands = CommandsOf<typeof HOST_COMMANDS>;
