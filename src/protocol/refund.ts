import { z } from 'zod';
import { IdSchema, RequestIdSchema } from './ids.js';
import { RupiahSchema, TimeSchema } from './units.js';
import { ViewerBriefSchema } from './viewer.js';

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

/** Money that must go back to a buyer; open until somebody has paid it back. */
export const RefundSchema = z.object({
  refundId: IdSchema,
  orderId: IdSchema,
  /** The order's. */
  code: z.string(),
  viewer: ViewerBriefSchema,
  paymentId: IdSchema,
  /** 0 when nobody knows from the gateway's words how much it is. */
  amount: RupiahSchema,
  reason: RefundReasonSchema,
  status: RefundStatusSchema,
  at: TimeSchema,
  /** The gateway's own about this money. */
  words: z.string().optional(),
  /** Whether it can be sent back through the gateway that took it. */
  sendable: z.boolean(),
  doneAt: TimeSchema.optional(),
  doneBy: z.enum(['host', 'gateway']).optional(),
  doneNote: z.string().optional(),
});
export type Refund = z.infer<typeof RefundSchema>;

/** As the scripts keep it: what is of its order, its viewer and its gateway is looked up when it is shown. */
export const RefundRecordSchema = RefundSchema.omit({
  code: true,
  viewer: true,
  sendable: true,
}).extend({
  viewerId: IdSchema,
});
export type RefundRecord = z.infer<typeof RefundRecordSchema>;

export const OrderRefundSchema = z.strictObject({
  /** Whether the units go back to the public. */
  restock: z.boolean(),
  requestId: RequestIdSchema,
});
export type OrderRefund = z.infer<typeof OrderRefundSchema>;

export const RefundDoneSchema = z.strictObject({
  /** How it was paid back, for whoever asks later. */
  note: z.string().trim().max(300).optional(),
  requestId: RequestIdSchema,
});
export type RefundDone = z.infer<typeof RefundDoneSchema>;
