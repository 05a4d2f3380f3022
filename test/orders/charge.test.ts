import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Order, PaymentMethod } from '../../src/protocol/order.js';
import { untilAuditOk } from '../support/audit.js';
import { host } from '../support/host.js';
import { Midtrans, startMidtransServer } from '../support/midtrans-server.js';
import { type Buyer, buyer, noticesOf, orderOf, paymentIdOf, stockOf } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import type { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

let midtrans: Midtrans;
let server: TestServer;

beforeAll(async () => {
  midtrans = await Midtrans.start();
  server = await startMidtransServer((await startRedis()).url, midtrans);
});

/** What is to fail next must not be a question about the last test's notices. */
beforeEach(() => midtrans.notifier.idle());

async function opened(stock = 10) {
  const seller = host(server);
  const stage = await seller.stage(stock);
  return { seller, stage, ani: await buyer(server, seller.shop, stage) };
}

async function place(ani: Buyer, quantity = 2) {
  await ani.book(quantity);
  const { checkoutId } = await ani.checkout();
  const request = { checkoutId, paymentMethod: 'qris', requestId: 'r1' } as const;
  return { request, ack: await ani.client.emit('order:place', request) };
}

async function pay(ani: Buyer, order: Order, paymentMethod: PaymentMethod = 'qris') {
  return (await ani.client.ask('order:pay', { orderId: order.orderId, paymentMethod })).order;
}

const charges = () =>
  midtrans.lookalike.requests.filter(({ path }) => path === '/v2/charge').map(({ body }) => body);

/** The order that a placing left behind whose payment could not be opened. */
async function placedWithoutPayment(ani: Buyer): Promise<Order> {
  const { ack } = await place(ani);
  expect(ack).toMatchObject({ ok: false, error: { code: 'PAYMENT_UNAVAILABLE' } });
  const { orders, bookings } = await ani.client.ask('me:get', {});
  expect({ orders: orders.length, bookings: bookings.length }).toEqual({ orders: 1, bookings: 0 });
  const order = orders[0] as Order;
  expect(order).toMatchObject({ status: 'awaiting_payment', payment: null, total: 20_000 });
  if (!ack.ok) expect(ack.error.details).toEqual({ order });
  return order;
}

describe('order:place with the gateway', () => {
  it('asks for what the order says, and shows what the gateway answers', async () => {
    const { ani } = await opened();
    const { ack } = await place(ani);
    if (!ack.ok) throw new Error(ack.error.message);
    const { order } = ack.data;
    expect(charges().at(-1)).toMatchObject({
      payment_type: 'qris',
      transaction_details: { order_id: paymentIdOf(order), gross_amount: 20_000 },
    });
    expect(order.expiresAt).toBe(order.payment?.expiresAt);
    expect(order.expiresAt - order.createdAt).toBeGreaterThan(14.9 * 60_000);
  });

  it('away leaves the order unpaid; order:pay tries again', async () => {
    const { seller, stage, ani } = await opened();
    await midtrans.lookalike.goDown();
    const order = await placedWithoutPayment(ani);
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 8, allocated: 2 });
    const still = { orderId: order.orderId, paymentMethod: 'qris' } as const;
    expect(await ani.client.emit('order:pay', still)).toMatchObject({
      ok: false,
      error: { code: 'PAYMENT_UNAVAILABLE' },
    });
    await untilAuditOk(seller);
    await midtrans.lookalike.comeBack();

    const payable = await pay(ani, order);
    expect(payable.payment).toMatchObject({ method: 'qris', status: 'pending' });
    expect(await ani.told(order.orderId, 'awaiting_payment')).toMatchObject({ payment: null });
    midtrans.payments.settle(paymentIdOf(payable));
    await ani.told(order.orderId, 'paid');
    await untilAuditOk(seller);
  });

  it('away, repeated with the same requestId once it is back, opens the payment', async () => {
    const { seller, ani } = await opened();
    midtrans.lookalike.fail();
    const { request, ack } = await place(ani);
    expect(ack.ok).toBe(false);
    midtrans.lookalike.fail(false);
    const { order } = await ani.client.ask('order:place', request);
    expect(order.payment).toMatchObject({ status: 'pending' });
    expect((await seller.get<{ items: Order[] }>('/orders')).items).toHaveLength(1);
  });

  it('away: a transfer can still be had instead', async () => {
    const { seller, ani } = await opened();
    await midtrans.lookalike.goDown();
    const order = await placedWithoutPayment(ani);
    const payable = await pay(ani, order, 'bank_transfer');
    expect(payable.payment).toMatchObject({ method: 'bank_transfer', status: 'pending' });
    await midtrans.lookalike.comeBack();
    await seller.post(`/orders/${order.orderId}/confirm-payment`);
    expect(await orderOf(seller, order.orderId)).toMatchObject({ status: 'paid' });
    await untilAuditOk(seller);
  });

  it('silent answers within the bound of every command, and the charge is found again', async () => {
    const { seller, ani } = await opened();
    midtrans.lookalike.slow(20_000);
    const started = performance.now();
    const order = await placedWithoutPayment(ani);
    expect(performance.now() - started).toBeLessThan(7_000);
    midtrans.lookalike.slow(0);
    const before = charges().length;
    const payable = await pay(ani, order);
    expect(charges().slice(before - 1)).toEqual([charges()[before - 1], charges()[before - 1]]);
    midtrans.payments.settle(paymentIdOf(payable));
    await ani.told(order.orderId, 'paid');
    await untilAuditOk(seller);
  });

  it('that has charged and whose answer is lost is asked again under the same id', async () => {
    const { seller, ani } = await opened();
    midtrans.lookalike.dropAnswers();
    const order = await placedWithoutPayment(ani);
    const payable = await pay(ani, order);
    const ids = charges().map((body) => JSON.stringify(body));
    expect(ids.at(-1)).toBe(ids.at(-2));
    midtrans.payments.settle(paymentIdOf(payable));
    expect(await ani.told(order.orderId, 'paid')).toMatchObject({ total: 20_000 });
    await untilAuditOk(seller);
  });

  it('that has charged and whose answer is lost may be paid before anyone asks again', async () => {
    const { seller, stage, ani } = await opened();
    midtrans.lookalike.dropAnswers();
    const order = await placedWithoutPayment(ani);
    const body = charges().at(-1) as { transaction_details: { order_id: string } };
    midtrans.payments.settle(body.transaction_details.order_id);
    await ani.told(order.orderId, 'paid');
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 8, sold: 2 });
    await untilAuditOk(seller);
  });

  it('that refuses the charge leaves the order to be paid by transfer', async () => {
    const { seller, ani } = await opened();
    midtrans.lookalike.answerNext(200, { status_code: '402', status_message: 'no access' });
    const order = await placedWithoutPayment(ani);
    const payable = await pay(ani, order, 'bank_transfer');
    expect(payable.payment?.method).toBe('bank_transfer');
    await untilAuditOk(seller);
  });
});

describe('order:pay', () => {
  it('with the same method answers the payment that is open', async () => {
    const { ani } = await opened();
    const order = await ani.buy({ method: 'qris' });
    const before = charges().length;
    expect(await pay(ani, order)).toEqual(order);
    expect(charges()).toHaveLength(before);
  });

  it('from QRIS to transfer closes the QR first', async () => {
    const { seller, ani } = await opened();
    const order = await ani.buy({ method: 'qris' });
    const switched = await pay(ani, order, 'bank_transfer');
    expect(midtrans.asked(paymentIdOf(order))).toContain('cancel');
    expect(switched).toMatchObject({
      status: 'awaiting_payment',
      payment: { method: 'bank_transfer', provider: 'manual' },
    });
    // The order's own lifetime counts again.
    expect(switched.expiresAt).toBe(order.createdAt + 180 * 60_000);
    await midtrans.notifier.idle();
    await seller.post(`/orders/${order.orderId}/confirm-payment`);
    await ani.told(order.orderId, 'paid');
    await untilAuditOk(seller);
  });

  it('does not switch while the gateway cannot say that the QR is closed', async () => {
    const { seller, ani } = await opened();
    const order = await ani.buy({ method: 'qris' });
    midtrans.lookalike.fail();
    const request = { orderId: order.orderId, paymentMethod: 'bank_transfer' } as const;
    const ack = await ani.client.emit('order:pay', request);
    expect(ack).toMatchObject({ ok: false, error: { code: 'PAYMENT_UNAVAILABLE' } });
    midtrans.lookalike.fail(false);
    expect(await orderOf(seller, order.orderId)).toEqual(order);
  });

  it('finds a QR that was paid meanwhile paid, and opens nothing', async () => {
    const { seller, ani } = await opened();
    const order = await ani.buy({ method: 'qris' });
    await midtrans.settleUnnoticed(paymentIdOf(order));
    const request = { orderId: order.orderId, paymentMethod: 'bank_transfer' } as const;
    expect(await ani.client.emit('order:pay', request)).toMatchObject({
      ok: false,
      error: { code: 'ORDER_NOT_PAYABLE', details: { status: 'paid' } },
    });
    expect(await orderOf(seller, order.orderId)).toMatchObject({ status: 'paid' });
    expect(await noticesOf(seller)).toMatchObject([{ source: 'close', outcome: 'paid' }]);
    await untilAuditOk(seller);
  });

  it('back and forth in two tabs at once leaves one open payment', async () => {
    const { seller, stage, ani } = await opened();
    const order = await ani.buy({ method: 'bank_transfer' });
    const phone = await buyer(server, seller.shop, stage);
    for (let round = 0; round < 5; round++) {
      const method = round % 2 ? 'bank_transfer' : 'qris';
      const answers = await Promise.allSettled([
        pay(ani, order, method),
        pay(phone, order, method),
      ]);
      const shown = answers.flatMap((one) =>
        one.status === 'fulfilled' ? [one.value.payment?.paymentId] : [],
      );
      const settled = await until('the payment is shown', async () => {
        const { payment } = await orderOf(seller, order.orderId);
        return payment ?? false;
      });
      expect(settled.method).toBe(method);
      expect(shown).toContain(settled.paymentId);
      await untilAuditOk(seller);
    }
  });

  it('is refused for an order that has ended, or is past its own lifetime', async () => {
    const { seller, ani } = await opened();
    const cancelled = await ani.buy();
    await ani.client.ask('order:cancel', { orderId: cancelled.orderId });
    await seller.settings({ order: { onlineCheckoutAutoExpireMinutes: 0.002 } });
    const old = await ani.buy({ method: 'qris' });
    await until('its lifetime is over', () => Date.now() > old.createdAt + 200);
    for (const [{ orderId }, status] of [
      [cancelled, 'cancelled'],
      [old, 'awaiting_payment'],
    ] as const) {
      const request = { orderId, paymentMethod: 'bank_transfer' } as const;
      expect(await ani.client.emit('order:pay', request)).toMatchObject({
        ok: false,
        error: { code: 'ORDER_NOT_PAYABLE', details: { status } },
      });
    }
  });
});
