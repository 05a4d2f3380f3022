import { z } from 'zod';
import { BookingSchema } from './booking.js';
import { HandledCommentSchema } from './comment.js';
import { CheckoutIdSchema, LiveIdSchema } from './ids.js';
import { ItemViewSchema, ReleaseSchema, StockViewSchema } from './item.js';
import { LiveSchema } from './live.js';
import { OrderSchema } from './order.js';
import { CountSchema } from './units.js';
import {
  MeSchema,
  ReputationChangeSchema,
  ViewerBriefSchema,
  ViewerChangeSchema,
} from './viewer.js';
import { WaitlistEntrySchema } from './waitlist.js';

/**
 * What the server sends to sockets. The tables of events are what it may emit, what the API reference is made from, and what
 * clients take their types from.
 */
export interface ServerEvent {
  /** Which sockets of the namespace it goes to. */
  to: string;
  /** One sentence: what has happened. */
  summary: string;
  /** What the shape does not say. */
  description?: string;
  payload: z.ZodObject;
}

type EventsOf<Table extends Record<string, ServerEvent>> = {
  [Name in keyof Table]: (payload: z.output<Table[Name]['payload']>) => void;
};

const EVERYONE = 'everyone in the live';
const THE_VIEWER = 'the viewer, all their sockets, whether or not they are in a live';
const EVERY_HOST = 'every host of the shop, from the moment of connection';

/** To viewers and hosts alike. */
const PUBLIC_EVENTS = {
  'stock:changed': {
    to: EVERYONE,
    summary: 'The stock of items, as absolute values.',
    description:
      'Conflated: at most 20 a second a live, fewer with a large audience (6 a second from 1,400 sockets of a server on, 3 with 10,000). The first change after a quiet moment comes at once, the last one always comes. Keep the highest `revision` of each item, and ignore older ones.',
    payload: z.object({
      liveId: LiveIdSchema,
      items: z.array(StockViewSchema).describe('Those whose stock has changed.'),
    }),
  },
  'stock:released': {
    to: EVERYONE,
    summary: 'Units came back to the public.',
    description: 'Units of one item and reason that come back together are added up.',
    payload: z.object({
      liveId: LiveIdSchema,
      releases: z.array(ReleaseSchema).describe('One for each item and reason.'),
    }),
  },
  'live:updated': {
    to: EVERYONE,
    summary: 'The live began, ended, or shows other items or another one in front.',
    description: 'Items that come newly into a live follow, each as an `item:updated`.',
    payload: z.object({ live: LiveSchema }),
  },
  'item:updated': {
    to: EVERYONE,
    summary: 'An item has another name, price or picture, or was opened or closed.',
    payload: z.object({ item: ItemViewSchema }),
  },
} as const satisfies Record<string, ServerEvent>;

const Booking = z.object({ booking: BookingSchema });
const Order = z.object({ order: OrderSchema });
const ofViewer = { viewer: ViewerBriefSchema };

const BOOKING_UPDATED = 'A booking was made, or has changed.';
const ORDER_UPDATED = 'An order was placed, or it or its payment has changed.';
const REPUTATION_CHANGED = 'A reputation moved.';

/** `/live`, server → client. */
export const LIVE_EVENTS = {
  ...PUBLIC_EVENTS,
  'booking:updated': {
    to: `${THE_VIEWER}; of a booking just made, all but the socket that made it, which has the acknowledgement`,
    summary: BOOKING_UPDATED,
    payload: Booking,
  },
  'waitlist:updated': {
    to: THE_VIEWER,
    summary: 'A place in a waiting line was taken, served, given up or dropped.',
    payload: z.object({ entry: WaitlistEntrySchema }),
  },
  'viewer:updated': {
    to: THE_VIEWER,
    summary: 'What the viewer may do has changed.',
    payload: ViewerChangeSchema,
  },
  'me:replaced': {
    to: THE_VIEWER,
    summary: 'All that the viewer has, to take the place of whatever was known.',
    description:
      'After the server could not follow what was committed: its place in the event stream was gone. What it knows of the time in between is sent before, as far as it is there: bookings, orders, places in line and moves of the reputation, perhaps once more.',
    payload: z.object({ me: MeSchema }),
  },
  'checkout:expired': {
    to: THE_VIEWER,
    summary: 'A checkout is over; its bookings stay held until their own deadlines.',
    payload: z.object({ checkoutId: CheckoutIdSchema }),
  },
  'order:updated': { to: THE_VIEWER, summary: ORDER_UPDATED, payload: Order },
  'reputation:changed': {
    to: THE_VIEWER,
    summary: REPUTATION_CHANGED,
    payload: ReputationChangeSchema,
  },
} as const satisfies Record<string, ServerEvent>;
export type LiveEvents = EventsOf<typeof LIVE_EVENTS>;

/** `/host`, server → client: the public events, and every viewer's with the viewer named. */
export const HOST_EVENTS = {
  ...PUBLIC_EVENTS,
  'booking:updated': {
    to: EVERY_HOST,
    summary: BOOKING_UPDATED,
    payload: Booking.extend(ofViewer),
  },
  'order:updated': { to: EVERY_HOST, summary: ORDER_UPDATED, payload: Order.extend(ofViewer) },
  'reputation:changed': {
    to: EVERY_HOST,
    summary: REPUTATION_CHANGED,
    payload: ReputationChangeSchema.extend(ofViewer),
  },
  'comment:handled': {
    to: EVERY_HOST,
    summary: 'A comment that names an item was read, with what it came to and what to answer.',
    payload: z.object({ comment: HandledCommentSchema.describe('With what it came to.') }),
  },
  'live:audience': {
    to: 'hosts in the live',
    summary: 'How many sockets are in the live, on all servers; every two seconds.',
    payload: z.object({
      liveId: LiveIdSchema,
      viewers: CountSchema.describe('Open sockets in the live.'),
    }),
  },
} as const satisfies Record<string, ServerEvent>;
export type HostEvents = EventsOf<typeof HOST_EVENTS>;
