import type { Logger } from 'pino';
import { AppError } from '../protocol/errors.js';
import type { Page, RefundsQuery } from '../protocol/http.js';
import type { Order } from '../protocol/order.js';
import type { OrderRefund, Refund, RefundDone, RefundRecord } from '../protocol/refund.js';
import { requestDigest } from '../store/keys.js';
import { bringBack, readOrder, readPayment } from '../store/orders.js';
import { pageRefunds, readRefund } from '../store/refunds.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import type { Accounts } from './payments/accounts.js';
import { isGatewayError, type PaymentGateway } from './payments/gateway.js';

/** A refund without the person whom it is for, of whom the id is known. */
export type RefundOf = Omit<Refund, 'viewer'> & { viewerId: string };

interface RefundAnswer {
  refund: RefundOf;
  order: Order;
}

export interface RefundsOptions {
  store: Store;
  accounts: Accounts;
  log: Logger;
}

/** Money that must go back to buyers. What opens and closes a refund is in the scripts. */
export class Refunds {
  private readonly options: RefundsOptions;

  constructor(options: RefundsOptions) {
    this.options = options;
  }

  async list(shopId: string, query: RefundsQuery): Promise<Page<RefundOf>> {
    const { items, nextCursor } = await pageRefunds(this.options.store, shopId, query);
    return { items: await Promise.all(items.map((row) => this.shown(shopId, row))), nextCursor };
  }

  /** The host gives a paid order up. @throws NOT_FOUND, ORDER_NOT_PAYABLE with `details.status`, REQUEST_CONFLICT */
  async ofOrder(
    shopId: string,
    hostId: string,
    orderId: string,
    { restock, requestId }: OrderRefund,
  ): Promise<{ refund: RefundOf | null; order: Order }> {
    const digest = requestDigest(`host ${hostId}`, requestId);
    const args = [orderId, restock ? '1' : '0', digest];
    await bringBack(this.options.store, shopId, orderId);
    const { order, refundId } = await this.options.store.run(scripts.orderRefund, shopId, args);
    const record = refundId === null ? undefined : await this.record(shopId, refundId);
    return { order, refund: record ? await this.shown(shopId, record) : null };
  }

  /** Somebody has paid it back by hand. @throws NOT_FOUND, REQUEST_CONFLICT */
  async done(
    shopId: string,
    hostId: string,
    refundId: string,
    { note = '', requestId }: RefundDone,
  ): Promise<RefundAnswer> {
    return this.close(shopId, [refundId, note, 'host', requestDigest(`host ${hostId}`, requestId)]);
  }

  /**
   * Pays it back through the gateway that took it, once however often it is asked.
   *
   * @throws PAYMENT_UNAVAILABLE with `details.gateway`: it refused or did not answer; the refund stays open
   */
  async send(shopId: string, refundId: string): Promise<RefundAnswer> {
    const { log } = this.options;
    const record = await this.record(shopId, refundId);
    const { paymentId, amount } = record;
    if (record.status === 'open') {
      const gateway = await this.gatewayFor(shopId, record);
      if (!gateway?.refund) {
        throw new AppError('VALIDATION', { refund: 'cannot be sent; pay it back by hand' });
      }
      try {
        await gateway.refund({ paymentId, refundKey: refundId, amount });
      } catch (error) {
        if (!isGatewayError(error)) throw error;
        log.warn({ shopId, refundId, error: error.message }, 'the gateway did not pay back');
        throw new AppError('PAYMENT_UNAVAILABLE', { gateway: error.message });
      }
    }
    return this.close(shopId, [refundId, `sent as ${refundId}`, 'gateway', '']);
  }

  private async close(shopId: string, args: string[]): Promise<RefundAnswer> {
    const { order, refundId } = await this.options.store.run(scripts.refundDone, shopId, args);
    return { order, refund: await this.shown(shopId, await this.record(shopId, refundId)) };
  }

  private async record(shopId: string, refundId: string): Promise<RefundRecord> {
    const record = await readRefund(this.options.store, shopId, refundId);
    if (!record) throw new AppError('NOT_FOUND');
    return record;
  }

  private async shown(shopId: string, record: RefundRecord): Promise<RefundOf> {
    const stored = await readOrder(this.options.store, shopId, record.orderId);
    const gateway = await this.gatewayFor(shopId, record);
    return { ...record, code: stored?.order.code ?? '', sendable: gateway?.refund !== undefined };
  }

  /** Through which an open refund could be sent back: the one that took the money. */
  private async gatewayFor(
    shopId: string,
    { status, amount, paymentId }: RefundRecord,
  ): Promise<PaymentGateway | undefined> {
    const { store, accounts } = this.options;
    if (status !== 'open' || amount === 0) return undefined;
    const payment = await readPayment(store, shopId, paymentId);
    if (!payment || payment.provider === 'manual') return undefined;
    try {
      const gateway = await accounts.ofPayment(paymentId);
      return gateway.provider === payment.provider ? gateway : undefined;
    } catch (error) {
      if (isGatewayError(error)) return undefined;
      throw error;
    }
  }
}
