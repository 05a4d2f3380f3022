import { z } from 'zod';
import { IdSchema, RequestIdSchema } from './ids.js';
import { HttpsUrlSchema } from './settings.js';
import { lineSchema } from './text.js';
import { MAX_STOCK, PriceSchema, StockSchema } from './units.js';

/** The four buckets of an item's stock: absolute values, with the revision that orders them. */
export const StockViewSchema = z.object({
  itemId: IdSchema.describe('The item.'),
  available: StockSchema.describe('Free to be booked.'),
  booked: StockSchema.describe('In held bookings.'),
  allocated: StockSchema.describe('In orders that await payment.'),
  sold: StockSchema.describe('In paid orders.'),
  revision: z
    .int()
    .min(0)
    .describe('Grows with every change of the item; clients keep the highest that they have seen.'),
  /** Entries that wait for units. */
  waiting: z.int().min(0),
  head: z.int().min(1).describe('The ticket that is served next.'),
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
  code: z.string().describe('Short, said on camera: "A1". Unique in the shop.'),
  name: z.string(),
  price: PriceSchema,
  imageUrl: z.string().optional(),
  open: z.boolean().describe('The host’s switch: a closed item cannot be booked.'),
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
  imageUrl: ImageUrl.nullable().optional().describe('null takes the picture away.'),
});
export type ItemPatch = z.infer<typeof ItemPatchSchema>;

/** Two lines that would be one item. */
function twiceTheSame(lines: { sku: string; code?: string | undefined }[]) {
  const seen = new Map<string, number>();
  return lines.flatMap(({ sku, code }, line) => {
    const keys = [['sku', sku], ...(code === undefined ? [] : [['code', codeKey(code)]])] as const;
    return keys.flatMap(([field, value]) => {
      const first = seen.get(`${field} ${value}`);
      seen.set(`${field} ${value}`, first ?? line);
      return first === undefined ? [] : [{ line, field, first }];
    });
  });
}

const Available = z.int().min(0).max(MAX_STOCK);

const ItemLineSchema = ItemPatchSchema.extend({
  sku: SkuSchema.describe('Of the item that is changed; made when there is none.'),
  available: Available.optional().describe(
    'Sets what is free to be booked; those who wait are served from it.',
  ),
  stock: Available.optional().describe('The same by the name that it has when one item is made.'),
}).refine(({ available, stock }) => available === undefined || stock === undefined, {
  error: 'is given as available, too',
  path: ['stock'],
});

/** Items by SKU, as the shop's own system has them. */
export const ItemsPutSchema = z.strictObject({
  items: z
    .array(ItemLineSchema)
    .max(1_000)
    .superRefine((lines, context) => {
      for (const { line, field, first } of twiceTheSame(lines)) {
        context.addIssue({
          code: 'custom',
          path: [line, field as string],
          message: `is that of line ${first}, too`,
        });
      }
    }),
  requestId: RequestIdSchema.optional().describe('With one the call is safe to repeat.'),
});
export type ItemsPut = z.infer<typeof ItemsPutSchema>;

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
  itemId: IdSchema.describe('The item.'),
  quantity: z.int().min(1).describe('Units of the item.'),
  reason: ReleaseReasonSchema,
  available: StockSchema,
  revision: z.int().min(0),
});
export type Release = z.infer<typeof ReleaseSchema>;
