import { z } from 'zod';
import { ItemIdSchema, RequestIdSchema } from './ids.js';
import { HttpsUrlSchema } from './settings.js';
import { lineSchema } from './text.js';
import {
  CountSchema,
  HeldQuantitySchema,
  MAX_STOCK,
  PlaceSchema,
  PriceSchema,
  RevisionSchema,
  StockSchema,
} from './units.js';

/** The four buckets of an item's stock: absolute values, with the revision that orders them. */
export const StockViewSchema = z.object({
  itemId: ItemIdSchema,
  available: StockSchema.describe('Free to be booked.'),
  booked: StockSchema.describe('In held bookings.'),
  allocated: StockSchema.describe('In orders that await payment.'),
  sold: StockSchema.describe('In paid orders.'),
  revision: RevisionSchema.describe(
    'Grows with every change of the item; clients keep the highest that they have seen.',
  ),
  waiting: CountSchema.describe('Entries in the waiting line.'),
  head: PlaceSchema.describe('The ticket that is served next.'),
});
export type StockView = z.infer<typeof StockViewSchema>;

const ImageUrl = z
  .union([
    HttpsUrlSchema,
    z
      .string()
      .max(512)
      .regex(/^\/[\w.-][\w./-]*$/, 'must be an https URL or a path on this server'),
  ])
  .describe('A picture: an `https:` address, or a path on this server (`POST /photos`).');

const Open = z.boolean().describe('The host’s switch: a closed item cannot be booked.');
const SKU = 'The shop’s own number of the item.';
const CODE = 'Short, said on camera: “A1”. Unique in the shop, without case.';
const NAME = 'As viewers see it; “Shirt / S” is a size of “Shirt”.';

export const ItemViewSchema = StockViewSchema.extend({
  sku: z.string().describe(SKU),
  code: z.string().describe(CODE),
  name: z.string().describe(NAME),
  price: PriceSchema,
  imageUrl: z.string().optional().describe('Its picture.'),
  open: Open,
}).describe('A sellable variant with its own stock, as everyone sees it.');
export type ItemView = z.infer<typeof ItemViewSchema>;

export const SkuSchema = lineSchema(64).describe(SKU);
export const CodeSchema = lineSchema(16).describe(CODE);
const Name = lineSchema(200).describe(NAME);

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

const Stock = z
  .int()
  .min(0)
  .max(MAX_STOCK)
  .meta(StockSchema.meta() ?? {});

export const ItemCreateSchema = z.strictObject({
  sku: SkuSchema,
  code: CodeSchema,
  name: Name,
  price: PriceSchema,
  stock: Stock.describe('What is available at first.'),
  imageUrl: ImageUrl.optional(),
});
export type ItemCreate = z.infer<typeof ItemCreateSchema>;

export const ItemPatchSchema = z.strictObject({
  sku: SkuSchema.optional(),
  code: CodeSchema.optional(),
  name: Name.optional(),
  price: PriceSchema.optional(),
  open: Open.optional(),
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

const ItemLineSchema = ItemPatchSchema.extend({
  sku: SkuSchema.describe('Of the item that is changed; made when there is none.'),
  available: Stock.optional().describe(
    'Sets what is free to be booked; those who wait are served from it.',
  ),
  stock: Stock.optional().describe('The same by the name that it has when one item is made.'),
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
    })
    .describe('One line an item; no two of one `sku` or `code`.'),
  requestId: RequestIdSchema.optional().describe('With one the call is safe to repeat.'),
});
export type ItemsPut = z.infer<typeof ItemsPutSchema>;

export const RestockSchema = z.strictObject({
  quantity: z
    .int()
    .min(-MAX_STOCK)
    .max(MAX_STOCK)
    .refine((quantity) => quantity !== 0, 'must not be 0')
    .meta({
      ...StockSchema.meta(),
      description: 'Added to what is available; below 0 it takes away. Not 0.',
    }),
  requestId: RequestIdSchema,
});
export type Restock = z.infer<typeof RestockSchema>;

export const ReleaseReasonSchema = z
  .enum(['booking_expired', 'booking_cancelled', 'order_expired', 'order_cancelled', 'restocked'])
  .describe('Why they came back.');

export const ReleaseSchema = z
  .object({
    itemId: ItemIdSchema,
    quantity: HeldQuantitySchema,
    reason: ReleaseReasonSchema,
    available: StockSchema.describe('Free to be booked, with them.'),
    revision: RevisionSchema,
  })
  .describe('Units of one item that came back to the public.');
export type Release = z.infer<typeof ReleaseSchema>;
