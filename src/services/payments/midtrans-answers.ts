/** What Midtrans' answers mean: which of them are trusted, and for how much. */
import type { z } from 'zod';
import {
  type Charge,
  type ChargeRequest,
  DuplicatePayment,
  GatewayRefused,
  GatewayUnavailable,
  GatewayUnclear,
  type PaymentStatus,
} from './gateway.js';
import {
  amountForOrder,
  chargeSchema,
  type MidtransCharge,
  type MidtransTransaction,
  parseMidtransTime,
  paymentState,
  returnedOf,
  transactionSchema,
} from './midtrans-schemas.js';

const DEFAULT_QRIS_MINUTES = 15;
const MS_PER_MINUTE = 60_000;
/** Of an answer that is not understood, this much is kept for a person to read, characters. */
const MOST_WORDS = 300;

export function toCharge(body: unknown, request: ChargeRequest): Charge {
  const charge = parseBody(chargeSchema, body, request.paymentId);
  const state = paymentState(charge);
  if (state !== 'pending') {
    throw new GatewayRefused(`Midtrans answered a charge that is ${charge.transaction_status}`);
  }
  // A repeated idempotency key answers the first charge, whatever the repeat asked for.
  if (charge.gross_amount !== undefined && amountForOrder(charge).whole !== request.amount) {
    throw new DuplicatePayment(
      `Midtrans charged ${charge.gross_amount} under this id, not ${request.amount}`,
    );
  }
  const qrImageUrl = charge.actions?.find((action) => action.name === 'generate-qr-code')?.url;
  if (!charge.qr_string && !qrImageUrl) {
    throw new GatewayUnavailable('Midtrans answered a charge without a QR that can be drawn');
  }
  const expiresAt = expiryOf(charge, request.expiresInMinutes ?? DEFAULT_QRIS_MINUTES);
  return {
    ...(charge.qr_string && { qrString: charge.qr_string }),
    ...(qrImageUrl && { qrImageUrl }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(charge.expiry_time && { expiryText: charge.expiry_time }),
    ...(charge.transaction_id && { reference: charge.transaction_id }),
  };
}

/** Without an expiry of its own, a charge lives from its transaction time on. */
function expiryOf(charge: MidtransCharge, minutes: number): number | undefined {
  if (charge.expiry_time) return parseMidtransTime(charge.expiry_time);
  return charge.transaction_time && charge.transaction_time + minutes * MS_PER_MINUTE;
}

export function toStatus(body: unknown, paymentId: string): PaymentStatus {
  const transaction = parseBody(transactionSchema, body, paymentId);
  const { transaction_status, status_code, fraud_status, gross_amount, currency } = transaction;
  const said = [transaction_status, status_code, fraud_status, gross_amount, currency];
  const words = said.filter((part) => part !== undefined).join(' ');
  const state = paymentState(transaction);
  const returned = returnedOf(transaction);
  if (!state || returned === null) throw new GatewayUnclear(words);
  const isRupiah = currency === undefined || currency.toUpperCase() === 'IDR';
  const { whole, roundedUp } = amountForOrder(transaction);
  return {
    state,
    words,
    amount: whole,
    received: isRupiah ? roundedUp : 0,
    currency: currency?.toUpperCase() ?? null,
    ...(returned && { returned }),
    ...(transaction.transaction_id && { reference: transaction.transaction_id }),
    ...(transaction.settlement_time !== undefined && { paidAt: transaction.settlement_time }),
  };
}

/** Its shape, and that it is of the payment that was asked for. */
function parseBody<T extends MidtransTransaction>(
  schema: z.ZodType<T>,
  body: unknown,
  paymentId: string,
): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success || parsed.data.order_id !== paymentId) {
    throw new GatewayUnclear(JSON.stringify(body).slice(0, MOST_WORDS));
  }
  return parsed.data;
}
