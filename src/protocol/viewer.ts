import { z } from 'zod';
import { BookingSchema } from './booking.js';
import { CheckoutSchema } from './checkout.js';
import { ERROR_CODES } from './errors.js';
import { IdSchema, RequestIdSchema } from './ids.js';
import { OrderSchema } from './order.js';
import { RecipientInputSchema, RecipientSchema } from './recipient.js';
import { lineSchema } from './text.js';
import { ReputationSchema, TimeSchema } from './units.js';
import { WaitlistEntrySchema } from './waitlist.js';

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

/** What a viewer may do at their reputation, by the settings and tiers of the shop. */
const RightsSchema = z.object({
  mayBook: z.boolean(),
  /** Bookings at once. */
  maxBookings: z.int().min(0),
  bookingTimeoutMinutes: z.number(),
  /** The code that a booking would be refused with. */
  reason: z.enum(ERROR_CODES).optional(),
});

/** One of these has changed. */
export const ViewerChangeSchema = z.object({
  status: ViewerStatusSchema,
  reputation: ReputationSchema,
  rights: RightsSchema,
});
export type ViewerChange = z.infer<typeof ViewerChangeSchema>;

/** What a viewer has in this shop. */
export const MeSchema = ViewerSchema.extend({
  /** The cart: held bookings, oldest first. */
  bookings: z.array(BookingSchema),
  checkout: CheckoutSchema.nullable(),
  /** Newest first, at most 20. */
  orders: z.array(OrderSchema),
  /** Places in waiting lines, oldest first. */
  waitlist: z.array(WaitlistEntrySchema),
  /** The one remembered from the last order or `me:update`. */
  recipient: RecipientSchema.nullable(),
  rights: RightsSchema,
});
export type Me = z.infer<typeof MeSchema>;

export const MeUpdateSchema = z.object({
  recipient: RecipientInputSchema.nullable().describe('null forgets the remembered one.'),
});
export type MeUpdate = z.input<typeof MeUpdateSchema>;

/** Why a reputation moved; one entry of the ledger for each cause. */
const ReputationReasonSchema = z.enum([
  'booking_cancelled',
  'booking_expired',
  'order_cancelled',
  'order_expired',
  'order_paid',
  'booking_restored',
  'recovered',
  'corrected',
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
  /** The booking or order that caused it; `day:…` for a recovery, `correction:…` for the host's own. */
  refId: IdSchema,
  at: TimeSchema,
  /** The host's reason of a correction. */
  note: z.string().optional(),
});
export type LedgerEntry = z.infer<typeof LedgerEntrySchema>;

export const ViewerPatchSchema = z.strictObject({
  status: ViewerStatusSchema.optional(),
  /** Lets go of all that the viewer holds and waits for, at no cost to them. */
  release: z.boolean().optional(),
});
export type ViewerPatch = z.infer<typeof ViewerPatchSchema>;

/** The host's own correction; the ledger shows what it did within 0 and 100. */
export const ReputationCorrectionSchema = z.strictObject({
  delta: z
    .int()
    .min(-1_000)
    .max(1_000)
    .refine((delta) => delta !== 0, 'must not be 0'),
  reason: z.string().trim().min(1).max(200),
  requestId: RequestIdSchema,
});
export type ReputationCorrection = z.infer<typeof ReputationCorrectionSchema>;

export const ViewerLinkOpenSchema = z.strictObject({
  code: z
    .string()
    .regex(/^[\w-]{1,64}\.[\w-]{1,64}\.[\w.:@+|-]{1,128}$/, 'must be the code of a link')
    .describe('What follows `#claim=` in the link.'),
});

export const GuestCreateSchema = z.strictObject({ name: lineSchema(64) });
