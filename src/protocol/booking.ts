import { z } from 'zod';
import { IdSchema, RequestIdSchema } from './ids.js';
import { PriceSchema, QuantitySchema, TimeSchema } from './units.js';

/** `held` → `cancelled` | `expired` | `ordered`; a booking ends exactly once. */
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
});
export type BookingCancel = z.infer<typeof BookingCancelSchema>;
