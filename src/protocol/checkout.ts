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

/**
 * What lines come to. Prices without PPN: `total` = `subtotal` + `ppn` + fees; with it (`pricesIncludePpn`): `total` =
 * `subtotal` + fees, and `ppn` is a part of `subtotal`. Each figure is half up to a whole rupiah; docs/ppn.md has the rules.
 */
export const TotalsSchema = z.object({
  subtotal: RupiahSchema,
  ppnPercent: z.number().min(0).max(100),
  pricesIncludePpn: z.boolean(),
  /** What PPN is charged on. */
  taxBase: RupiahSchema,
  ppn: RupiahSchema,
  /** Outside PPN, as the other fee. An order that is picked up has none. */
  shippingFee: RupiahSchema,
  serviceFee: RupiahSchema,
  total: RupiahSchema,
});
export type Totals = z.infer<typeof TotalsSchema>;

/** A viewer's timed visit to the checkout page: a snapshot of the cart with the totals of an order that is shipped. */
export const CheckoutSchema = TotalsSchema.extend({
  checkoutId: IdSchema,
  lines: z.array(LineSchema),
  /** The earlier of the checkout timeout and the first booking deadline. */
  expiresAt: TimeSchema,
});
export type Checkout = z.infer<typeof CheckoutSchema>;

export const CheckoutLeaveSchema = z.object({ checkoutId: IdSchema });
