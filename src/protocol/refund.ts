import { z } from 'zod';
import { OrderIdSchema, PaymentIdSchema, RequestIdSchema, ViewerIdSchema } from './ids.js';
import { RefundBriefSchema } from './order.js';
import { linesSchema } from './text.js';
import { TimeSchema } from './units.js';
import { ViewerBriefSchema } from './viewer.js';

export const RefundSchema = RefundBriefSchema.extend({
  orderId: OrderIdSchema,
  code: z.string().describe('The order’s.'),
  viewer: ViewerBriefSchema,
  paymentId: PaymentIdSchema.describe('The payment that the money came by.'),
  at: TimeSchema.describe('When it was opened.'),
  words: z.string().optional().describe('The gateway’s own about this money.'),
  sendable: z
    .boolean()
    .describe(
      'Whether it can be sent back through the gateway that took it (`POST /refunds/:id/send`).',
    ),
  doneAt: TimeSchema.optional().describe('When it had gone back.'),
  doneBy: z.enum(['host', 'gateway']).optional().describe('Who paid it back.'),
  doneNote: z.string().optional().describe('How, in the host’s words.'),
}).describe('Money that must go back to a buyer; open until somebody has paid it back.');
export type Refund = z.infer<typeof RefundSchema>;

/** As the scripts keep it: what is of its order, its viewer and its gateway is looked up when it is shown. */
export const RefundRecordSchema = RefundSchema.omit({
  code: true,
  viewer: true,
  sendable: true,
}).extend({
  viewerId: ViewerIdSchema,
});
export type RefundRecord = z.infer<typeof RefundRecordSchema>;

export const OrderRefundSchema = z.strictObject({
  restock: z.boolean().describe('Whether the units go back to the public.'),
  requestId: RequestIdSchema,
});
export type OrderRefund = z.infer<typeof OrderRefundSchema>;

export const RefundDoneSchema = z.strictObject({
  note: linesSchema(300).optional().describe('How it was paid back, for whoever asks later.'),
  requestId: RequestIdSchema,
});
export type RefundDone = z.infer<typeof RefundDoneSchema>;
