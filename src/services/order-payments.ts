import type { Logger } from 'pino';
import { AppError } from '../protocol/errors.js';
import type { Order, PaymentMethod } from '../protocol/order.js';
import type { StoredOrder, StoredPayment } from '../store/orders.js';
import { indexPayment } from '../store/payments.js';
import { scripts } from '../store/scripts/index.js';
import type { Store } from '../store/store.js';
import type { Accounts } from './payments/accounts.js';
import { DuplicatePayment, isGatewayError, newPaymentId } from './payments/gateway.js';
import type { Settler } from './payments/settler.js';

/** A payment that is to be made for an order, as the scripts answer it. */
interface Payable {
  order: Order;
  payment: { id: string; status: string; amount: number; method: PaymentMethod };
}

export interface OrdersOptions {
  store: Store;
  accounts: Accounts;
  settler: Settler;
  log: Logger;
  /** Called with every order that can be paid, so that its payments are looked at in time. */
  onPayable(shopId: string, until: number): void;
}

/** The payments of orders at the gateway: opened after the script that says so, closed before the one that ends the order. */
export class OrderPayments {
  private readonly options: OrdersOptions;

  constructor(options: OrdersOptions) {
    this.options = options;
  }

  /** Takes a payment to the gateway, if it has to go there and is not there yet. */
  async open(shopId: string, { order, payment }: Payable): Promise<Order> {
    const { store, accounts, log, onPayable } = this.options;
    onPayable(shopId, order.expiresAt);
    if (payment.status !== 'creating' || order.status !== 'awaiting_payment') return order;
    try {
      const gateway = await accounts.ofPayment(payment.id);
      const charge = await gateway.charge({ paymentId: payment.id, amount: payment.amount });
      const qr = charge.qrString ?? charge.qrImageUrl ?? '';
      const longest = String(gateway.limits.minutes * 60_000);
      const args = [payment.id, qr, String(charge.expiresAt ?? ''), longest];
      const attached = await store.run(scripts.paymentAttach, shopId, args);
      if (!attached.followed) {
        const { expiryText } = charge;
        log.warn({ shopId, orderId: order.orderId, expiryText }, 'no QR has such an expiry');
      }
      onPayable(shopId, attached.order.expiresAt);
      return attached.order;
    } catch (error) {
      if (!isGatewayError(error)) throw error;
      log.warn(
        { shopId, orderId: order.orderId, error: String(error) },
        'could not open a payment',
      );
      if (error instanceof DuplicatePayment) await this.close(shopId, payment.id);
      throw new AppError('PAYMENT_UNAVAILABLE', { order });
    }
  }

  /** Closes a payment at the gateway; closed too late means paid. @throws PAYMENT_UNAVAILABLE */
  private async close(shopId: string, paymentId: string): Promise<'paid' | 'closed'> {
    try {
      const status = await (await this.options.accounts.ofPayment(paymentId)).close(paymentId);
      const order = status && (await this.options.settler.take(shopId, paymentId, status, 'close'));
      // Money of a wrong amount needs a refund, and the order goes on without it.
      return !order || order.status === 'awaiting_payment' ? 'closed' : 'paid';
    } catch (error) {
      if (isGatewayError(error)) throw new AppError('PAYMENT_UNAVAILABLE');
      throw error;
    }
  }

  /** A payment that was never shown may be replaced while the gateway is away: there is no QR that could be paid. */
  async closeBeforeReplacing(shopId: string, payment: StoredPayment): Promise<'paid' | 'closed'> {
    try {
      return await this.close(shopId, payment.paymentId);
    } catch (error) {
      if (payment.status === 'creating') return 'closed';
      throw error;
    }
  }

  /** A gateway that does not answer does not keep an order alive: money that still comes is late money. */
  async closeBeforeCancel(shopId: string, { order, payment }: StoredOrder): Promise<void> {
    if (order.status !== 'awaiting_payment') throw notPayable(order);
    if (payment?.method !== 'qris') return;
    const closed = await this.close(shopId, payment.paymentId).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'PAYMENT_UNAVAILABLE') return 'unknown';
      throw error;
    });
    if (closed === 'paid') throw new AppError('ORDER_NOT_PAYABLE', { status: 'paid' });
  }

  /**
   * What the scripts want to know of a payment that is to be opened: its provider, its id, and the most that it may be of
   * ('' = no limit). @throws PAYMENT_UNAVAILABLE when the shop's account cannot be used
   */
  async prepare(shopId: string, method: PaymentMethod): Promise<string[]> {
    const id = newPaymentId();
    if (method !== 'qris') return ['manual', id, ''];
    const { store, accounts } = this.options;
    try {
      const { id: accountId, gateway } = await accounts.current(shopId);
      await indexPayment(store, id, { shopId, accountId });
      return [gateway.provider, id, String(gateway.limits.amount)];
    } catch (error) {
      throw isGatewayError(error) ? new AppError('PAYMENT_UNAVAILABLE') : error;
    }
  }
}

/** @returns the refusal for an order that cannot be paid (any more) */
export function notPayable(order: Order): AppError {
  return new AppError('ORDER_NOT_PAYABLE', { status: order.status });
}
