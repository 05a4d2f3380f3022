import type { Logger } from 'pino';
import type { Metrics } from '../../metrics.js';
import { AppError } from '../../protocol/errors.js';
import type { Order, PaymentNotice } from '../../protocol/order.js';
import { requestDigest } from '../../store/keys.js';
import { bringBackByPayment, findPayment, keepUnknownNotice } from '../../store/payments.js';
import { scripts } from '../../store/scripts/index.js';
import type { Store } from '../../store/store.js';
import type { Accounts } from './accounts.js';
import { GatewayUnclear, type PaymentNotification, type PaymentStatus } from './gateway.js';

type Money = Pick<PaymentStatus, 'amount' | 'received' | 'currency' | 'words'>;

interface Notice {
  /** The same for every repeat of it. */
  noticeId: string;
  paymentId: string;
  source: PaymentNotice['source'];
}

/**
 * The one settle path. Webhook, poll, close, the host's confirmation and the sandbox all end here, and the script behind
 * `settle` alone decides what the money does.
 */
export class Settler {
  private readonly store: Store;
  private readonly accounts: Accounts;
  private readonly metrics: Metrics;
  private readonly log: Logger;

  constructor(store: Store, accounts: Accounts, metrics: Metrics, log: Logger) {
    this.store = store;
    this.accounts = accounts;
    this.metrics = metrics;
    this.log = log;
  }

  /** Money is in. `amount` null or another currency than IDR never matches an order. */
  async settle(
    shopId: string,
    paymentId: string,
    money: Money,
    source: PaymentNotice['source'],
    noticeId = '',
  ): Promise<Order> {
    const { amount, received, currency, words } = money;
    const figures = [String(amount ?? ''), currency ?? '', String(received)];
    const args = [paymentId, ...figures, source, words, noticeId];
    const { outcome, reason, order } = await this.store.run(scripts.paymentSettle, shopId, args);
    this.metrics.payments.inc({ outcome, reason });
    if (outcome === 'needs_refund' || outcome === 'unclear') {
      const { orderId } = order;
      this.log.error({ shopId, paymentId, orderId, reason }, 'money that a person has to look at');
    }
    return order;
  }

  /** Acts on what the gateway says of money that came in or went back. Answers the order, undefined when neither did. */
  async take(
    shopId: string,
    paymentId: string,
    status: PaymentStatus,
    source: PaymentNotice['source'],
    noticeId = '',
  ): Promise<Order | undefined> {
    const { state, returned, words } = status;
    const settled =
      state === 'paid' ? await this.settle(shopId, paymentId, status, source, noticeId) : undefined;
    if (!returned) return settled;
    const { amount, reason } = returned;
    const args = [paymentId, String(amount ?? ''), reason, source, words, noticeId];
    const taken = await this.store.run(scripts.paymentReturned, shopId, args);
    this.metrics.payments.inc({ outcome: taken.outcome, reason: taken.reason });
    const { orderId } = taken.order;
    this.log.error({ shopId, paymentId, orderId, reason, words }, 'money went back to its payer');
    return taken.order;
  }

  /**
   * A notification whose signature is good. It is kept from here on; what the gateway's status says decides. Resolves once
   * it has an outcome; anything thrown means that the gateway should send it again.
   */
  async onNotification(
    notification: PaymentNotification,
    source: 'webhook' | 'sandbox',
  ): Promise<void> {
    const { paymentId, description, claimedState } = notification;
    const { shopId } = (await findPayment(this.store, paymentId)) ?? {};
    if (shopId === undefined) {
      await keepUnknownNotice(this.store, { paymentId, description });
      this.metrics.payments.inc({ outcome: 'ignored', reason: 'unknown_payment' });
      this.log.error({ paymentId, description }, 'notice of a payment that no order has');
      return;
    }
    const noticeId = requestDigest(paymentId, description);
    const args = [noticeId, paymentId, source, description];
    const { settled } = await this.store.run(scripts.noticeReceive, shopId, args);
    const notice = { noticeId, paymentId, source };
    // A repeat is no reason to ask the gateway once more.
    if (settled && claimedState === 'paid') {
      await this.keep(shopId, notice, 'ignored', 'already_settled');
    } else {
      await this.resolve(shopId, notice);
    }
  }

  /** A notice that a crash or a silent gateway left without an outcome. What fails here has another turn later. */
  async resume(shopId: string, notice: Notice): Promise<void> {
    try {
      await this.resolve(shopId, notice);
    } catch (error) {
      const { paymentId } = notice;
      this.log.warn({ shopId, paymentId, error: String(error) }, 'a notice has no outcome yet');
    }
  }

  /** The gateway answered in words that are not understood: a person has to look. Without a notice's id, of a question. */
  async keepUnclear(
    shopId: string,
    notice: Pick<Notice, 'paymentId' | 'source'> & { noticeId?: string },
    { words }: GatewayUnclear,
  ): Promise<void> {
    const { paymentId } = notice;
    this.log.error({ shopId, paymentId, words }, 'the gateway’s words about money are unclear');
    await this.keep(shopId, { noticeId: '', ...notice }, 'unclear', 'gateway_unclear', words);
  }

  /** Acts on what the gateway says, not on what the notice claims. */
  private async resolve(shopId: string, notice: Notice, again = true): Promise<void> {
    const { paymentId, source, noticeId } = notice;
    try {
      const gateway = await this.accounts.ofPayment(paymentId);
      const status = await gateway.status(paymentId);
      // `cancelled` is as a rule our own doing, to replace the payment or end its order, and what comes of that is published by
      // whoever did it; the reconciler finds any other.
      if (status && status.state !== 'cancelled') await this.fail(shopId, paymentId, status);
      if (status && (await this.take(shopId, paymentId, status, source, noticeId))) return;
      const reason = `gateway_says_${status?.state ?? 'unknown'}`;
      await this.keep(shopId, notice, 'ignored', reason, status?.words);
    } catch (error) {
      // It is taken up again by ourselves: the gateway's repeats would not make its words clearer.
      if (error instanceof GatewayUnclear) return this.keepUnclear(shopId, notice, error);
      if (!(error instanceof AppError && error.code === 'NOT_FOUND')) throw error;
      // The order may have left Redis since the payment was found.
      if (again && (await bringBackByPayment(this.store, paymentId)))
        return this.resolve(shopId, notice, false);
      // The index is written before the order; a crash in between leaves a payment without one.
      await this.keep(shopId, notice, 'ignored', 'no_such_payment');
    }
  }

  /** A payment that is over at the gateway takes no more money: the next one is a new one. */
  async fail(shopId: string, paymentId: string, { state }: PaymentStatus): Promise<void> {
    if (state === 'pending' || state === 'paid') return;
    await this.store.run(scripts.paymentFail, shopId, [paymentId]);
  }

  private async keep(
    shopId: string,
    { paymentId, source, noticeId }: Notice,
    outcome: 'ignored' | 'unclear',
    reason: string,
    words = '',
  ): Promise<void> {
    const args = [paymentId, source, words, noticeId, outcome, reason];
    await this.store.run(scripts.noticeKeep, shopId, args);
    this.metrics.payments.inc({ outcome, reason });
  }
}
