import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from '../../src/protocol/http.js';
import type { PublicEvent } from '../../src/protocol/webhook.js';
import { untilAuditOk } from '../support/audit.js';
import { hostSocket } from '../support/client.js';
import { host } from '../support/host.js';
import { Midtrans, startMidtransServer } from '../support/midtrans-server.js';
import { buyer, noticesOf, orderOf, paymentIdOf, refundsOf, stockOf } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import type { TestServer } from '../support/server.js';

let midtrans: Midtrans;
let server: TestServer;

beforeAll(async () => {
  midtrans = await Midtrans.start();
  server = await startMidtransServer((await startRedis()).url, midtrans);
});

beforeEach(async () => {
  await midtrans.notifier.idle();
  midtrans.payments.alsoInStatuses = {};
});

async function paid() {
  const seller = host(server);
  const stage = await seller.stage(5);
  const ani = await buyer(server, seller.shop, stage);
  const order = await ani.buy({ quantity: 2, method: 'qris' });
  await midtrans.notifier.idle();
  midtrans.payments.settle(paymentIdOf(order));
  await ani.told(order.orderId, 'paid');
  await midtrans.notifier.idle();
  return { seller, stage, ani, order, paymentId: paymentIdOf(order) };
}

async function said(paymentId: string, word: string, besides: Record<string, unknown> = {}) {
  midtrans.payments.alsoInStatuses = besides;
  midtrans.payments.setStatus(paymentId, word);
  await midtrans.notifier.idle();
  midtrans.payments.alsoInStatuses = {};
}

describe('money that the gateway says has gone back', () => {
  it.each([
    ['refund', 'gateway_refunded'],
    ['chargeback', 'chargeback'],
  ])(
    '%s of a paid order: a refund that is done, the order refunded, both sides told',
    async (word, reason) => {
      const { seller, stage, ani, order, paymentId } = await paid();
      const console = await hostSocket(server, seller.shop);
      await said(paymentId, word);
      await ani.told(order.orderId, 'refunded');
      await console.next('order:updated', (e) => e.order.status === 'refunded');
      expect(await refundsOf(seller)).toMatchObject([
        {
          orderId: order.orderId,
          amount: 20_000,
          reason,
          status: 'done',
          doneBy: 'gateway',
          words: expect.stringContaining(word),
        },
      ]);
      expect((await noticesOf(seller))[0]).toMatchObject({ outcome: 'refunded', reason });
      // Whether the goods are back nobody knows.
      expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, sold: 2 });
      await untilAuditOk(seller);
      await said(paymentId, word);
      expect(await refundsOf(seller)).toHaveLength(1);
      expect((await noticesOf(seller))[0]).toMatchObject({ outcome: 'refunded', count: 2 });
      await untilAuditOk(seller);
    },
  );

  it('a part of it, and then more: one record that grows; the order is refunded with the whole', async () => {
    const { seller, order, paymentId } = await paid();
    await said(paymentId, 'partial_refund', { refund_amount: '5000.00' });
    expect(await refundsOf(seller)).toMatchObject([{ amount: 5_000, status: 'done' }]);
    expect(await orderOf(seller, order.orderId)).toMatchObject({ status: 'paid' });
    await untilAuditOk(seller);
    const refunds = [{ refund_amount: '5000.00' }, { refund_amount: '2000.00' }];
    await said(paymentId, 'partial_refund', { refunds });
    expect(await refundsOf(seller)).toMatchObject([{ amount: 7_000 }]);
    await said(paymentId, 'refund');
    expect(await refundsOf(seller)).toMatchObject([{ amount: 20_000 }]);
    expect(await orderOf(seller, order.orderId)).toMatchObject({ status: 'refunded' });
    await untilAuditOk(seller);
  });

  it('tells other systems the amount and the order’s code from the first event on', async () => {
    const { seller, order, paymentId } = await paid();
    await said(paymentId, 'partial_refund', { refund_amount: '5000.00' });
    const { items } = await seller.get<Page<PublicEvent>>(
      '/events?types=refund.opened,refund.done',
    );
    const refund = { orderId: order.orderId, code: order.code, amount: 5_000 };
    expect(items).toMatchObject([
      { type: 'refund.opened', data: { refund: { ...refund, status: 'open' } } },
      { type: 'refund.done', data: { refund: { ...refund, status: 'done' } } },
    ]);
  });

  it('a part of it, and the host gives the order up: the rest must go back', async () => {
    const { seller, order, paymentId } = await paid();
    await said(paymentId, 'partial_refund', { refund_amount: '5000.00' });
    const body = { restock: true, requestId: 'r1' };
    await seller.post(`/orders/${order.orderId}/refund`, body);
    expect(await refundsOf(seller, 'open')).toMatchObject([{ amount: 15_000 }]);
    await said(paymentId, 'partial_refund', { refund_amount: '8000.00' });
    expect(await refundsOf(seller, 'open')).toMatchObject([{ amount: 12_000 }]);
    await untilAuditOk(seller);
    await said(paymentId, 'refund');
    expect(await refundsOf(seller, 'open')).toEqual([]);
    const amounts = (await refundsOf(seller)).map(({ amount }) => amount);
    expect(amounts.sort()).toEqual([12_000, 8_000]);
    await untilAuditOk(seller);
  });

  it('a part of it that nobody can read the size of is unclear', async () => {
    const { seller, paymentId } = await paid();
    await said(paymentId, 'partial_refund');
    expect((await noticesOf(seller))[0]).toMatchObject({ outcome: 'unclear' });
    expect(await refundsOf(seller)).toEqual([]);
  });

  it('closes the refund that a person was to pay', async () => {
    const { seller, order, paymentId } = await paid();
    await seller.post(`/orders/${order.orderId}/refund`, { restock: true, requestId: 'r1' });
    await said(paymentId, 'refund');
    expect(await refundsOf(seller)).toMatchObject([
      { reason: 'cancelled_by_host', status: 'done', doneBy: 'gateway', amount: 20_000 },
    ]);
    await untilAuditOk(seller);
  });

  it('after a person has paid it back is the same money', async () => {
    const { seller, order, paymentId } = await paid();
    const body = { restock: true, requestId: 'r1' };
    const { refund } = await seller.post<{ refund: { refundId: string } }>(
      `/orders/${order.orderId}/refund`,
      body,
    );
    await seller.post(`/refunds/${refund.refundId}/done`, { requestId: 'd1' });
    await said(paymentId, 'refund');
    expect(await refundsOf(seller)).toMatchObject([{ status: 'done', doneBy: 'host' }]);
    expect((await noticesOf(seller))[0]).toMatchObject({
      outcome: 'ignored',
      reason: 'already_settled',
    });
    await untilAuditOk(seller);
  });

  it('before anyone here knew that it had come in', async () => {
    const seller = host(server);
    const stage = await seller.stage(5);
    const ani = await buyer(server, seller.shop, stage);
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    await midtrans.settleUnnoticed(paymentIdOf(order));
    await said(paymentIdOf(order), 'refund');
    expect(await orderOf(seller, order.orderId)).toMatchObject({
      status: 'awaiting_payment',
      payment: { status: 'failed' },
    });
    expect(await refundsOf(seller)).toMatchObject([{ reason: 'gateway_refunded', status: 'done' }]);
    await untilAuditOk(seller);
  });
});

describe('money of a wrong amount', () => {
  async function wrong(as: { amount?: string; currency?: string }) {
    const seller = host(server);
    const stage = await seller.stage(5);
    const ani = await buyer(server, seller.shop, stage);
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    await midtrans.notifier.idle();
    midtrans.payments.settle(paymentIdOf(order), as);
    await midtrans.notifier.idle();
    return { seller, ani, order };
  }

  it.each([
    [{ amount: '1.00' }, 1],
    [{ amount: '20000.50' }, 20_001],
    [{ currency: 'USD' }, 0],
  ])('%j is in the list as %d rupiah, with the gateway’s words', async (as, amount) => {
    const { seller, order } = await wrong(as);
    expect(await refundsOf(seller, 'open')).toMatchObject([
      {
        orderId: order.orderId,
        reason: 'wrong_amount',
        amount,
        words: expect.stringContaining('settlement'),
      },
    ]);
    await untilAuditOk(seller);
  });

  it('goes back, and the order is paid by another payment all the same', async () => {
    const { seller, ani, order } = await wrong({ amount: '1.00' });
    const [open] = await refundsOf(seller, 'open');
    const closed = await seller.call('POST', `/refunds/${open?.refundId}/done`, { requestId: 'd' });
    expect(closed.body.order).toMatchObject({ status: 'awaiting_payment' });
    const request = { orderId: order.orderId, paymentMethod: 'bank_transfer' } as const;
    await ani.client.ask('order:pay', request);
    await seller.post(`/orders/${order.orderId}/confirm-payment`);
    expect(await orderOf(seller, order.orderId)).toMatchObject({ status: 'paid' });
    await untilAuditOk(seller);
  });

  it('goes back after the order was cancelled: then it is refunded', async () => {
    const { seller, ani, order } = await wrong({ amount: '1.00' });
    await ani.client.ask('order:cancel', { orderId: order.orderId });
    const [open] = await refundsOf(seller, 'open');
    const closed = await seller.call('POST', `/refunds/${open?.refundId}/done`, { requestId: 'd' });
    expect(closed.body.order).toMatchObject({ status: 'refunded' });
    await untilAuditOk(seller);
  });
});

describe('a refund sent through Midtrans', () => {
  async function given() {
    const { seller, order, paymentId } = await paid();
    const { refund } = await seller.post<{ refund: { refundId: string } }>(
      `/orders/${order.orderId}/refund`,
      { restock: true, requestId: 'r1' },
    );
    const send = () => seller.call('POST', `/refunds/${refund.refundId}/send`);
    return { seller, order, paymentId, refund, send };
  }
  const asked = (paymentId: string) =>
    midtrans.lookalike.requests.filter(
      ({ path }) => path === `/v2/${paymentId}/refund/online/direct`,
    );

  it('asks for just that amount under a key of its own, and is done', async () => {
    const { seller, paymentId, refund, send } = await given();
    expect(await send()).toMatchObject({
      status: 200,
      body: { refund: { status: 'done', doneBy: 'gateway' }, order: { status: 'refunded' } },
    });
    expect(asked(paymentId).map(({ body }) => body)).toMatchObject([
      { refund_key: refund.refundId, amount: 20_000 },
    ]);
    await midtrans.notifier.idle();
    expect(await refundsOf(seller)).toHaveLength(1);
    expect((await send()).status).toBe(200);
    expect(asked(paymentId)).toHaveLength(1);
    await untilAuditOk(seller);
  });

  it('whose answer is lost is found done when it is sent again, and paid once', async () => {
    const { seller, paymentId, send } = await given();
    midtrans.notifier.dropping = true;
    midtrans.lookalike.dropAnswers();
    expect(await send()).toMatchObject({
      status: 503,
      body: { error: { code: 'PAYMENT_UNAVAILABLE' } },
    });
    expect(await refundsOf(seller, 'open')).toHaveLength(1);
    expect((await send()).body.refund).toMatchObject({ status: 'done' });
    midtrans.notifier.dropping = false;
    expect(midtrans.payments.refunded(paymentId)).toBe(20_000);
    await untilAuditOk(seller);
  });

  it('that Midtrans refuses stays open, to be paid back by hand', async () => {
    const { seller, refund, send } = await given();
    const refusal = { status_code: '414', status_message: 'Refund request is rejected' };
    midtrans.lookalike.answerNext(200, refusal);
    expect(await send()).toMatchObject({
      status: 503,
      body: {
        error: {
          code: 'PAYMENT_UNAVAILABLE',
          details: { gateway: expect.stringContaining('Refund request is rejected') },
        },
      },
    });
    expect(await refundsOf(seller, 'open')).toHaveLength(1);
    await seller.post(`/refunds/${refund.refundId}/done`, { requestId: 'd1' });
    await untilAuditOk(seller);
  });
});
