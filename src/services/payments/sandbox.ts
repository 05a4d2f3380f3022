import { sandboxPaymentKey } from '../../store/keys.js';
import {
  readSandboxPayment,
  type SandboxPayment,
  writeSandboxPayment,
} from '../../store/sandbox-payments.js';
import type { Store } from '../../store/store.js';
import {
  BadNotification,
  type Charge,
  type ChargeRequest,
  GatewayRefused,
  type PaymentGateway,
  type PaymentNotification,
  type PaymentStatus,
  QRIS_LIMITS,
  type RefundRequest,
} from './gateway.js';

/**
 * A gateway that pays with play money, for trying out and for tests. It keeps its books in Redis and, as real gateways do,
 * takes money for a QR that has expired. It sends no notifications: `pay` is the customer's banking app, and whoever
 * calls it notifies the settle path.
 */
export class SandboxGateway implements PaymentGateway {
  readonly provider = 'sandbox';
  readonly limits = QRIS_LIMITS;
  private readonly store: Store;
  private readonly qrisMinutes: number;

  /** @param qrisMinutes how long its QRIS payments live */
  constructor(store: Store, qrisMinutes: number) {
    this.store = store;
    this.qrisMinutes = qrisMinutes;
  }

  async charge({ paymentId, amount, expiresInMinutes }: ChargeRequest): Promise<Charge> {
    if (amount < 1) throw new GatewayRefused('the amount must be at least 1');
    const lifetime = (expiresInMinutes ?? this.qrisMinutes) * 60_000;
    const now = await this.clock(paymentId);
    const expiresAt = Math.round(now + lifetime);
    await writeSandboxPayment(this.store, paymentId, { amount, expiresAt });
    // A charge that is repeated has the expiry of the first.
    const payment = await readSandboxPayment(this.store, paymentId);
    const qrString = `LIVEHOLD.SANDBOX.QRIS.${paymentId}.${amount}`;
    return { qrString, expiresAt: payment?.expiresAt ?? expiresAt };
  }

  async status(paymentId: string): Promise<PaymentStatus | null> {
    const payment = await readSandboxPayment(this.store, paymentId);
    return payment ? statusOf(payment, await this.clock(paymentId)) : null;
  }

  async close(paymentId: string): Promise<PaymentStatus | null> {
    if (!(await readSandboxPayment(this.store, paymentId))) return null;
    await writeSandboxPayment(this.store, paymentId, { closedAt: await this.clock(paymentId) });
    return this.status(paymentId);
  }

  async refund({ paymentId }: RefundRequest): Promise<void> {
    const payment = await readSandboxPayment(this.store, paymentId);
    if (payment?.paidAt === undefined) throw new GatewayRefused('the payment is not paid');
    await writeSandboxPayment(this.store, paymentId, { refundedAt: await this.clock(paymentId) });
  }

  parseNotification(): PaymentNotification {
    throw new BadNotification('the sandbox sends no notifications');
  }

  /** The customer scans and pays; also after the expiry. Answers false when there is no such payment. */
  async pay(paymentId: string): Promise<boolean> {
    if (!(await readSandboxPayment(this.store, paymentId))) return false;
    await writeSandboxPayment(this.store, paymentId, { paidAt: await this.clock(paymentId) });
    return true;
  }

  /** Its clock is Redis's, so that all servers have the same one. */
  private clock(paymentId: string): Promise<number> {
    return this.store.clockAt(sandboxPaymentKey(paymentId));
  }
}

function statusOf(payment: SandboxPayment, now: number): PaymentStatus {
  const { amount, paidAt } = payment;
  const state = stateOf(payment, now);
  const words = `${state} ${amount} IDR`;
  const status: PaymentStatus = { state, words, amount, received: amount, currency: 'IDR' };
  if (state === 'refunded') status.returned = { reason: 'gateway_refunded' };
  return paidAt === undefined ? status : { ...status, paidAt };
}

function stateOf(
  { paidAt, refundedAt, closedAt, expiresAt }: SandboxPayment,
  now: number,
): PaymentStatus['state'] {
  if (refundedAt !== undefined) return 'refunded';
  if (paidAt !== undefined) return 'paid';
  if (closedAt !== undefined) return 'cancelled';
  return expiresAt <= now ? 'expired' : 'pending';
}
