import { z } from 'zod';
import { BookingSchema } from './booking.js';
import { CheckoutSchema } from './checkout.js';
import { ERROR_CODES } from './errors.js';
import { IdSchema, RequestIdSchema, ViewerIdSchema } from './ids.js';
import { OrderSchema } from './order.js';
import { RecipientInputSchema, RecipientSchema } from './recipient.js';
import { lineSchema } from './text.js';
import { CountSchema, ReputationSchema, TimeSchema } from './units.js';
import { WaitlistEntrySchema } from './waitlist.js';

export const ViewerStatusSchema = z
  .enum(['active', 'restricted'])
  .describe('A `restricted` one may watch; no bookings, no waiting, no checkout.');
export type ViewerStatus = z.infer<typeof ViewerStatusSchema>;

const brief = {
  viewerId: ViewerIdSchema,
  name: z.string().describe('As the viewer is called; "" when nobody said.'),
  reputation: ReputationSchema,
};

export const ViewerBriefSchema = z.object(brief).describe('Whose it is, as the host sees them.');
export type ViewerBrief = z.infer<typeof ViewerBriefSchema>;

export const ViewerSchema = z
  .object({ ...brief, status: ViewerStatusSchema })
  .describe('A customer of the shop.');
export type Viewer = z.infer<typeof ViewerSchema>;

const RightsSchema = z
  .object({
    mayBook: z.boolean().describe('Whether a booking would be judged at all.'),
    maxBookings: CountSchema.describe('Bookings at once.'),
    bookingTimeoutMinutes: z.number().meta({
      'x-unit': 'minutes',
      description: 'How long a booking made now would be held.',
    }),
    reason: z.enum(ERROR_CODES).optional().describe('What a booking would be refused with.'),
  })
  .describe('What the viewer may do at their reputation, by the settings and tiers of the shop.');

/** One of these has changed. */
export const ViewerChangeSchema = z.object({
  status: ViewerStatusSchema,
  reputation: ReputationSchema,
  rights: RightsSchema,
});
export type ViewerChange = z.infer<typeof ViewerChangeSchema>;

export const MeSchema = ViewerSchema.extend({
  bookings: z.array(BookingSchema).describe('The cart: held bookings, oldest first.'),
  checkout: CheckoutSchema.nullable().describe('The one that is open.'),
  orders: z.array(OrderSchema).describe('Newest first, at most 20.'),
  hasOlderOrders: z
    .boolean()
    .describe('There may be more than these: `GET /api/v1/me/orders` has all of them.'),
  waitlist: z.array(WaitlistEntrySchema).describe('Places in waiting lines, oldest first.'),
  recipient: RecipientSchema.nullable().describe(
    'The one remembered from the last order or `me:update`.',
  ),
  rights: RightsSchema,
}).describe('What a viewer has in this shop.');
export type Me = z.infer<typeof MeSchema>;

export const MeUpdateSchema = z.object({
  recipient: RecipientInputSchema.nullable().describe('null forgets the remembered one.'),
});
export type MeUpdate = z.input<typeof MeUpdateSchema>;

const ReputationReasonSchema = z
  .enum([
    'booking_cancelled',
    'booking_expired',
    'order_cancelled',
    'order_expired',
    'order_paid',
    'booking_restored',
    'recovered',
    'corrected',
  ])
  .describe('Why it moved; `corrected`: by the host, `recovered`: by quiet days.');

const DeltaSchema = z
  .int()
  .meta({ 'x-unit': 'points', description: 'What really moved, within the bounds 0 and 100.' });

/** A change as the viewer receives it. */
export const ReputationChangeSchema = z.object({
  reputation: ReputationSchema,
  delta: DeltaSchema,
  reason: ReputationReasonSchema,
  at: TimeSchema.describe('When it moved.'),
});
export type ReputationChange = z.infer<typeof ReputationChangeSchema>;

export const LedgerEntrySchema = z
  .object({
    delta: DeltaSchema,
    before: ReputationSchema.describe('As it was.'),
    after: ReputationSchema.describe('As it became: `before` + `delta`.'),
    reason: ReputationReasonSchema,
    refId: IdSchema.describe(
      'The booking or order that caused it; `day:…` for a recovery, `correction:…` for the host’s own.',
    ),
    at: TimeSchema.describe('When it moved.'),
    note: z.string().optional().describe('The host’s reason of a correction.'),
  })
  .describe('A line of the ledger; the viewer’s reputation is the sum of them all.');
export type LedgerEntry = z.infer<typeof LedgerEntrySchema>;

export const ViewerPatchSchema = z.strictObject({
  status: ViewerStatusSchema.optional(),
  release: z
    .boolean()
    .optional()
    .describe('Lets go of all that the viewer holds and waits for, at no cost to them.'),
});
export type ViewerPatch = z.infer<typeof ViewerPatchSchema>;

/** The host's own correction; the ledger shows what it did within 0 and 100. */
export const ReputationCorrectionSchema = z.strictObject({
  delta: z
    .int()
    .min(-1_000)
    .max(1_000)
    .refine((delta) => delta !== 0, 'must not be 0')
    .meta({ 'x-unit': 'points', description: 'Added, or below 0 taken away. Not 0.' }),
  reason: lineSchema(200).describe('For whoever asks later; in the ledger.'),
  requestId: RequestIdSchema,
});
export type ReputationCorrection = z.infer<typeof ReputationCorrectionSchema>;

export const ViewerLinkOpenSchema = z.strictObject({
  code: z
    .string()
    .regex(/^[\w-]{1,64}\.[\w-]{1,64}\.[\w.:@+|-]{1,128}$/, 'must be the code of a link')
    .describe('What follows `#claim=` in the link.'),
});

export const GuestCreateSchema = z.strictObject({
  name: lineSchema(64).describe('As the shop will see it.'),
});
