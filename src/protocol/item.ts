import { z } from 'zod';
import { IdSchema, RequestIdSchema } from './ids.js';
import { HttpsUrlSchema } from './settings.js';
import { lineSchema } from './text.js';
import { MAX_STOCK, PriceSchema, StockSchema } from './units.js';

/** The four buckets of an item's stock: absolute values, with the revision that orders them. */
export const StockViewSchema = z.object({
  itemId: IdSchema,
  available: StockSchema,
  booked: StockSchema,
  allocated: StockSchema,
  sold: StockSchema,
  /** Grows with every change of the item; clients keep the highest that they have seen. */
  revision: z.int().min(0),
  /** Entries that wait for units. */
  waiting: z.int().min(0),
  /** The ticket that is served next. */
  head: z.int().min(1),
});
export type StockView = z.infer<typeof StockViewSchema>;

/** A picture is an `https:` address, or a path on this server. */
const ImageUrl = z.union([
  HttpsUrlSchema,
  z
    .string()
    .max(512)
    .regex(/^\/[\w.-][\w./-]*$/, 'must be an https URL or a path on this server'),
]);

/** A sellable variant with its own stock, as everyone sees it. */
export const ItemViewSchema = StockViewSchema.extend({
  sku: z.string(),
  /** Short, said on camera: "A1". Unique in the shop. */
  code: z.string(),
  name: z.string(),
  price: PriceSchema,
  imageUrl: z.string().optional(),
  /** The host's switch: a closed item cannot be booked. */
  open: z.boolean(),
});
export type ItemView = z.infer<typeof ItemViewSchema>;

export const SkuSchema = lineSchema(64);
export const CodeSchema = lineSchema(16);
const Name = lineSchema(200);

/**
 * What two codes that are one have in common: "é1" and "É1", however their accents are put together and whatever unseen
 * characters stand between.
 */
export function codeKey(code: string): string {
  return code
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toLowerCase()
    .toUpperCase()
    .normalize('NFC');
}

export const ItemCreateSchema = z.strictObject({
  sku: SkuSchema,
  code: CodeSchema,
  name: Name,
  price: PriceSchema,
  stock: z.int().min(0).max(MAX_STOCK),
  imageUrl: ImageUrl.optional(),
});
export type ItemCreate = z.infer<typeof ItemCreateSchema>;

export const ItemPatchSchema = z.strictObject({
  sku: SkuSchema.optional(),
  code: CodeSchema.optional(),
  name: Name.optional(),
  price: PriceSchema.optional(),
  open: z.boolean().optional(),
  /** null takes the picture away. */
  imageUrl: ImageUrl.nullable().optional(),
});
export type ItemPatch = z.infer<typeof ItemPatchSchema>;

/** Positive adds to `available`, negative takes away from it; never below 0. */
export const RestockSchema = z.strictObject({
  quantity: z
    .int()
    .min(-MAX_STOCK)
    .max(MAX_STOCK)
    .refine((quantity) => quantity !== 0, 'must not be 0'),
  requestId: RequestIdSchema,
});
export type Restock = z.infer<typeof RestockSchema>;

/** Why units came back to the public. */
export const ReleaseReasonSchema = z.enum([
  'booking_expired',
  'booking_cancelled',
  'order_expired',
  'order_cancelled',
  'restocked',
]);

/** Units of one item that came back to the public. */
export const ReleaseSchema = z.object({
  itemId: IdSchema,
  quantity: z.int().min(1),
  reason: ReleaseReasonSchema,
  available: StockSchema,
  revision: z.int().min(0),
});
export type Release = z.infer<typeof ReleaseSchema>;
