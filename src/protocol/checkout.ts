import { z } from 'zod';
import { IdSchema } from './ids.js';
import { PriceSchema, RupiahSchema, TimeSchema } from './units.js';

/** One booking as a line of a checkout or an order. `lineTotal` = `unitPrice` × `quantity`. */
export const LineSchema = z.object({
  bookingId: IdSchema,
  itemId: IdSchema,
  sku: z.string(),
  code: z.string(),
  name: z.string(),
  quantity: z.int().min(1),
  unitPrice: PriceSchema,
  lineTotal: RupiahSchema,
});

/** `ppn` = `subtotal` × `ppnPercent` / 100, half up to a whole rupiah; `total` = `subtotal` + `ppn`. */
export const TotalsSchema = z.object({
  subtotal: RupiahSchema,
  ppnPercent: z.number().min(0).max(100),
  ppn: RupiahSchema,
  total: RupiahSchema,
});

/** A viewer's timed visit to the checkout page: a snapshot of the cart with totals. */
export const CheckoutSchema = TotalsSchema.extend({
  checkoutId: IdSchema,
  lines: z.array(LineSchema),
  /** The earlier of the checkout timeout and the first booking deadline. */
  expiresAt: TimeSchema,
});
export type Checkout = z.infer<typeof CheckoutSchema>;

export const CheckoutLeaveSchema = z.object({ checkoutId: IdSchema });
