/** QRIS through Midtrans' Core API: docs.midtrans.com/reference/qris, /cancel-transaction, /api-headers. */
import { createHash, timingSafeEqual } from 'node:crypto';
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
  QRIS_LIMITS,
  type RefundRequest,
} from './gateway.js';
import { toCharge, toStatus } from './midtrans-answers.js';
import { MidtransHttp, parseJson, refusal } from './midtrans-http.js';
import { notificationSchema, paymentState } from './midtrans-schemas.js';

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
    return toCharge(answer.body, request);
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
    // Of a part that went back only the status says how much; also after the payment, so it claims nothing.
    const isPart = notice.transaction_status.toLowerCase().startsWith('partial_');
    const claimedState = isPart ? undefined : paymentState(notice);
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
    return toStatus(answer.body, paymentId);
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

function transactionPath(paymentId: string): string {
  return `/v2/${encodeURIComponent(paymentId)}`;
}

/** Takes the same time wherever two texts of the same length differ. */
function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
