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
  type PaymentGateway,
  type PaymentNotification,
  type PaymentStatus,
} from './gateway.js';
import { MidtransHttp, parseJson, refusal } from './midtrans-http.js';
import {
  chargeSchema,
  type MidtransCharge,
  type MidtransTransaction,
  notificationSchema,
  paymentState,
  transactionSchema,
  wholeRupiah,
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

export class MidtransGateway implements PaymentGateway {
  readonly provider = 'midtrans';
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

  parseNotification(rawBody: Uint8Array): PaymentNotification {
    const parsed = notificationSchema.safeParse(parseJson(Buffer.from(rawBody).toString('utf8')));
    if (!parsed.success) throw new BadNotification("not in the form of Midtrans' notifications");
    const notice = parsed.data;
    const expected = createHash('sha512')
      .update(notice.order_id + notice.status_code + notice.gross_amount + this.#serverKey)
      .digest('hex');
    if (!sameText(notice.signature_key, expected)) {
      throw new BadSignature('not signed with our server key');
    }
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
  if (!parsed.success) {
    throw new GatewayUnavailable('Midtrans answered in a form that is not understood');
  }
  if (parsed.data.order_id !== paymentId) {
    throw new GatewayUnavailable('Midtrans answered about another payment');
  }
  return parsed.data;
}

function toCharge(charge: MidtransCharge, request: ChargeRequest): Charge {
  const state = paymentState(charge);
  if (state !== 'pending') {
    throw new GatewayRefused(`Midtrans answered a charge that is ${charge.transaction_status}`);
  }
  // A repeated idempotency key answers the first charge, whatever the repeat asked for.
  if (wholeRupiah(charge.gross_amount) !== request.amount) {
    throw new DuplicatePayment(
      `Midtrans charged ${charge.gross_amount} under this id, not ${request.amount}`,
    );
  }
  const qrImageUrl = charge.actions?.find((action) => action.name === 'generate-qr-code')?.url;
  if (!charge.qr_string && !qrImageUrl) {
    throw new GatewayUnavailable('Midtrans answered a charge without a QR');
  }
  const lifetimeMs = (request.expiresInMinutes ?? DEFAULT_QRIS_MINUTES) * MS_PER_MINUTE;
  return {
    ...(charge.qr_string && { qrString: charge.qr_string }),
    ...(qrImageUrl && { qrImageUrl }),
    expiresAt: charge.expiry_time ?? charge.transaction_time + lifetimeMs,
    ...(charge.transaction_id && { reference: charge.transaction_id }),
  };
}

function toStatus(transaction: MidtransTransaction): PaymentStatus {
  const state = paymentState(transaction);
  if (!state) {
    throw new GatewayUnavailable(
      `Midtrans' status ${transaction.transaction_status} is not known here`,
    );
  }
  return {
    state,
    amount: wholeRupiah(transaction.gross_amount),
    currency: transaction.currency?.toUpperCase() ?? null,
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
