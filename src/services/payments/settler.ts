import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Metrics } from '../../metrics.js';
import { AppError } from '../../protocol/errors.js';
import type { Order, PaymentNotice } from '../../protocol/order.js';
import {
  keepUnknownNotice,
  noticeTurn,
  openNotices,
  receiveNotice,
  shopOfPayment,
} from '../../store/payments.js';
import { scripts } from '../../store/scripts.js';
import type { Store } from '../../store/store.js';
import type { PaymentGateway, PaymentNotification, PaymentStatus } from './gateway.js';

/** Notices taken up again in one round of a shop. */
const RESUMED_AT_ONCE = 20;

/**
 * The one settle path. Webhook, poll, close, the host's confirmation and the sandbox all end here, and the script behind
 * `settle` alone decides what the money does.
 */
export class Settler {
  private readonly store: Store;
  private readonly gateway: PaymentGateway;
  private readonly metrics: Metrics;
  private readonly log: Logger;

  constructor(store: Store, gateway: PaymentGateway, metrics: Metrics, log: Logger) {
    this.store = store;
    this.gateway = gateway;
    this.metrics = metrics;
    this.log = log;
  }

  /** Money is in. `amount` null or another currency than IDR never matches an order. */
  async settle(
    shopId: string,
    paymentId: string,
    money: Pick<PaymentStatus, 'amount' | 'currency'>,
    source: PaymentNotice['source'],
    noticeId = '',
  ): Promise<{ outcome: PaymentNotice['outcome']; order: Order }> {
    const args = [paymentId, String(money.amount ?? ''), money.currency ?? '', source, noticeId];
    const { outcome, reason, order } = await this.store.run(scripts.paymentSettle, shopId, args);
    this.metrics.payments.inc({ outcome, reason });
    if (outcome === 'needs_refund') {
      this.log.error({ shopId, paymentId, orderId: order.orderId, reason }, 'money needs a refund');
    }
    return { outcome, order };
  }

  /**
   * A notification whose signature is good. It is kept from here on; what the gateway's status says decides. Resolves once
   * it has an outcome; anything thrown means that the gateway should send it again.
   */
  async onNotification(
    notification: PaymentNotification,
    source: 'webhook' | 'sandbox',
  ): Promise<void> {
    const { paymentId, description } = notification;
    const shopId = await shopOfPayment(this.store, paymentId);
    if (shopId === undefined) {
      await keepUnknownNotice(this.store, { paymentId, description, at: Date.now() });
      this.metrics.payments.inc({ outcome: 'ignored', reason: 'unknown_payment' });
      this.log.error({ paymentId, description }, 'notice of a payment that no order has');
      return;
    }
    const noticeId = randomUUID();
    await receiveNotice(this.store, shopId, noticeId, { paymentId, description, at: Date.now() });
    await this.resolve(shopId, paymentId, source, noticeId);
  }

  /** Notices that a crash or a silent gateway left without an outcome; what fails here has another turn later. */
  async resumeNotices(shopId: string): Promise<void> {
    const now = Date.now();
    const due = (await openNotices(this.store, shopId)).filter((n) => noticeTurn(n) <= now);
    await Promise.all(
      due.slice(0, RESUMED_AT_ONCE).map(async ({ noticeId, ...notice }) => {
        try {
          await receiveNotice(this.store, shopId, noticeId, { ...notice, triedAt: now });
          await this.resolve(shopId, notice.paymentId, 'webhook', noticeId);
        } catch (error) {
          const { paymentId } = notice;
          this.log.warn({ shopId, paymentId, error: String(error) }, 'a notice has no outcome yet');
        }
      }),
    );
  }

  /** Acts on what the gateway says, not on what the notice claims. */
  private async resolve(
    shopId: string,
    paymentId: string,
    source: PaymentNotice['source'],
    noticeId: string,
  ): Promise<void> {
    const status = await this.gateway.status(paymentId);
    if (status?.state === 'paid') {
      await this.settle(shopId, paymentId, status, source, noticeId).catch(
        async (error: unknown) => {
          // The index is written before the order; a crash in between leaves a payment without one.
          if (!(error instanceof AppError && error.code === 'NOT_FOUND')) throw error;
          await this.keep(shopId, paymentId, source, 'no_such_payment', noticeId);
        },
      );
      return;
    }
    await this.keep(
      shopId,
      paymentId,
      source,
      `gateway_says_${status?.state ?? 'unknown'}`,
      noticeId,
    );
  }

  private async keep(
    shopId: string,
    paymentId: string,
    source: PaymentNotice['source'],
    reason: string,
    noticeId: string,
  ): Promise<void> {
    await this.store.run(scripts.noticeKeep, shopId, [paymentId, source, reason, noticeId]);
    this.metrics.payments.inc({ outcome: 'ignored', reason });
  }
}
