import { z } from 'zod';
import { BookingIdSchema, CheckoutIdSchema, ItemIdSchema } from './ids.js';
import {
  HeldQuantitySchema,
  PercentSchema,
  PriceSchema,
  RupiahSchema,
  TimeSchema,
} from './units.js';

export const LineSchema = z
  .object({
    bookingId: BookingIdSchema,
    itemId: ItemIdSchema,
    sku: z.string().describe('Of the item at booking.'),
    code: z.string().describe('Of the item at booking.'),
    name: z.string().describe('Of the item at booking.'),
    quantity: HeldQuantitySchema,
    unitPrice: PriceSchema.describe('Of one unit, as it was at booking.'),
    lineTotal: RupiahSchema.describe('`unitPrice` × `quantity`.'),
  })
  .describe('One booking as a line of a checkout or an order.');

export type Line = z.infer<typeof LineSchema>;

/**
 * What lines come to. Prices without PPN: `total` = `subtotal` + `ppn` + fees; with it (`pricesIncludePpn`): `total` =
 * `subtotal` + fees, and `ppn` is a part of `subtotal`. Each figure is half up to a whole rupiah; docs/ppn.md has the rules.
 */
export const TotalsSchema = z.object({
  subtotal: RupiahSchema.describe('The sum of the lines.'),
  ppnPercent: PercentSchema.describe('The rate of PPN.'),
  pricesIncludePpn: z.boolean().describe('Whether PPN is a part of `subtotal`.'),
  taxBase: RupiahSchema.describe('What PPN is charged on.'),
  ppn: RupiahSchema.describe('The tax, half up to a whole rupiah.'),
  shippingFee: RupiahSchema.describe(
    'Outside PPN, as the other fee. An order that is picked up has none.',
  ),
  serviceFee: RupiahSchema.describe('Outside PPN.'),
  total: RupiahSchema.describe('What is to be paid.'),
});
export type Totals = z.infer<typeof TotalsSchema>;

export const CheckoutSchema = TotalsSchema.extend({
  checkoutId: CheckoutIdSchema,
  lines: z.array(LineSchema).describe('One for each booking.'),
  expiresAt: TimeSchema.describe(
    'The earlier of the checkout timeout and the first booking deadline.',
  ),
}).describe(
  'A viewer’s timed visit to the checkout page: a snapshot of the cart, with the totals of an order that is shipped.',
);
export type Checkout = z.infer<typeof CheckoutSchema>;

export const CheckoutLeaveSchema = z.object({ checkoutId: CheckoutIdSchema });
