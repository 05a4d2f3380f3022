/**
 * What Livehold asks of a payment gateway. Two stand behind it: Midtrans (real money) and the sandbox (play money).
 *
 * The gateway is the only judge of whether money moved. Nothing here touches orders or stock: the settle path does,
 * and it acts on `status` or `close`, never on a notification's word alone.
 */
import { randomUUID } from 'node:crypto';

/**
 * - `pending`: may still be paid.
 * - `paid`: the money is in; a part of it may have gone back (`returned`).
 * - `expired`, `cancelled`, `denied`: not paid. A QR can still be paid late, so `paid` may follow even these.
 * - `refunded`: was paid, and all of it has gone back to the payer.
 */
export type PaymentState = 'pending' | 'paid' | 'expired' | 'cancelled' | 'denied' | 'refunded';

export interface ChargeRequest {
  /** Unique for each attempt at paying an order; from {@link newPaymentId}. The gateway's notifications name it. */
  paymentId: string;
  /** Whole rupiah, at least 1. */
  amount: number;
  /** How long the QR can be paid, counted from when the gateway takes the charge. Left out: the gateway's default. */
  expiresInMinutes?: number;
}

/** A QR to show to the payer: as text to draw (`qrString`), as an address of an image, or both; never neither. */
export interface Charge {
  qrString?: string;
  qrImageUrl?: string;
  /**
   * Epoch milliseconds, by the gateway's clock; absent when it names no time that there is. The order's own deadline
   * follows it (contract §2), within what the script that shows the payment believes.
   */
  expiresAt?: number;
  /** The expiry in the gateway's own words, for the log. */
  expiryText?: string;
  /** The gateway's own id of the payment, for the host who looks it up there. */
  reference?: string;
}

export interface PaymentStatus {
  state: PaymentState;
  /** All of it in the gateway's own words, for a person who looks into it. */
  words: string;
  /**
   * What was paid towards the order, without a fee that the payer bears. Whole rupiah; null when the gateway's figure is not
   * a whole amount, so that it equals no order's total.
   */
  amount: number | null;
  /** What of it would have to go back if it is not the order's: rupiah, rounded up; 0 when the words do not say. */
  received: number;
  /** Set when money has gone back to the payer. */
  returned?: Returned;
  /** ISO 4217, upper case; null when the gateway does not say. */
  currency: string | null;
  reference?: string;
  /** When the money came in, epoch milliseconds by the gateway's clock. */
  paidAt?: number;
}

/** Money that has gone back to the payer, by the gateway's own or its dashboard's hand, or by the payer's bank. */
export interface Returned {
  /** Whole rupiah so far; absent when it is all that was paid. */
  amount?: number;
  reason: 'gateway_refunded' | 'chargeback';
}

/** What a gateway takes; more is refused before it is asked. */
export interface GatewayLimits {
  /** The most that one payment may be of, whole rupiah. */
  amount: number;
  /** The longest that one may be open; what it says beyond is not believed. */
  minutes: number;
}

/** Of one QRIS payment: Bank Indonesia's limit, and longer than any gateway keeps a QR open. */
export const QRIS_LIMITS: GatewayLimits = { amount: 10_000_000, minutes: 7 * 24 * 60 };

export interface RefundRequest {
  paymentId: string;
  /** Makes it safe to repeat: the same key pays once. */
  refundKey: string;
  /** Whole rupiah. */
  amount: number;
}

/** A notification whose signature is good. The signature may leave out the state: confirm it with `status`. */
export interface PaymentNotification {
  paymentId: string;
  /** The gateway's own words, e.g. `settlement 200`, for the record of notices. */
  description: string;
  /** What it claims to have happened; absent when the gateway uses a word that we do not know. */
  claimedState?: PaymentState;
  reference?: string;
}

/**
 * `charge`, `status`, `close` and `refund` throw {@link GatewayUnavailable} or {@link GatewayRefused} and nothing else, and
 * answer or throw within the gateway's timeout. They never retry by themselves.
 */
export interface PaymentGateway {
  readonly provider: 'midtrans' | 'sandbox';
  readonly limits: GatewayLimits;

  /**
   * Opens a payment. Store the payment id with its order *before* the call: the notification can come before the answer.
   *
   * After `GatewayUnavailable` the charge may or may not stand. Repeat with the same id and amount within
   * five minutes; or `close` the id, and when that does not answer `paid`, charge again under a new id.
   *
   * @throws DuplicatePayment the id was charged before and its QR cannot be had again: `close` it, then use a new id.
   */
  charge(request: ChargeRequest): Promise<Charge>;

  /**
   * Null: the gateway knows no such payment. Ask about one payment at most every 10 s (the gateways' own request).
   *
   * @throws GatewayUnclear it answered, in words that say neither that money moved nor that it did not
   */
  status(paymentId: string): Promise<PaymentStatus | null>;

  /**
   * Makes a payment unpayable, and answers the state it ended in: `paid` when the close came too late. Never `pending`:
   * a payment that stays open throws `GatewayUnavailable`. Null: the gateway knows no such payment. Safe to repeat.
   */
  close(paymentId: string): Promise<PaymentStatus | null>;

  /**
   * Pays money back to who paid it. A gateway that cannot has no such function; what it cannot do for this payment (too old,
   * no funds) it refuses, and a person pays by hand.
   */
  refund?(request: RefundRequest): Promise<void>;

  /**
   * Verifies and reads a webhook's body, exactly as it came in.
   *
   * @throws BadNotification not in the gateway's form (answer 400)
   * @throws BadSignature in its form, but not from the gateway (answer 401, and log it)
   */
  parseNotification(rawBody: Uint8Array): PaymentNotification;
}

/** No usable answer: timeout, network, 5xx, too many requests, garbage. The request may have been carried out. */
export class GatewayUnavailable extends Error {
  override readonly name: string = 'GatewayUnavailable';
}

/** An answer in words that are not understood here. Money may have moved: a person has to look. */
export class GatewayUnclear extends GatewayUnavailable {
  override readonly name: string = 'GatewayUnclear';
  /** The gateway's own. */
  readonly words: string;

  constructor(words: string) {
    super(`the gateway's words are not understood: ${words}`);
    this.words = words;
  }
}

/**
 * The gateway understood and said no; repeating the same request will not help. For `status` and `close` this means a
 * configuration mistake (a wrong key, say): it says nothing about the money, so treat the payment as still open.
 */
export class GatewayRefused extends Error {
  override readonly name: string = 'GatewayRefused';
  /** The gateway's status code, where it gave one. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** Whether it is one of those that a gateway's functions throw. */
export function isGatewayError(error: unknown): error is GatewayUnavailable | GatewayRefused {
  return error instanceof GatewayUnavailable || error instanceof GatewayRefused;
}

export class DuplicatePayment extends GatewayRefused {
  override readonly name: string = 'DuplicatePayment';
}

export class BadNotification extends Error {
  override readonly name: string = 'BadNotification';
}

export class BadSignature extends Error {
  override readonly name: string = 'BadSignature';
}

/**
 * Payment ids are random and say nothing of their shop: a shop id may be too long or use characters that the gateway
 * refuses (Midtrans takes 50 of A–Z a–z 0–9 - _ ~ .), and an id read back from a webhook should not choose whose keys
 * are touched. Whoever charges keeps an index payment id → shop and order.
 *
 * 36 characters, all ids alike in length: Midtrans signs id, code and amount run together without separators, and with
 * ids of one length no other id can be cut out of the same string.
 */
export function newPaymentId(): string {
  return randomUUID();
}
