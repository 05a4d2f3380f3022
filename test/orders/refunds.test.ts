import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HostOrder } from '../../src/protocol/http.js';
import type { Order } from '../../src/protocol/order.js';
import type { Refund } from '../../src/protocol/refund.js';
import { untilAuditOk } from '../support/audit.js';
import { hostSocket } from '../support/client.js';
import { type Host, host } from '../support/host.js';
import { buyer, orderOf, paymentIdOf, refundsOf, stockOf } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

let servers: [TestServer, TestServer];

beforeAll(async () => {
  const { url: redisUrl } = await startRedis();
  servers = [await startServer({ redisUrl }), await startServer({ redisUrl })];
});

interface Answer {
  order: HostOrder;
  refund: Refund;
}

async function opened(stock = 5) {
  const seller = host(servers[0]);
  const stage = await seller.stage(stock);
  return { seller, stage, ani: await buyer(servers[0], seller.shop, stage) };
}

async function paid(stock?: number) {
  const { seller, stage, ani } = await opened(stock);
  const { orderId } = await ani.buy({ quantity: 2 });
  const { order } = await seller.post<Answer>(`/orders/${orderId}/confirm-payment`);
  return { seller, stage, ani, order, orderId };
}

/** Paid after it was cancelled, when another had the stock. */
async function late() {
  const { seller, stage, ani } = await opened(2);
  const { orderId } = await ani.buy({ quantity: 2 });
  await ani.client.ask('order:cancel', { orderId });
  const budi = await buyer(servers[0], seller.shop, stage, 'budi');
  await budi.book(2);
  await seller.post(`/orders/${orderId}/confirm-payment`);
  return { seller, stage, ani, orderId };
}

const refund = (seller: Host, orderId: string, restock = true, requestId: string = randomUUID()) =>
  seller.call('POST', `/orders/${orderId}/refund`, { restock, requestId });
const done = (seller: Host, refundId: string, body: object = { requestId: randomUUID() }) =>
  seller.call('POST', `/refunds/${refundId}/done`, body);

describe('a paid order that the host gives up', () => {
  it('is refunded, its units are free again, and its money is in the list until it is paid back', async () => {
    const { seller, stage, ani, order, orderId } = await paid();
    const console = await hostSocket(servers[1], seller.shop);
    await console.ask('live:join', { liveId: stage.liveId });
    const { status, body } = await refund(seller, orderId);
    expect(status).toBe(200);
    expect(body.order).toMatchObject({ orderId, status: 'refunded', paidAt: order.paidAt });
    expect(body.refund).toMatchObject({
      orderId,
      code: order.code,
      viewer: { viewerId: 'ani', name: 'Viewer ani' },
      amount: 20_000,
      reason: 'cancelled_by_host',
      status: 'open',
      at: expect.any(Number),
    });
    const { refundId } = body.refund;
    const shown = { refundId, amount: 20_000, reason: 'cancelled_by_host', status: 'open' };
    expect(body.order.refunds).toEqual([shown]);
    expect((await orderOf(seller, orderId)).refunds).toEqual([shown]);
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 5, sold: 0 });
    expect(await ani.client.next('stock:released')).toMatchObject({
      releases: [{ quantity: 2, reason: 'restocked' }],
    });
    await ani.told(orderId, 'refunded');
    await console.next('order:updated', (e) => e.order.status === 'refunded');
    expect(await refundsOf(seller, 'open')).toEqual([body.refund]);
    await untilAuditOk(seller);

    const note = 'Transfer BCA 26 November';
    const closed = await done(seller, refundId, { note, requestId: 'd1' });
    expect(closed.body).toMatchObject({
      order: { orderId, status: 'refunded', refunds: [{ ...shown, status: 'done' }] },
      refund: { status: 'done', doneNote: note, doneBy: 'host', doneAt: expect.any(Number) },
    });
    expect(await refundsOf(seller, 'open')).toEqual([]);
    expect(await refundsOf(seller, 'done')).toEqual([closed.body.refund]);
    expect(await refundsOf(seller)).toEqual([closed.body.refund]);
    expect((await seller.get<{ items: unknown[] }>('/orders?status=refunded')).items).toHaveLength(
      1,
    );
    await untilAuditOk(seller);
  });

  it('keeps its units sold without restock', async () => {
    const { seller, stage, orderId } = await paid();
    expect((await refund(seller, orderId, false)).body.order.status).toBe('refunded');
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, sold: 2 });
    await untilAuditOk(seller);
  });

  it('twenty times at once, through two servers, has one effect', async () => {
    const { seller, stage, orderId } = await paid();
    const sellers = servers.map((server) => host(server, seller.shop)) as [Host, Host];
    const same = await Promise.all(
      Array.from({ length: 20 }, (_, i) => refund(sellers[i % 2] as Host, orderId, true, 'r1')),
    );
    for (const answer of same) expect(answer.body).toEqual(same[0]?.body);
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 5, sold: 0 });
    expect(await refundsOf(seller)).toHaveLength(1);
    expect(await refund(seller, orderId)).toMatchObject({
      status: 409,
      body: { error: { code: 'ORDER_NOT_PAYABLE', details: { status: 'refunded' } } },
    });
    expect(await refund(seller, orderId, false, 'r1')).toMatchObject({
      body: { error: { code: 'REQUEST_CONFLICT' } },
    });
    await untilAuditOk(seller);
  });

  it('that cost nothing is refunded and restocked, and there is nothing to pay back', async () => {
    const { seller, stage, ani } = await opened();
    const gift = await seller.createItem(5, 0);
    await seller.patch(`/lives/${stage.liveId}`, { itemIds: [gift.itemId] });
    const { orderId } = await ani.buy({ quantity: 2, itemId: gift.itemId });
    const { status, body } = await refund(seller, orderId);
    expect({ status, ...body }).toMatchObject({
      status: 200,
      order: { status: 'refunded' },
      refund: null,
    });
    expect(await stockOf(seller, gift.itemId)).toMatchObject({ available: 5, sold: 0 });
    expect(await refundsOf(seller)).toEqual([]);
    await untilAuditOk(seller);
  });

  it('and that is paid once more after all: the second money must go back as well', async () => {
    const { seller, ani } = await opened();
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    const { orderId } = order;
    await ani.client.ask('order:pay', { orderId, paymentMethod: 'bank_transfer' });
    await seller.post(`/orders/${orderId}/confirm-payment`);
    await refund(seller, orderId);
    await fetch(`${servers[0].url}/sandbox/qris/${paymentIdOf(order)}/pay`, { method: 'POST' });
    expect(await orderOf(seller, orderId)).toMatchObject({ status: 'refunded' });
    const open = await refundsOf(seller, 'open');
    expect(open.map(({ reason }) => reason)).toEqual(['late_and_gone', 'cancelled_by_host']);
    await untilAuditOk(seller);
    for (const { refundId } of open) {
      expect((await done(seller, refundId)).body.order.status).toBe('refunded');
    }
    await untilAuditOk(seller);
  });
});

describe('an order that is not paid', () => {
  it.each([
    ['awaiting_payment', async () => {}],
    ['cancelled', (seller: Host, id: string) => seller.post(`/orders/${id}/cancel`)],
  ])('but %s cannot be refunded', async (status, make) => {
    const { seller, ani } = await opened();
    const { orderId } = await ani.buy();
    await make(seller, orderId);
    expect(await refund(seller, orderId)).toMatchObject({
      status: 409,
      body: { error: { code: 'ORDER_NOT_PAYABLE', details: { status } } },
    });
    expect(await refundsOf(seller)).toEqual([]);
    await untilAuditOk(seller);
  });

  it('of another shop, or none at all, is not found', async () => {
    const { orderId } = await paid();
    expect((await refund(host(servers[0]), orderId)).status).toBe(404);
    expect((await refund(host(servers[0]), 'or_nothing')).status).toBe(404);
  });
});

describe('money that came late', () => {
  it('is in the list; the host may ask for its refund; done, the order is refunded', async () => {
    const { seller, ani, orderId } = await late();
    const [open] = await refundsOf(seller, 'open');
    expect(open).toMatchObject({ orderId, reason: 'late_and_gone', amount: 20_000 });
    const asked = await refund(seller, orderId);
    expect(asked).toMatchObject({
      status: 200,
      body: { order: { status: 'needs_refund' }, refund: open },
    });
    expect(await refundsOf(seller)).toHaveLength(1);
    const { body } = await done(seller, open?.refundId ?? '');
    expect(body.order).toMatchObject({ status: 'refunded' });
    await ani.told(orderId, 'refunded');
    await untilAuditOk(seller);
  });

  it('done many times, at once and later, is done once and keeps its first note', async () => {
    const { seller } = await late();
    const [open] = await refundsOf(seller, 'open');
    const { refundId } = open as Refund;
    const bodies = Array.from({ length: 10 }, (_, i) => ({
      note: `n${i % 2}`,
      requestId: `d${i % 2}`,
    }));
    const answers = await Promise.all(bodies.map((body) => done(seller, refundId, body)));
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body).toEqual(answers[0]?.body);
    }
    expect((await done(seller, refundId)).body).toEqual(answers[0]?.body);
    expect(await done(seller, refundId, { requestId: 'd1', note: 'otherwise' })).toMatchObject({
      body: { error: { code: 'REQUEST_CONFLICT' } },
    });
    await untilAuditOk(seller);
  });

  it('is not done by a requestId of another command, nor in another shop', async () => {
    const { seller } = await late();
    const [open] = await refundsOf(seller, 'open');
    await seller.restock((await seller.createItem(1)).itemId, 1, 'r1');
    expect(await done(seller, open?.refundId ?? '', { requestId: 'r1' })).toMatchObject({
      body: { error: { code: 'REQUEST_CONFLICT' } },
    });
    expect((await done(host(servers[0]), open?.refundId ?? '')).status).toBe(404);
    expect((await done(seller, 'rf_nothing')).status).toBe(404);
    expect(await refundsOf(seller, 'open')).toHaveLength(1);
  });
});

describe('money that was paid twice', () => {
  it('goes back, and the order stays paid', async () => {
    const { seller, ani } = await opened();
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    const { orderId } = order;
    await ani.client.ask('order:pay', { orderId, paymentMethod: 'bank_transfer' });
    await seller.post(`/orders/${orderId}/confirm-payment`);
    const console = await hostSocket(servers[1], seller.shop);
    await fetch(`${servers[0].url}/sandbox/qris/${paymentIdOf(order)}/pay`, { method: 'POST' });
    await console.next('order:updated', (e) => e.order.orderId === orderId);
    const [open] = await refundsOf(seller, 'open');
    expect(open).toMatchObject({ orderId, reason: 'paid_twice', amount: 20_000, status: 'open' });
    expect((await done(seller, open?.refundId ?? '')).body.order).toMatchObject({ status: 'paid' });
    await untilAuditOk(seller);
  });
});

describe('a refund sent through the gateway', () => {
  it('is done by it, once', async () => {
    const { seller, ani } = await opened();
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    await fetch(`${servers[0].url}/sandbox/qris/${paymentIdOf(order)}/pay`, { method: 'POST' });
    await ani.told(order.orderId, 'paid');
    const { body } = await refund(seller, order.orderId);
    expect(body.refund).toMatchObject({ status: 'open', sendable: true });
    for (let i = 0; i < 2; i++) {
      const sent = await seller.call('POST', `/refunds/${body.refund.refundId}/send`);
      expect(sent).toMatchObject({
        status: 200,
        body: {
          order: { status: 'refunded' },
          refund: { status: 'done', doneBy: 'gateway', sendable: false },
        },
      });
    }
    await untilAuditOk(seller);
  });

  it('is not possible for a transfer', async () => {
    const { seller, orderId } = await paid();
    const { body } = await refund(seller, orderId);
    expect(body.refund.sendable).toBe(false);
    const sent = await seller.call('POST', `/refunds/${body.refund.refundId}/send`);
    expect(sent).toMatchObject({ status: 400, body: { error: { code: 'VALIDATION' } } });
    expect(await refundsOf(seller, 'open')).toHaveLength(1);
  });
});

describe('a request about refunds that is not well formed', () => {
  it.each([
    ['POST', '/orders/x/refund', {}],
    ['POST', '/orders/x/refund', { restock: 'yes', requestId: 'r' }],
    ['POST', '/orders/x/refund', { restock: true, requestId: '' }],
    ['POST', '/refunds/x/done', {}],
    ['POST', '/refunds/x/done', { requestId: 'r', note: 'x'.repeat(301) }],
    ['GET', '/refunds?status=lost', undefined],
    ['GET', '/refunds?limit=201', undefined],
  ])('%s %s %j is refused', async (method, path, body) => {
    const answer = await host(servers[0]).call(method, path, body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'VALIDATION' } } });
  });
});

describe('the code of an order', () => {
  it('has 6 characters that nobody mistakes, and is another for every order', async () => {
    const { seller, ani } = await opened(30);
    const orders: Order[] = [];
    for (let i = 0; i < 20; i++) orders.push(await ani.buy());
    for (const { code } of orders) expect(code).toMatch(/^[23456789ABCDEFGHJKMNPQRSTVWXYZ]{6}$/);
    expect(new Set(orders.map(({ code }) => code)).size).toBe(20);
    expect((await orderOf(seller, orders[0]?.orderId ?? '')).code).toBe(orders[0]?.code);
  });
});
