import { z } from 'zod';
import type { Booking, BookingCancel, BookingCreate } from './booking.js';
import type { Checkout, CheckoutLeaveSchema } from './checkout.js';
import type { ErrorBody } from './errors.js';
import type { ItemView, Release, StockView } from './item.js';
import type { Live } from './live.js';
import type { Order, OrderCancelSchema, OrderPaySchema, OrderPlace } from './order.js';
import type {
  HostLiveJoinSchema,
  HostSnapshot,
  LiveJoinSchema,
  LiveLeaveSchema,
  Snapshot,
} from './snapshot.js';
import { TimeSchema } from './units.js';
import type { Me, ReputationChange, ViewerBrief, ViewerChange } from './viewer.js';
import type { WaitlistEntry, WaitlistJoin, WaitlistLeaveSchema } from './waitlist.js';

/** Every command is answered through its acknowledgement, in one of these two forms. */
export type Ack<Data> = { ok: true; data: Data } | { ok: false; error: ErrorBody };

type Command<Payload, Data> = (payload: Payload, ack: (answer: Ack<Data>) => void) => void;

/**
 * Any command may name the moment, on the server's clock, after which its caller no longer waits: one that arrives later is
 * refused and does nothing, whatever kept it on its way.
 */
export const LatestArrivalSchema = z.object({ notAfter: TimeSchema.optional() });

/** Asks for a sign of life, which comes also while the store is away; `serverTime` is left out until the server knows it. */
type Ping = Command<Record<string, never>, { serverTime?: number }>;

/** `/live`, client → server. */
export interface LiveCommands {
  'live:join': Command<z.infer<typeof LiveJoinSchema>, Snapshot>;
  'live:leave': Command<z.infer<typeof LiveLeaveSchema>, Record<string, never>>;
  'booking:create': Command<BookingCreate, { booking: Booking; item: ItemView }>;
  'booking:cancel': Command<BookingCancel, { booking: Booking; reputation: number }>;
  'waitlist:join': Command<WaitlistJoin, { entry: WaitlistEntry; item: ItemView }>;
  'waitlist:leave': Command<z.infer<typeof WaitlistLeaveSchema>, { entry: WaitlistEntry }>;
  'checkout:start': Command<Record<string, never>, { checkout: Checkout }>;
  'checkout:leave': Command<z.infer<typeof CheckoutLeaveSchema>, Record<string, never>>;
  'order:place': Command<OrderPlace, { order: Order }>;
  'order:pay': Command<z.infer<typeof OrderPaySchema>, { order: Order }>;
  'order:cancel': Command<z.infer<typeof OrderCancelSchema>, { order: Order; reputation: number }>;
  'me:get': Command<Record<string, never>, Me>;
  ping: Ping;
}

/** `/live`, server → client: the first four to everyone in the live, the rest to the viewer alone. */
export interface LiveEvents {
  'stock:changed': (payload: { liveId: string; items: StockView[] }) => void;
  'stock:released': (payload: { liveId: string; releases: Release[] }) => void;
  'live:updated': (payload: { live: Live }) => void;
  'item:updated': (payload: { item: ItemView }) => void;
  'booking:updated': (payload: { booking: Booking }) => void;
  'waitlist:updated': (payload: { entry: WaitlistEntry }) => void;
  'viewer:updated': (payload: ViewerChange) => void;
  'checkout:expired': (payload: { checkoutId: string }) => void;
  'order:updated': (payload: { order: Order }) => void;
  'reputation:changed': (payload: ReputationChange) => void;
}

/** `/host`, client → server. */
export interface HostCommands {
  'live:join': Command<z.infer<typeof HostLiveJoinSchema>, HostSnapshot>;
  'live:leave': Command<z.infer<typeof LiveLeaveSchema>, Record<string, never>>;
  ping: Ping;
}

/** `/host`, server → client: the public events, and every viewer's with the viewer named. */
export interface HostEvents
  extends Pick<LiveEvents, 'stock:changed' | 'stock:released' | 'live:updated' | 'item:updated'> {
  'booking:updated': (payload: { booking: Booking; viewer: ViewerBrief }) => void;
  'order:updated': (payload: { order: Order; viewer: ViewerBrief }) => void;
  'reputation:changed': (payload: ReputationChange & { viewer: ViewerBrief }) => void;
  'live:audience': (payload: { liveId: string; viewers: number }) => void;
}

/** A command without fields. */
export const EmptySchema = z.object({});
