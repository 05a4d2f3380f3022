/** What the look-alike's transactions look like from outside: checks of a charge, answers, and signed notifications. */
import { createHash } from 'node:crypto';
import { z } from 'zod';

export interface Transaction {
  id: string;
  orderId: string;
  /** With decimals, as Midtrans writes it: `10000.00`. */
  grossAmount: string;
  /** What of it is a fee that the payer bears (midtrans-php#118). */
  payersFee: number;
  currency: string;
  fraudStatus: string;
  /** Midtrans' word: pending, settlement, expire, cancel, deny, refund … */
  status: string;
  createdAt: number;
  settledAt?: number;
  /** Rupiah that have gone back, by the key under which it was asked. */
  refunds: Map<string, number>;
  /** From the charge's `X-Override-Notification`. */
  notificationUrl?: string;
}

export type ApiAnswer = { status_code: string; status_message: string } & Record<string, unknown>;

const GMT7_MS = 7 * 3_600_000;
const UNIT_MS = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 };

const customExpirySchema = z.object({
  order_time: z.string().optional(),
  expiry_duration: z.int().positive(),
  unit: z.enum(['second', 'minute', 'hour', 'day']).default('minute'),
});

const chargeRequestSchema = z.object({
  payment_type: z.string(),
  transaction_details: z.object({
    order_id: z.string().regex(/^[A-Za-z0-9\-_~.]{1,50}$/),
    gross_amount: z.int().min(1),
  }),
  qris: z.object({ acquirer: z.enum(['gopay', 'airpay shopee']) }).optional(),
  custom_expiry: customExpirySchema.optional(),
});
type ChargeRequest = z.output<typeof chargeRequestSchema>;

export function chargeRefusal(
  body: unknown,
  statusOf: (orderId: string) => string | undefined,
): { refusal: ApiAnswer } | { request: ChargeRequest } {
  const parsed = chargeRequestSchema.safeParse(body);
  if (!parsed.success) {
    const validation_messages = parsed.error.issues.map(
      (issue) => `${issue.path.join('.')}: ${issue.message}`,
    );
    return {
      refusal: { status_code: '400', status_message: 'Validation Error', validation_messages },
    };
  }
  if (parsed.data.payment_type !== 'qris') {
    return {
      refusal: {
        status_code: '402',
        status_message: "Merchant doesn't have access for this payment type",
      },
    };
  }
  // An id that expired or was cancelled can be used again (reference/expire-transaction).
  if (
    ['pending', 'settlement'].includes(statusOf(parsed.data.transaction_details.order_id) ?? '')
  ) {
    return { refusal: { status_code: '406', status_message: 'Duplicate order ID' } };
  }
  return { request: parsed.data };
}

export const refundRequestSchema = z.object({
  refund_key: z.string().regex(/^[A-Za-z0-9_-]{1,50}$/),
  amount: z.int().positive(),
  reason: z.string().optional(),
});

export function lifetimeMs(customExpiry: ChargeRequest['custom_expiry']): number {
  return customExpiry
    ? customExpiry.expiry_duration * UNIT_MS[customExpiry.unit]
    : 15 * UNIT_MS.minute;
}

const STATUS_CODES: Record<string, string> = {
  pending: '201',
  settlement: '200',
  refund: '200',
  partial_refund: '200',
  cancel: '200',
};

export function answerFor(transaction: Transaction, asked: 'charge' | 'status'): ApiAnswer {
  const expired = transaction.status === 'expire';
  return {
    status_code: expired ? '407' : (STATUS_CODES[transaction.status] ?? '202'),
    status_message:
      asked === 'charge' ? 'QRIS transaction is created' : 'Success, transaction is found',
    ...fields(transaction),
  };
}

/** Cancel, too, is 202 in a notification, though 200 in an answer (reference/cancel-transaction). */
export function notification(transaction: Transaction, serverKey: string): Record<string, unknown> {
  const status = transaction.status;
  const statusCode = status === 'cancel' ? '202' : (STATUS_CODES[status] ?? '202');
  return {
    ...fields(transaction),
    status_message: 'midtrans payment notification',
    status_code: statusCode,
    signature_key: signatureKey(
      transaction.orderId,
      statusCode,
      transaction.grossAmount,
      serverKey,
    ),
    ...(status === 'settlement' && { transaction_type: 'off-us', issuer: 'bca' }),
  };
}

export function signatureKey(
  orderId: string,
  statusCode: string,
  grossAmount: string,
  serverKey: string,
): string {
  return createHash('sha512')
    .update(`${orderId}${statusCode}${grossAmount}${serverKey}`)
    .digest('hex');
}

export function isAuthorised(header: string | undefined, serverKey: string): boolean {
  return header === `Basic ${Buffer.from(`${serverKey}:`).toString('base64')}`;
}

/** `YYYY-MM-DD HH:mm:ss` in GMT+7, without an offset. */
export function formatMidtransTime(epochMs: number): string {
  return new Date(epochMs + GMT7_MS).toISOString().slice(0, 19).replace('T', ' ');
}

function fields(transaction: Transaction): Record<string, unknown> {
  const { payersFee } = transaction;
  const gross = Number(transaction.grossAmount);
  const grossAmounts = {
    original_amount: String(gross - payersFee),
    gross_amount: String(gross),
    customer_imposed_payment_fee: String(payersFee),
  };
  return {
    transaction_id: transaction.id,
    order_id: transaction.orderId,
    merchant_id: 'G000000000',
    gross_amount: transaction.grossAmount,
    currency: transaction.currency,
    payment_type: 'qris',
    acquirer: 'gopay',
    transaction_time: formatMidtransTime(transaction.createdAt),
    transaction_status: transaction.status,
    fraud_status: transaction.fraudStatus,
    ...(transaction.settledAt !== undefined && {
      settlement_time: formatMidtransTime(transaction.settledAt),
    }),
    ...(payersFee > 0 && { metadata: { extra_info: { gross_amount_info: grossAmounts } } }),
  };
}
