import { z } from 'zod';
import type { ErrorCode } from './errors.js';
import { IdSchema, RequestIdSchema } from './ids.js';
import { PriceSchema, QuantitySchema, TimeSchema } from './units.js';

/** `held` → `cancelled` | `expired` | `ordered`; a host may hold a cancelled or expired one again. */
export const BookingStatusSchema = z.enum(['held', 'cancelled', 'expired', 'ordered']);
export type BookingStatus = z.infer<typeof BookingStatusSchema>;

/** A quantity of one item held for one viewer until a deadline that nothing extends. */
export const BookingSchema = z.object({
  bookingId: IdSchema,
  liveId: IdSchema,
  itemId: IdSchema,
  viewerId: IdSchema,
  /** Units still held, or held when the booking ended. */
  quantity: z.int().min(1),
  /** The price at the moment of booking; later edits of the item do not change it. */
  unitPrice: PriceSchema,
  status: BookingStatusSchema,
  /** This was the n-th accepted booking of the item: the viewer's proof of place in line. */
  sequence: z.int().min(1),
  createdAt: TimeSchema,
  expiresAt: TimeSchema,
  /** Who had it made: the viewer, the waiting list when units came free, or the host for the viewer. */
  source: z.enum(['viewer', 'waitlist', 'host']),
});
export type Booking = z.infer<typeof BookingSchema>;

export const BookingCreateSchema = z.object({
  liveId: IdSchema,
  itemId: IdSchema,
  quantity: QuantitySchema,
  requestId: RequestIdSchema,
});
export type BookingCreate = z.infer<typeof BookingCreateSchema>;

/** Without a quantity the whole booking is cancelled. */
export const BookingCancelSchema = z.object({
  bookingId: IdSchema,
  quantity: QuantitySchema.optional(),
  /** With one the command is safe to repeat. */
  requestId: RequestIdSchema.optional(),
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

/** Who the host books for: found by id, else by the handle, else made. A handle is `source:name`, such as `tiktok:ani`. */
const BookedForSchema = z.strictObject({
  viewerId: IdSchema.optional(),
  name: z.string().trim().min(1).max(64),
  handle: z
    .string()
    .trim()
    .regex(/^[a-z][a-z0-9_-]{0,31}:\S{1,100}$/i, 'must be source:name, like tiktok:ani')
    .optional(),
});

/** The host books for somebody; the item by its id or by its code. */
export const HostBookingCreateSchema = z
  .strictObject({
    liveId: IdSchema,
    itemId: IdSchema.optional(),
    code: z.string().trim().min(1).max(16).optional(),
    quantity: QuantitySchema,
    viewer: BookedForSchema,
    requestId: RequestIdSchema,
  })
  .refine((body) => (body.itemId === undefined) !== (body.code === undefined), {
    error: 'must name the item by itemId or by code',
    path: ['itemId'],
  });
export type HostBookingCreate = z.infer<typeof HostBookingCreateSchema>;
