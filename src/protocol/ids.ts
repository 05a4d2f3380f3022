import { z } from 'zod';

/**
 * Ids are opaque strings to clients. The alphabet is narrow because a shop's id becomes a Redis hash tag
 * (`{shopId}`), where a brace would move keys to another slot, and because ids travel in URLs.
 */
export const IdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_.:@+|-]{1,128}$/, 'must be 1 to 128 letters, digits or . _ : @ + | -');

/** A shop's id: the narrower alphabet that is also safe as a path segment and a file name. */
export const ShopIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -')
  .describe('The shop.');

export const BookingIdSchema = IdSchema.describe('The booking.');
export const CheckoutIdSchema = IdSchema.describe('The checkout.');
export const EntryIdSchema = IdSchema.describe('The place in the waiting line.');
export const ItemIdSchema = IdSchema.describe('The item.');
export const LiveIdSchema = IdSchema.describe('The live.');
export const OrderIdSchema = IdSchema.describe('The order.');
export const PaymentIdSchema = IdSchema.describe('The payment.');
export const ViewerIdSchema = IdSchema.describe('The viewer.');

export const RequestIdSchema = z
  .string()
  .min(1)
  .max(64)
  .describe(
    'Chosen by the client, to make it safe to repeat: the same caller with the same id gets the first accepted outcome again. Any text; kept at least 24 hours.',
  );
