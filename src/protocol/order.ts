import { z } from 'zod';
import { LineSchema, TotalsSchema } from './checkout.js';
import {
  CheckoutIdSchema,
  IdSchema,
  OrderIdSchema,
  PaymentIdSchema,
  RequestIdSchema,
  ViewerIdSchema,
} from './ids.js';
import { RecipientInputSchema, RecipientSchema } from './recipient.js';
import { ORDER_NOTE_LIMIT } from './recipient-limits.js';
import type { Settings } from './settings.js';
import { SETTINGS } from './settings-table.js';
import { lineOrNoneSchema, linesSchema } from './text.js';
import { CountSchema, PlaceSchema, RupiahSchema, TimeSchema } from './units.js';

const PaymentMethodSchema = z.enum(['qris', 'bank_transfer']).describe('How it is to be paid.');
export type PaymentMethod = z.infer<typeof PaymentMethodSchema>;

const account = SETTINGS.bankAccounts.fields;

const BankAccountSchema: z.ZodType<Settings['bankAccounts'][number]> = z.object({
  bank: z.string().describe(account.bank.help.en),
  number: z.string().describe(account.number.help.en),
  holder: z.string().describe(account.holder.help.en),
});

export const PaymentSchema = z
  .object({
    paymentId: PaymentIdSchema,
    method: PaymentMethodSchema,
    provider: z
      .enum(['midtrans', 'sandbox', 'manual'])
      .describe('Who takes the money; `manual`: a transfer that the host confirms.'),
    status: z
      .enum(['pending', 'paid', 'expired', 'cancelled', 'failed'])
      .describe('`failed`: the gateway has denied it, or ended it early.'),
    amount: RupiahSchema.describe(
      'What is to be paid by it: the total; of a transfer in a shop with unique codes 1 to 999 more.',
    ),
    qrString: z.string().optional().describe('What the QR code says.'),
    accounts: z
      .array(BankAccountSchema)
      .optional()
      .describe(
        'Where a transfer that is awaited goes: the shop’s accounts as they are now. Absent when it has none.',
      ),
    claimedAt: TimeSchema.optional().describe('When the buyer said that the transfer is made.'),
    expiresAt: TimeSchema.optional().describe(
      'Until when it can be paid, where it ends by itself.',
    ),
  })
  .describe('One way to pay an order. A new one takes the place of one that has ended.');
export type Payment = z.infer<typeof PaymentSchema>;

export const RefundStatusSchema = z
  .enum(['open', 'done'])
  .describe('`open` until the money has gone back.');

/** What an order shows of money that must go back, or has gone back, to its buyer. */
export const RefundBriefSchema = z.object({
  refundId: IdSchema.describe('The refund.'),
  amount: RupiahSchema.describe('0 when nobody knows from the gateway’s words how much it is.'),
  reason: z
    .enum([
      'late_and_gone',
      'paid_twice',
      'wrong_amount',
      'cancelled_by_host',
      'gateway_refunded',
      'chargeback',
    ])
    .describe(
      '`late_and_gone`: it came after the order had ended, and its units were gone. `paid_twice`: another payment had paid the order. `wrong_amount`: it is not what the order costs, or not in rupiah. `cancelled_by_host`: the host gave a paid order up. `gateway_refunded`: the gateway, or somebody in its dashboard, has paid it back. `chargeback`: the payer’s bank has taken it back.',
    ),
  status: RefundStatusSchema,
});

export const OrderStatusSchema = z
  .enum(['awaiting_payment', 'paid', 'expired', 'cancelled', 'needs_refund', 'refunded'])
  .describe(
    '`needs_refund`: money came after the order had ended and could no longer be met from stock. `refunded`: it has gone back, or the host has given a paid order up.',
  );
export type OrderStatus = z.infer<typeof OrderStatusSchema>;

const DeliverySchema = z.enum(['ship', 'pickup']).describe('Sent, or fetched by the buyer.');

export const FulfilmentSchema = z
  .enum(['none', 'packed', 'shipped', 'done'])
  .describe('How far a paid order has come on its way to the buyer.');

export const OrderSchema = TotalsSchema.extend({
  orderId: OrderIdSchema,
  code: z
    .string()
    .describe(
      '6 characters that people say and search, unique in the shop; "" of orders from before there were codes.',
    ),
  viewerId: ViewerIdSchema,
  lines: z.array(LineSchema).describe('One for each booking.'),
  status: OrderStatusSchema,
  expiresAt: TimeSchema.describe('When it ends by itself while it is not paid.'),
  createdAt: TimeSchema.describe('When it was placed.'),
  paidAt: TimeSchema.optional().describe('When it was paid, once it was.'),
  delivery: DeliverySchema,
  recipient: RecipientSchema.optional(),
  note: z.string().optional().describe('From the buyer to the seller.'),
  fulfilment: FulfilmentSchema,
  tracking: z.string().optional().describe('The courier’s number of the parcel.'),
  invoiceNumber: z
    .string()
    .optional()
    .describe(
      'Given once, when paid: `INV.YYMM.000001`, without gaps in a shop and month of Western Indonesia (WIB).',
    ),
  payment: PaymentSchema.nullable().describe(
    'The last one opened; null when nothing is to be paid.',
  ),
  transferOpened: z
    .literal(true)
    .optional()
    .describe('A bank transfer was open for it at some time: the host may confirm one.'),
  refunds: z
    .array(RefundBriefSchema)
    .optional()
    .describe('In the order of their opening; absent when there are none.'),
}).describe(
  'Bookings turned into a purchase. Prices, names and PPN are those of booking and placing.',
);
export type Order = z.infer<typeof OrderSchema>;

export const OrderPlaceSchema = z.object({
  checkoutId: CheckoutIdSchema,
  paymentMethod: PaymentMethodSchema,
  requestId: RequestIdSchema,
  delivery: DeliverySchema.optional().describe(
    '`ship` when left out; `pickup` where the shop allows it.',
  ),
  recipient: RecipientInputSchema.optional().describe(
    'Kept with the order, and remembered for the viewer. Without it the remembered one.',
  ),
  note: linesSchema(ORDER_NOTE_LIMIT).optional().describe('For the seller.'),
});
export type OrderPlace = z.infer<typeof OrderPlaceSchema>;

export const OrderPaySchema = z.object({
  orderId: OrderIdSchema,
  paymentMethod: PaymentMethodSchema,
});
export const OrderCancelSchema = z.object({ orderId: OrderIdSchema });
export const OrderTransferredSchema = z.object({ orderId: OrderIdSchema });

/** Of a paid order. */
export const OrderPatchSchema = z.strictObject({
  fulfilment: FulfilmentSchema.optional(),
  tracking: lineOrNoneSchema(100)
    .nullable()
    .optional()
    .describe('The courier’s number of the parcel; null or "" takes it away.'),
  hostNote: linesSchema(1_000)
    .nullable()
    .optional()
    .describe('For the shop alone; the buyer does not see it. null or "" takes it away.'),
});
export type OrderPatch = z.infer<typeof OrderPatchSchema>;

export const NoticeDecisionSchema = z.strictObject({
  money: z
    .enum(['came', 'none'])
    .describe('`came`: it is there, and is settled as the host’s word. `none`: none came.'),
  note: linesSchema(300).optional().describe('For whoever asks later.'),
});
export type NoticeDecision = z.infer<typeof NoticeDecisionSchema>;

export const PaymentNoticeSchema = z
  .object({
    noticeId: IdSchema.describe('The notice.'),
    paymentId: z.string().describe('The payment that it names.'),
    orderId: z.string().describe('The order of that payment; "" when it is not known.'),
    source: z
      .enum(['webhook', 'poll', 'close', 'host', 'sandbox'])
      .describe(
        'How it came: by the gateway’s call, when the gateway was asked (`poll`) or asked to close the payment, from the host, or from the sandbox.',
      ),
    outcome: z
      .enum(['open', 'paid', 'needs_refund', 'refunded', 'ignored', 'unclear'])
      .describe(
        '`needs_refund` opens a refund; with `wrong_amount` or `paid_twice` the order goes on by itself. `refunded`: the gateway says that money has gone back, which is recorded as a refund that is done. `open`: not confirmed by the gateway yet. `unclear`: nobody knows from the gateway’s words whether money moved; a person looks, and decides.',
      ),
    reason: z.string().describe('Why it has that outcome; a word such as `paid_twice`, or "".'),
    words: z.string().optional().describe('The gateway’s own.'),
    at: TimeSchema.describe('When it first came.'),
    lastAt: TimeSchema.describe('When it last came.'),
    count: PlaceSchema.meta({ ...CountSchema.meta(), description: 'How often it came.' }),
    decision: NoticeDecisionSchema.extend({
      by: z.string().describe('`sub` of the host who decided.'),
      name: z.string().optional().describe('`name` of the host’s token.'),
      at: TimeSchema.describe('When.'),
    })
      .optional()
      .describe('What a person found, of one that was unclear.'),
  })
  .describe(
    'What became of a notice that money moved; the same again is the same record, counted.',
  );
export type PaymentNotice = z.infer<typeof PaymentNoticeSchema>;
