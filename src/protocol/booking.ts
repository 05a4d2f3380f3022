import { z } from 'zod';
import type { ErrorCode } from './errors.js';
import {
  BookingIdSchema,
  ItemIdSchema,
  LiveIdSchema,
  RequestIdSchema,
  ViewerIdSchema,
} from './ids.js';
import { CodeSchema } from './item.js';
import { lineSchema, nameSchema } from './text.js';
import {
  HeldQuantitySchema,
  PlaceSchema,
  PriceSchema,
  QuantitySchema,
  TimeSchema,
} from './units.js';

export const BookingStatusSchema = z
  .enum(['held', 'cancelled', 'expired', 'ordered'])
  .describe(
    '`held`, then `cancelled`, `expired` or `ordered`; a host may hold a cancelled or expired one again.',
  );

export const BookingSchema = z
  .object({
    bookingId: BookingIdSchema,
    liveId: LiveIdSchema,
    itemId: ItemIdSchema,
    viewerId: ViewerIdSchema,
    quantity: HeldQuantitySchema.describe('Units still held, or held when the booking ended.'),
    /** The price at the moment of booking; later edits of the item do not change it. */
    unitPrice: PriceSchema.describe('Of one unit, as it was at booking.'),
    status: BookingStatusSchema,
    sequence: PlaceSchema.describe(
      'This was the n-th accepted booking of the item: the viewer’s proof of place in line.',
    ),
    createdAt: TimeSchema.describe('When it was made.'),
    expiresAt: TimeSchema.describe('When it ends by itself.'),
    source: z
      .enum(['viewer', 'waitlist', 'host'])
      .describe(
        'Who had it made: the viewer, the waiting list when units came free, or the host for the viewer.',
      ),
  })
  .describe('A quantity of one item held for one viewer until a deadline that nothing extends.');
export type Booking = z.infer<typeof BookingSchema>;

export const BookingCreateSchema = z.object({
  liveId: LiveIdSchema,
  itemId: ItemIdSchema,
  quantity: QuantitySchema,
  requestId: RequestIdSchema,
});
export type BookingCreate = z.infer<typeof BookingCreateSchema>;

export const BookingCancelSchema = z.object({
  bookingId: BookingIdSchema,
  quantity: QuantitySchema.optional().describe('Units to give up; the whole booking without it.'),
  requestId: RequestIdSchema.optional().describe('With one the command is safe to repeat.'),
});
export type BookingCancel = z.infer<typeof BookingCancelSchema>;

/** What a booking, or a place in line, may be refused with. */
export const BOOKING_REFUSALS = [
  'LIVE_NOT_OPEN',
  'ITEM_CLOSED',
  'VIEWER_RESTRICTED',
  'REPUTATION_TOO_LOW',
  'FORBIDDEN',
  'COOLDOWN',
  'MAX_BOOKINGS',
  'MAX_ITEM_QUANTITY',
  'CART_FULL',
  'SOLD_OUT',
  'INSUFFICIENT_STOCK',
] as const satisfies ErrorCode[];

/** By the host, after a slip. */
export const BookingRestoreSchema = z.strictObject({ requestId: RequestIdSchema });
export type BookingRestore = z.infer<typeof BookingRestoreSchema>;

const BookedForSchema = z
  .strictObject({
    viewerId: ViewerIdSchema.optional(),
    name: lineSchema(64)
      .optional()
      .describe('Of one that is made; only with a `viewerId` that is known it may be left out.'),
    handle: nameSchema(133)
      .regex(/^[a-z][a-z0-9_-]{0,31}:\S{1,100}$/i, 'must be source:name, like tiktok:ani')
      .optional()
      .describe('`source:name`, such as `tiktok:ani`: who they are elsewhere.'),
  })
  .describe(
    'Who it is for: found by `viewerId`, else by `handle`, else made, under the `viewerId` if there is one.',
  );

/** The host books for somebody; the item by its id or by its code. */
export const HostBookingCreateSchema = z
  .strictObject({
    liveId: LiveIdSchema,
    itemId: ItemIdSchema.optional().describe('The item; or name it by `code`.'),
    code: CodeSchema.optional().describe('The item’s; or name it by `itemId`.'),
    quantity: QuantitySchema,
    viewer: BookedForSchema,
    requestId: RequestIdSchema,
  })
  .refine((body) => (body.itemId === undefined) !== (body.code === undefined), {
    error: 'must name the item by itemId or by code',
    path: ['itemId'],
  });
export type HostBookingCreate = z.infer<typeof HostBookingCreateSchema>;
