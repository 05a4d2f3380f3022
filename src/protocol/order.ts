import { z } from 'zod';
import { LineSchema, TotalsSchema } from './checkout.js';
import { IdSchema, RequestIdSchema } from './ids.js';
import { RecipientInputSchema, RecipientSchema } from './recipient.js';
import { ORDER_NOTE_LIMIT } from './recipient-limits.js';
import type { Settings } from './settings.js';
import { cleanLine, linesSchema } from './text.js';
import { RupiahSchema, TimeSchema } from './units.js';

const PaymentMethodSchema = z.enum(['qris', 'bank_transfer']);
export type PaymentMethod = z.infer<typeof PaymentMethodSchema>;

/** Whose settings say more; here it is shown. */
const BankAccountSchema: z.ZodType<Settings['bankAccounts'][number]> = z.object({
  bank: z.string(),
  number: z.string(),
  holder: z.string(),
});

export const PaymentSchema = z.object({
  paymentId: IdSchema,
  method: PaymentMethodSchema,
  /** Who takes the money: `midtrans`, `sandbox`, or `manual` for a transfer that the host confirms. */
  provider: z.enum(['midtrans', 'sandbox', 'manual']),
  status: z.enum(['pending', 'paid', 'expired', 'cancelled', 'failed']),
  /** What is to be paid by it: the total; of a transfer in a shop with unique codes 1 to 999 more. */
  amount: RupiahSchema,
  /** What the QR code says. */
  qrString: z.string().optional(),
  /** Where a transfer that is awaited goes: the shop's accounts as they are now. Absent when it has none. */
  accounts: z.array(BankAccountSchema).optional(),
  /** When the buyer said that the transfer is made. */
  claimedAt: TimeSchema.optional(),
  expiresAt: TimeSchema.optional(),
});
export type Payment = z.infer<typeof PaymentSchema>;

export const RefundStatusSchema = z.enum(['open', 'done']);

const RefundReasonSchema = z.enum([
  /** It came after the order had ended, and its units were gone. */
  'late_and_gone',
  /** The order had been paid by another payment. */
  'paid_twice',
  /** It is not what the order costs, or not in rupiah. */
  'wrong_amount',
  /** The host gave a paid order up. */
  'cancelled_by_host',
  /** The gateway, or somebody in its dashboard, has paid it back. */
  'gateway_refunded',
  /** The payer's bank has taken it back. */
  'chargeback',
]);

/** What an order shows of money that must go back, or has gone back, to its buyer. */
export const RefundBriefSchema = z.object({
  refundId: IdSchema,
  /** 0 when nobody knows from the gateway's words how much it is. */
  amount: RupiahSchema,
  reason: RefundReasonSchema,
  status: RefundStatusSchema,
});

/**
 * `needs_refund`: money came after the order had ended and could no longer be met from stock. `refunded`: it has gone back,
 * or the host has given a paid order up.
 */
export const OrderStatusSchema = z.enum([
  'awaiting_payment',
  'paid',
  'expired',
  'cancelled',
  'needs_refund',
  'refunded',
]);
export type OrderStatus = z.infer<typeof OrderStatusSchema>;

const DeliverySchema = z.enum(['ship', 'pickup']);

/** How far a paid order has come on its way to the buyer. */
export const FulfilmentSchema = z.enum(['none', 'packed', 'shipped', 'done']);

/** Bookings turned into a purchase. Prices, names and PPN are those of booking and placing. */
export const OrderSchema = TotalsSchema.extend({
  orderId: IdSchema,
  /** 6 characters that people say and search, unique in the shop. */
  code: z.string(),
  viewerId: IdSchema,
  lines: z.array(LineSchema),
  status: OrderStatusSchema,
  expiresAt: TimeSchema,
  createdAt: TimeSchema,
  paidAt: TimeSchema.optional(),
  delivery: DeliverySchema,
  recipient: RecipientSchema.optional(),
  /** From the buyer to the seller. */
  note: z.string().optional(),
  fulfilment: FulfilmentSchema,
  /** The courier's number of the parcel. */
  tracking: z.string().optional(),
  /** Given once, when paid: `INV.YYMM.000001`, without gaps in a shop and month of Western Indonesia (WIB). */
  invoiceNumber: z.string().optional(),
  payment: PaymentSchema.nullable(),
  /** A bank transfer was open for it at some time: the host may confirm one. */
  transferOpened: z.literal(true).optional(),
  /** In the order of their opening; absent when there are none. */
  refunds: z.array(RefundBriefSchema).optional(),
});
export type Order = z.infer<typeof OrderSchema>;

export const OrderPlaceSchema = z.object({
  checkoutId: IdSchema,
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

export const OrderPaySchema = z.object({ orderId: IdSchema, paymentMethod: PaymentMethodSchema });
export const OrderCancelSchema = z.object({ orderId: IdSchema });
export const OrderTransferredSchema = z.object({ orderId: IdSchema });

/** Of a paid order. null or "" takes a text away. */
export const OrderPatchSchema = z.strictObject({
  fulfilment: FulfilmentSchema.optional(),
  tracking: z.string().overwrite(cleanLine).max(100).nullable().optional(),
  hostNote: linesSchema(1_000)
    .nullable()
    .optional()
    .describe('For the shop alone; the buyer does not see it.'),
});
export type OrderPatch = z.infer<typeof OrderPatchSchema>;

/** `came`: the money is there, and is settled as the host's word. `none`: no money came. */
export const NoticeDecisionSchema = z.strictObject({
  money: z.enum(['came', 'none']),
  note: linesSchema(300).optional().describe('For whoever asks later.'),
});
export type NoticeDecision = z.infer<typeof NoticeDecisionSchema>;

/**
 * What became of the word that money moved; the same word again is the same record, counted. `needs_refund` opens a
 * refund; with `wrong_amount` or `paid_twice` the order goes on by itself. `refunded`: the gateway says that money has gone
 * back, which is recorded as a refund that is done. `open`: not confirmed by the gateway
 * yet. `unclear`: the gateway answers, and nobody knows from its words whether money moved; a person has to look, and
 * decides.
 */
export const PaymentNoticeSchema = z.object({
  noticeId: IdSchema,
  paymentId: z.string(),
  orderId: z.string(),
  source: z.enum(['webhook', 'poll', 'close', 'host', 'sandbox']),
  outcome: z.enum(['open', 'paid', 'needs_refund', 'refunded', 'ignored', 'unclear']),
  reason: z.string(),
  /** The gateway's own. */
  words: z.string().optional(),
  at: TimeSchema,
  lastAt: TimeSchema,
  count: z.int().min(1),
  /** What a person found, of one that was unclear. */
  decision: NoticeDecisionSchema.extend({
    /** The host who decided: `sub` and `name` of the token. */
    by: z.string(),
    name: z.string().optional(),
    at: TimeSchema,
  }).optional(),
});
export type PaymentNotice = z.infer<typeof PaymentNoticeSchema>;
