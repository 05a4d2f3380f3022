import { z } from 'zod';
import { IdSchema, RequestIdSchema } from './ids.js';
import { RefundBriefSchema } from './order.js';
import { TimeSchema } from './units.js';
import { ViewerBriefSchema } from './viewer.js';

/** Money that must go back to a buyer; open until somebody has paid it back. */
export const RefundSchema = RefundBriefSchema.extend({
  orderId: IdSchema,
  /** The order's. */
  code: z.string(),
  viewer: ViewerBriefSchema,
  paymentId: IdSchema,
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
