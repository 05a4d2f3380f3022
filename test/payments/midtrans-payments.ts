/** The look-alike's payments: the Core API's requests on one side, the payer and the clock on the other. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import {
  type ApiAnswer,
  answerFor,
  chargeRefusal,
  formatMidtransTime,
  lifetimeMs,
  refundRequestSchema,
  type Transaction,
} from './midtrans-transactions.js';

export class MidtransPayments {
  /** Answers a charge without `expiry_time`, as Midtrans sometimes does. */
  omitExpiryTime = false;
  /** Stand in an answer besides, or instead of, what belongs there. */
  alsoInCharges: Record<string, unknown> = {};
  alsoInStatuses: Record<string, unknown> = {};
  /** The account lets the payer bear a fee of this many rupiah, from the next charge on. */
  payersFee = 0;

  readonly #now: () => number;
  readonly #notify: (transaction: Transaction) => void;
  readonly #transactions = new Map<string, Transaction>();

  constructor(now: () => number, notify: (transaction: Transaction) => void) {
    this.#now = now;
    this.#notify = notify;
  }

  /** The payer pays. Also after expiry or cancel, as late QRIS payments do. */
  settle(
    paymentId: string,
    as: { amount?: string; currency?: string; fraudStatus?: string } = {},
  ): void {
    const transaction = this.#known(paymentId);
    transaction.grossAmount = as.amount ?? transaction.grossAmount;
    transaction.currency = as.currency ?? transaction.currency;
    transaction.fraudStatus = as.fraudStatus ?? 'accept';
    transaction.settledAt = this.#now();
    this.#move(transaction, 'settlement');
  }

  expire(paymentId: string): void {
    this.#move(this.#known(paymentId), 'expire');
  }

  deny(paymentId: string): void {
    this.#move(this.#known(paymentId), 'deny');
  }

  refund(paymentId: string): void {
    this.#move(this.#known(paymentId), 'refund');
  }

  /** What has gone back to the payer so far, rupiah. */
  refunded(paymentId: string): number {
    const { refunds } = this.#known(paymentId);
    return [...refunds.values()].reduce((sum, amount) => sum + amount, 0);
  }

  /** Any other word for the state, documented or not. */
  setStatus(paymentId: string, transactionStatus: string): void {
    this.#move(this.#known(paymentId), transactionStatus);
  }

  answer({ method, url: path = '', headers }: IncomingMessage, body: unknown): ApiAnswer {
    if (method === 'POST' && path === '/v2/charge') {
      return this.#charge(body, headers['x-override-notification']);
    }
    const [, id = '', action] =
      /^\/v2\/([^/]+)\/(status|cancel|expire|refund\/online\/direct)$/.exec(path) ?? [];
    if (method !== (action === 'status' ? 'GET' : 'POST')) {
      return { status_code: '405', status_message: 'HTTP method is not allowed' };
    }
    const transaction = this.#transactions.get(decodeURIComponent(id));
    if (!transaction) return { status_code: '404', status_message: "Transaction doesn't exist." };
    if (action === 'status') return { ...answerFor(transaction, 'status'), ...this.alsoInStatuses };
    if (action === 'refund/online/direct') return this.#refund(transaction, body);
    return this.#close(transaction, action === 'cancel' ? 'cancel' : 'expire');
  }

  #charge(body: unknown, notificationUrl: string | string[] | undefined): ApiAnswer {
    const checked = chargeRefusal(body, (id) => this.#transactions.get(id)?.status);
    if ('refusal' in checked) return checked.refusal;
    const { transaction_details: details, custom_expiry: customExpiry } = checked.request;
    const transaction: Transaction = {
      id: randomUUID(),
      orderId: details.order_id,
      grossAmount: `${details.gross_amount + this.payersFee}.00`,
      payersFee: this.payersFee,
      currency: 'IDR',
      fraudStatus: 'accept',
      status: 'pending',
      createdAt: this.#now(),
      refunds: new Map(),
      ...(typeof notificationUrl === 'string' && { notificationUrl }),
    };
    this.#transactions.set(transaction.orderId, transaction);
    this.#notify(transaction);
    return {
      ...answerFor(transaction, 'charge'),
      qr_string: `00020101021226620014COM.GO-JEK.WWW${transaction.id}6304ABCD`,
      actions: [
        {
          name: 'generate-qr-code',
          method: 'GET',
          url: `https://api.midtrans.com/v2/qris/${transaction.id}/qr-code`,
        },
      ],
      ...(!this.omitExpiryTime && {
        expiry_time: formatMidtransTime(transaction.createdAt + lifetimeMs(customExpiry)),
      }),
      ...this.alsoInCharges,
    };
  }

  /** A key pays once; a repeat is refused (reference/direct-refund-transaction). */
  #refund(transaction: Transaction, body: unknown): ApiAnswer {
    const { refund_key: key, amount } = refundRequestSchema.parse(body);
    const left = Number(transaction.grossAmount) - this.refunded(transaction.orderId);
    if (transaction.status !== 'settlement' || transaction.refunds.has(key) || amount > left) {
      return { status_code: '412', status_message: 'Merchant cannot modify the transaction' };
    }
    transaction.refunds.set(key, amount);
    this.#move(transaction, amount === left ? 'refund' : 'partial_refund');
    return answerFor(transaction, 'status');
  }

  #close(transaction: Transaction, status: 'cancel' | 'expire'): ApiAnswer {
    if (transaction.status === 'expire') {
      return { status_code: '407', status_message: 'Transaction has expired' };
    }
    if (transaction.status !== 'pending') {
      return {
        status_code: '412',
        status_message: 'Merchant cannot modify the status of the transaction',
      };
    }
    this.#move(transaction, status);
    return answerFor(transaction, 'status');
  }

  #move(transaction: Transaction, status: string): void {
    transaction.status = status;
    this.#notify(transaction);
  }

  #known(paymentId: string): Transaction {
    const transaction = this.#transactions.get(paymentId);
    if (!transaction) throw new Error(`the look-alike knows no payment ${paymentId}`);
    return transaction;
  }
}
