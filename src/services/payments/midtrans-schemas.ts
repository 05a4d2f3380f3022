/**
 * The forms of Midtrans' answers and notifications, and what they mean.
 * Sources: docs.midtrans.com/reference: qris, get-transaction-status, cancel-transaction, code-4xx,
 * best-practices-to-handle-notification, and docs/transaction-status-cycle. Unknown fields are ignored, as those ask.
 */
import { z } from 'zod';
import type { PaymentState } from './gateway.js';

/** Midtrans' times are GMT+7 and carry no offset. */
const MIDTRANS_TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/;

/** Rupiah with the decimals that Midtrans adds; no leading zeros, so that one amount has one spelling. */
const GROSS_AMOUNT = /^(0|[1-9]\d*)(?:\.(\d{1,2}))?$/;

const statusCode = z.string().regex(/^\d{3}$/);
const orderId = z.string().min(1).max(50);
const midtransTime = z.string().transform((text, context) => {
  const time = parseMidtransTime(text);
  if (time !== undefined) return time;
  context.addIssue('not a Midtrans time');
  return z.NEVER;
});

/** In every answer. The body's code counts: the HTTP status is often 200 whatever happened. */
export const answerSchema = z.object({
  status_code: statusCode,
  status_message: z.string().optional(),
  validation_messages: z.array(z.string()).optional(),
});

export const transactionSchema = z.object({
  status_code: statusCode,
  order_id: orderId,
  transaction_id: z.string().optional(),
  transaction_status: z.string(),
  fraud_status: z.string().optional(),
  gross_amount: z.string(),
  currency: z.string().optional(),
  settlement_time: midtransTime.optional().catch(undefined),
});
export type MidtransTransaction = z.output<typeof transactionSchema>;

export const chargeSchema = transactionSchema.extend({
  transaction_time: midtransTime,
  expiry_time: midtransTime.optional(),
  qr_string: z.string().min(1).optional(),
  actions: z.array(z.object({ name: z.string(), url: z.string() })).optional(),
});
export type MidtransCharge = z.output<typeof chargeSchema>;

/** The signed fields keep the sender's own spelling: the signature covers the strings, not their values. */
export const notificationSchema = z.object({
  order_id: orderId,
  status_code: statusCode,
  gross_amount: z.string().regex(GROSS_AMOUNT),
  // One that is missing or no text is as good as wrong: unsigned, rather than malformed.
  signature_key: z.string().max(256).catch(''),
  transaction_status: z.string().max(64),
  transaction_id: z.string().max(64).optional(),
  fraud_status: z.string().max(64).optional(),
});

/** Undefined for a word that this version does not know. */
export function paymentState(
  transaction: Pick<MidtransTransaction, 'status_code' | 'transaction_status' | 'fraud_status'>,
): PaymentState | undefined {
  // DANA's answers are documented in upper case, the others in lower.
  switch (transaction.transaction_status.toLowerCase()) {
    case 'settlement':
    case 'capture':
    // A part of the money went back by the merchant's own hand; the sale stands.
    case 'partial_refund':
    case 'partial_chargeback':
      return settledState(transaction.status_code, transaction.fraud_status);
    case 'pending':
    case 'authorize':
      return 'pending';
    case 'expire':
      return 'expired';
    case 'cancel':
      return 'cancelled';
    case 'deny':
    case 'failure':
      return 'denied';
    case 'refund':
    case 'chargeback':
      return 'refunded';
    default:
      return undefined;
  }
}

/** All three of Midtrans' checks for success: the status (by the caller), code 200, and fraud status accept. */
function settledState(code: string, fraudStatus = 'accept'): PaymentState {
  const fraud = fraudStatus.toLowerCase();
  if (fraud === 'deny') return 'denied';
  // A challenged payment is neither paid nor over: Midtrans or the merchant decides later.
  return code === '200' && fraud === 'accept' ? 'paid' : 'pending';
}

/** `"10000.00"` → 10000. Null for anything but whole rupiah that a number holds exactly. */
export function wholeRupiah(grossAmount: string): number | null {
  const [, whole, decimals = ''] = GROSS_AMOUNT.exec(grossAmount) ?? [];
  if (whole === undefined || /[^0]/.test(decimals)) return null;
  const amount = Number(whole);
  return Number.isSafeInteger(amount) ? amount : null;
}

/** `"2020-09-29 11:46:13"`, GMT+7, as epoch milliseconds. */
function parseMidtransTime(text: string): number | undefined {
  const [, date, time] = MIDTRANS_TIME.exec(text) ?? [];
  const epoch = Date.parse(`${date}T${time}+07:00`);
  return Number.isNaN(epoch) ? undefined : epoch;
}
