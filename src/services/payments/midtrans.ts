/** QRIS through Midtrans' Core API: docs.midtrans.com/reference/qris, /cancel-transaction, /api-headers. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import {
  BadNotification,
  BadSignature,
  type Charge,
  type ChargeRequest,
  DuplicatePayment,
  GatewayRefused,
  GatewayUnavailable,
  GatewayUnclear,
  type PaymentGateway,
  type PaymentNotification,
  type PaymentStatus,
  QRIS_LIMITS,
  type RefundRequest,
} from './gateway.js';
import { MidtransHttp, parseJson, refusal } from './midtrans-http.js';
import {
  amountForOrder,
  chargeSchema,
  type MidtransCharge,
  type MidtransTransaction,
  notificationSchema,
  parseMidtransTime,
  paymentState,
  returnedOf,
  transactionSchema,
} from './midtrans-schemas.js';

export interface MidtransOptions {
  serverKey: string;
  /** `https://api.midtrans.com`, or `https://api.sandbox.midtrans.com` with a sandbox key. */
  baseUrl: string;
  /** For a whole operation, also one that makes two calls. Below the 5 s within which every command answers. */
  timeoutMs?: number;
  /** Where Midtrans sends this server's notifications; left out, the address set in its dashboard holds. */
  notificationUrl?: string;
}

const DEFAULT_TIMEOUT_MS = 4_000;
const DEFAULT_QRIS_MINUTES = 15;
const MS_PER_MINUTE = 60_000;
/** Of an answer that is not understood, this much is kept for a person to read, characters. */
const MOST_WORDS = 300;

/** Which payment a notification names, before anybody knows whether it is to be trusted: by that its key is found. */
export function paymentOfNotification(rawBody: Uint8Array): string | undefined {
  const parsed = notificationSchema.safeParse(parseJson(Buffer.from(rawBody).toString('utf8')));
  return parsed.data?.order_id;
}

export class MidtransGateway implements PaymentGateway {
  readonly provider = 'midtrans';
  readonly limits = QRIS_LIMITS;
  readonly #serverKey: string;
  readonly #http: MidtransHttp;
  readonly #timeoutMs: number;
  readonly #notificationUrl: string | undefined;

  constructor(options: MidtransOptions) {
    this.#serverKey = options.serverKey;
    this.#http = new MidtransHttp(options.baseUrl, options.serverKey);
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#notificationUrl = options.notificationUrl;
  }

  async charge(request: ChargeRequest): Promise<Charge> {
    if (!Number.isSafeInteger(request.amount) || request.amount < 1) {
      throw new GatewayRefused(
        `cannot charge ${request.amount}: whole rupiah from 1 up are needed`,
      );
    }
    const answer = await this.#http.call({
      method: 'POST',
      path: '/v2/charge',
      deadline: this.#deadline(),
      headers: {
        // Midtrans repeats its answer to the same key for five minutes, so a charge whose answer was lost can be
        // repeated. At most 46 characters, and shared by all endpoints: hence the suffix.
        'idempotency-key': `${request.paymentId}-charge`,
        ...(this.#notificationUrl && { 'x-override-notification': this.#notificationUrl }),
      },
      body: chargeBody(request),
    });
    if (answer.httpStatus === 202) {
      throw new GatewayUnavailable('Midtrans is still working on this charge');
    }
    if (answer.code === '406') throw new DuplicatePayment(answer.message, answer.code);
    if (answer.code !== '200' && answer.code !== '201') throw refusal(answer);
    return toCharge(parseBody(chargeSchema, answer.body, request.paymentId), request);
  }

  async status(paymentId: string): Promise<PaymentStatus | null> {
    return this.#statusBefore(this.#deadline(), paymentId);
  }

  async close(paymentId: string): Promise<PaymentStatus | null> {
    const deadline = this.#deadline();
    const answer = await this.#http.call({
      method: 'POST',
      path: `${transactionPath(paymentId)}/cancel`,
      deadline,
    });
    // 404, 407 (expired), 412 (cannot be changed) and 200 all leave it to the status to say what the payment is now:
    // 412 is the answer for a paid one as well as for one that was cancelled before.
    if (!['200', '404', '407', '412'].includes(answer.code)) throw refusal(answer);
    const status = await this.#statusBefore(deadline, paymentId);
    if (status?.state === 'pending') {
      throw new GatewayUnavailable('Midtrans did not close the payment: it is still pending');
    }
    return status;
  }

  async refund({ paymentId, refundKey, amount }: RefundRequest): Promise<void> {
    const deadline = this.#deadline();
    const answer = await this.#http.call({
      method: 'POST',
      path: `${transactionPath(paymentId)}/refund/online/direct`,
      deadline,
      body: { refund_key: refundKey, amount, reason: 'Refund to the buyer' },
    });
    if (answer.code === '200') return;
    // A repeat after a lost answer may be refused for what the first one has done.
    const status = await this.#statusBefore(deadline, paymentId);
    const { state, returned } = status ?? {};
    if (state !== 'refunded' && (returned?.amount ?? 0) < amount) throw refusal(answer);
  }

  parseNotification(rawBody: Uint8Array): PaymentNotification {
    const parsed = notificationSchema.safeParse(parseJson(Buffer.from(rawBody).toString('utf8')));
    if (!parsed.success) throw new BadNotification("not in the form of Midtrans' notifications");
    const notice = parsed.data;
    const isSigned = notice.gross_amount.some((amount) =>
      sameText(notice.signature_key, this.#signature(notice.order_id, notice.status_code, amount)),
    );
    if (!isSigned) throw new BadSignature('not signed with our server key');
    const claimedState = paymentState(notice);
    return {
      paymentId: notice.order_id,
      description: `${notice.transaction_status} ${notice.status_code}`,
      ...(claimedState && { claimedState }),
      ...(notice.transaction_id && { reference: notice.transaction_id }),
    };
  }

  async #statusBefore(deadline: AbortSignal, paymentId: string): Promise<PaymentStatus | null> {
    const answer = await this.#http.call({
      method: 'GET',
      path: `${transactionPath(paymentId)}/status`,
      deadline,
    });
    if (answer.code === '404') return null;
    // 407 is how the status of an expired payment is answered.
    if (!answer.code.startsWith('2') && answer.code !== '407') throw refusal(answer);
    return toStatus(parseBody(transactionSchema, answer.body, paymentId));
  }

  #signature(orderId: string, statusCode: string, amount: string): string {
    return createHash('sha512')
      .update(orderId + statusCode + amount + this.#serverKey)
      .digest('hex');
  }

  #deadline(): AbortSignal {
    return AbortSignal.timeout(this.#timeoutMs);
  }
}

function chargeBody(request: ChargeRequest): object {
  const minutes = request.expiresInMinutes;
  return {
    payment_type: 'qris',
    transaction_details: { order_id: request.paymentId, gross_amount: request.amount },
    qris: { acquirer: 'gopay' },
    // Without order_time the expiry runs from Midtrans' own transaction time, whatever our clock says.
    ...(minutes !== undefined && {
      custom_expiry: Number.isInteger(minutes)
        ? { expiry_duration: minutes, unit: 'minute' }
        : { expiry_duration: Math.max(1, Math.round(minutes * 60)), unit: 'second' },
    }),
  };
}

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

function toCharge(charge: MidtransCharge, request: ChargeRequest): Charge {
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

function toStatus(transaction: MidtransTransaction): PaymentStatus {
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

function transactionPath(paymentId: string): string {
  return `/v2/${encodeURIComponent(paymentId)}`;
}

/** Takes the same time wherever two texts of the same length differ. */
function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
