import { z } from 'zod';
import { BookingSchema } from './booking.js';
import { CheckoutSchema } from './checkout.js';
import { IdSchema } from './ids.js';
import { OrderSchema } from './order.js';
import { lineSchema } from './text.js';
import { ReputationSchema, TimeSchema } from './units.js';

export const ViewerStatusSchema = z.enum(['active', 'restricted']);
export type ViewerStatus = z.infer<typeof ViewerStatusSchema>;

/** How the host sees a viewer beside a booking, an order or a change of reputation. */
export const ViewerBriefSchema = z.object({
  viewerId: IdSchema,
  name: z.string(),
  reputation: ReputationSchema,
});
export type ViewerBrief = z.infer<typeof ViewerBriefSchema>;

/** A customer of the shop. A restricted one may watch but not book. */
export const ViewerSchema = ViewerBriefSchema.extend({ status: ViewerStatusSchema });
export type Viewer = z.infer<typeof ViewerSchema>;

/** What a viewer has in this shop. */
export const MeSchema = ViewerSchema.extend({
  /** The cart: held bookings, oldest first. */
  bookings: z.array(BookingSchema),
  checkout: CheckoutSchema.nullable(),
  /** Newest first, at most 20. */
  orders: z.array(OrderSchema),
});
export type Me = z.infer<typeof MeSchema>;

/** Why a reputation moved; one entry of the ledger for each cause. */
const ReputationReasonSchema = z.enum([
  'booking_cancelled',
  'booking_expired',
  'order_cancelled',
  'order_expired',
  'order_paid',
]);

/** A change as the viewer hears of it. `delta` is what really moved, after the bounds 0 and 100. */
export const ReputationChangeSchema = z.object({
  reputation: ReputationSchema,
  delta: z.int(),
  reason: ReputationReasonSchema,
  at: TimeSchema,
});
export type ReputationChange = z.infer<typeof ReputationChangeSchema>;

/** A line of the ledger: `after` = `before` + `delta`; the viewer's reputation is the fold of them all. */
export const LedgerEntrySchema = z.object({
  delta: z.int(),
  before: ReputationSchema,
  after: ReputationSchema,
  reason: ReputationReasonSchema,
  /** The booking or order that caused it. */
  refId: IdSchema,
  at: TimeSchema,
});
export type LedgerEntry = z.infer<typeof LedgerEntrySchema>;

export const ViewerPatchSchema = z.strictObject({ status: ViewerStatusSchema });

export const GuestCreateSchema = z.strictObject({ name: lineSchema(64) });
