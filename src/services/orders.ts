import type { Checkout } from '../protocol/checkout.js';
import { AppError } from '../protocol/errors.js';
import type { NoticesQuery, OrdersQuery, Page, PageQuery } from '../protocol/http.js';
import type {
  NoticeDecision,
  Order,
  OrderPatch,
  OrderPlace,
  PaymentMethod,
  PaymentNotice,
} from '../protocol/order.js';
import { requestDigest } from '../store/keys.js';
import { pageOrders, type ShopOrder } from '../store/order-list.js';
import { bringBack, readOrder, readPayment, type StoredOrder } from '../store/orders.js';
import { pageNotices, readNotice } from '../store/payments.js';
import { scripts } from '../store/scripts/index.js';
import { notPayable, OrderPayments, type OrdersOptions } from './order-payments.js';
import { keptRecipient } from './recipients.js';
import { newId } from './shops.js';

/** How long a charge may be repeated under its id, ms; after that it is closed and another one opened. */
const REPEATABLE_MS = 4 * 60_000;

/** Checkouts and orders. The rules are in the scripts; here the gateway is asked, before or after them. */
export class Orders {
  private readonly options: OrdersOptions;
  private readonly payments: OrderPayments;

  constructor(options: OrdersOptions) {
    this.options = options;
    this.payments = new OrderPayments(options);
  }

  async startCheckout(shopId: string, viewerId: string): Promise<Checkout> {
    const { store } = this.options;
    const { checkout } = await store.run(scripts.checkoutStart, shopId, [viewerId, newId('co')]);
    return checkout;
  }

  async leaveCheckout(shopId: string, viewerId: string, checkoutId: string): Promise<void> {
    await this.options.store.run(scripts.checkoutLeave, shopId, [viewerId, checkoutId]);
  }

  /** @throws PAYMENT_UNAVAILABLE with `details.order`: the order stands unpaid, and `pay` tries again */
  async place(shopId: string, viewerId: string, request: OrderPlace): Promise<Order> {
    const { store } = this.options;
    const payable = await store.run(scripts.orderPlace, shopId, [
      viewerId,
      request.checkoutId,
      requestDigest(viewerId, request.requestId),
      request.paymentMethod,
      ...(await this.payments.prepare(shopId, request.paymentMethod)),
      request.delivery ?? 'ship',
      request.recipient ? JSON.stringify(keptRecipient(request.recipient)) : '',
      request.note ?? '',
    ]);
    return this.payments.open(shopId, payable);
  }

  /** The buyer says that the transfer is made. @throws ORDER_NOT_PAYABLE */
  async claimTransfer(shopId: string, viewerId: string, orderId: string): Promise<Order> {
    const { store } = this.options;
    // One that has left Redis has ended, and the script does not find it.
    const { order } = await this.own(shopId, viewerId, orderId);
    if (order.status !== 'awaiting_payment') throw notPayable(order);
    return (await store.run(scripts.orderTransferred, shopId, [viewerId, orderId])).order;
  }

  /** Another attempt at an unpaid order; what is open at the gateway is answered again, or closed first. */
  async pay(
    shopId: string,
    viewerId: string,
    orderId: string,
    method: PaymentMethod,
  ): Promise<Order> {
    const stored = await this.own(shopId, viewerId, orderId);
    const { payment } = stored;
    if (stored.order.status !== 'awaiting_payment') throw notPayable(stored.order);
    const now = await this.options.store.clock(shopId);
    if (payment?.method === method) {
      if (payment.status === 'pending') return stored.order;
      const repeatable = now - payment.createdAt < REPEATABLE_MS;
      if (payment.status === 'creating' && repeatable) {
        return this.payments.open(shopId, {
          order: stored.order,
          payment: { ...payment, id: payment.paymentId },
        });
      }
    }
    // Before anything is closed: a QR that is still good must not be lost to a refusal.
    if (stored.payBy <= now) throw notPayable(stored.order);
    if (
      payment?.method === 'qris' &&
      (await this.payments.closeBeforeReplacing(shopId, payment)) === 'paid'
    ) {
      throw notPayable((await this.own(shopId, viewerId, orderId)).order);
    }
    const payable = await this.options.store.run(scripts.paymentOpen, shopId, [
      viewerId,
      orderId,
      method,
      ...(await this.payments.prepare(shopId, method)),
      payment?.paymentId ?? '',
    ]);
    return this.payments.open(shopId, payable);
  }

  /** By the viewer: a QRIS payment is closed at the gateway first; if it turns out paid, it is paid. */
  async cancel(
    shopId: string,
    viewerId: string,
    orderId: string,
  ): Promise<{ order: Order; reputation: number }> {
    await this.payments.closeBeforeCancel(shopId, await this.own(shopId, viewerId, orderId));
    const args = [orderId, 'viewer', viewerId];
    const { order, reputation } = await this.options.store.run(scripts.orderEnd, shopId, args);
    return { order, reputation };
  }

  async cancelByHost(shopId: string, orderId: string): Promise<Order> {
    await this.payments.closeBeforeCancel(shopId, await this.stored(shopId, orderId));
    return (await this.options.store.run(scripts.orderEnd, shopId, [orderId, 'host', ''])).order;
  }

  /**
   * The host has seen the transfer, whatever the buyer has looked at since: a QR that is open then is closed at the gateway.
   * Twice is one effect; after the order's end it is late money.
   */
  async confirmTransfer(shopId: string, orderId: string): Promise<Order> {
    const { store, settler } = this.options;
    await bringBack(store, shopId, orderId);
    const { transferId } = await this.stored(shopId, orderId);
    const transfer = transferId && (await readPayment(store, shopId, transferId));
    if (!transfer) {
      throw new AppError('ORDER_NOT_PAYABLE', { payment: 'was never a bank transfer' });
    }
    const words = `transfer ${transfer.amount} IDR`;
    const money = { amount: transfer.amount, received: transfer.amount, currency: 'IDR', words };
    return settler.settle(shopId, transfer.paymentId, money, 'host');
  }

  /** On its way to the buyer. @throws ORDER_NOT_PAYABLE when it is not paid */
  async patch(shopId: string, orderId: string, patch: OrderPatch): Promise<void> {
    const changes = Object.entries(patch).map(([field, value]) => [
      field,
      value === '' ? null : value,
    ]);
    const args = [orderId, JSON.stringify(Object.fromEntries(changes))];
    await bringBack(this.options.store, shopId, orderId);
    await this.options.store.run(scripts.orderPatch, shopId, args);
  }

  list(shopId: string, query: OrdersQuery): Promise<Page<ShopOrder>> {
    return pageOrders(this.options.store, shopId, query);
  }

  /** A viewer's own, without what the shop alone knows of them. */
  async listOwn(shopId: string, viewerId: string, query: PageQuery): Promise<Page<Order>> {
    const { items, nextCursor } = await this.list(shopId, {
      ...query,
      viewerId,
      sort: 'createdAt',
    });
    return { items: items.map(({ hostNote: _, ...order }) => order), nextCursor };
  }

  async get(shopId: string, orderId: string): Promise<ShopOrder> {
    const { order, hostNote } = await this.stored(shopId, orderId);
    return { ...order, hostNote };
  }

  /** A person has looked into a notice that was unclear. @throws NOT_FOUND */
  async decideNotice(
    shopId: string,
    host: { id: string; name: string },
    noticeId: string,
    decision: NoticeDecision,
  ): Promise<PaymentNotice> {
    const { store, settler } = this.options;
    const by = { by: host.id, ...(host.name === '' ? {} : { name: host.name }) };
    const args = [noticeId, JSON.stringify({ ...decision, ...by })];
    const { paymentId, words, settle } = await store.run(scripts.noticeDecide, shopId, args);
    const payment = settle ? await readPayment(store, shopId, paymentId) : undefined;
    if (payment) {
      const { amount } = payment;
      const money = { amount, received: amount, currency: 'IDR', words };
      await settler.settle(shopId, paymentId, money, 'host', noticeId);
    }
    const notice = await readNotice(store, shopId, noticeId);
    if (!notice) throw new AppError('NOT_FOUND');
    return notice;
  }

  notices(shopId: string, query: NoticesQuery): Promise<Page<PaymentNotice>> {
    return pageNotices(this.options.store, shopId, query);
  }

  private async stored(shopId: string, orderId: string): Promise<StoredOrder> {
    const stored = await readOrder(this.options.store, shopId, orderId);
    if (!stored) throw new AppError('NOT_FOUND');
    return stored;
  }

  private async own(shopId: string, viewerId: string, orderId: string): Promise<StoredOrder> {
    const stored = await this.stored(shopId, orderId);
    if (stored.order.viewerId !== viewerId) throw new AppError('NOT_FOUND');
    return stored;
  }
}
