import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HostOrder, Page } from '../../src/protocol/http.js';
import type { Order } from '../../src/protocol/order.js';
import { untilAuditOk } from '../support/audit.js';
import { hostSocket } from '../support/client.js';
import { host } from '../support/host.js';
import { askNow, Midtrans, startMidtransServer } from '../support/midtrans-server.js';
import {
  asViewerSees,
  buyer,
  noticesOf,
  orderOf,
  paymentIdOf,
  stockOf,
} from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import type { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

let redis: RedisServer;
let midtrans: Midtrans;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  midtrans = await Midtrans.start();
  server = await startMidtransServer(redis.url, midtrans);
});

beforeEach(() => midtrans.expireAfter());

async function opened(...stocks: number[]) {
  const seller = host(server);
  const stage = await seller.stage(...stocks);
  const ani = await buyer(server, seller.shop, stage);
  return { seller, stage, ani };
}

async function settle(order: Order, as: Parameters<Midtrans['payments']['settle']>[1] = {}) {
  await midtrans.notifier.idle();
  midtrans.payments.settle(paymentIdOf(order), as);
  await midtrans.notifier.idle();
}

const metric = async (outcome: string, reason: string) => {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const name = `livehold_payment_notices_total{outcome="${outcome}",reason="${reason}"} `;
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.slice(name.length) ?? 0,
  );
};

describe('money that comes after the order has ended', () => {
  it('by expiry: the stock is there and is taken again', async () => {
    const { seller, stage, ani } = await opened(5);
    midtrans.expireAfter(0);
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    await ani.told(order.orderId, 'expired');
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 5 });
    await settle(order);
    expect(await ani.told(order.orderId, 'paid')).toMatchObject({ payment: { status: 'paid' } });
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, sold: 2 });
    expect((await noticesOf(seller, paymentIdOf(order)))[0]).toMatchObject({
      outcome: 'paid',
      reason: 'late_but_in_stock',
    });
    await untilAuditOk(seller);
  });

  it('with the stock gone: needs a refund, and the host sees it in the list, the feed, the metric', async () => {
    const { seller, stage, ani } = await opened(2);
    const console = await hostSocket(server, seller.shop);
    await console.ask('live:join', { liveId: stage.liveId });
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    await ani.client.ask('order:cancel', { orderId: order.orderId });
    await (await buyer(server, seller.shop, stage, 'budi')).book(2);
    const before = await metric('needs_refund', 'late_and_gone');
    await settle(order);

    const told = await ani.told(order.orderId, 'needs_refund');
    expect(told).toMatchObject({ payment: { paymentId: paymentIdOf(order), status: 'paid' } });
    const seen = await console.next('order:updated', (e) => e.order.status === 'needs_refund');
    expect(seen).toMatchObject({ order: told, viewer: { viewerId: 'ani' } });
    const listed = await seller.get<Page<HostOrder>>('/orders?status=needs_refund');
    expect(listed.items.map(asViewerSees)).toEqual([told]);
    expect(await metric('needs_refund', 'late_and_gone')).toBe(before + 1);
    expect((await noticesOf(seller, paymentIdOf(order)))[0]).toMatchObject({
      outcome: 'needs_refund',
      reason: 'late_and_gone',
    });
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 0, booked: 2, sold: 0 });
    expect(await seller.audit()).toMatchObject({ ok: true });
    // Stock that comes later does not change the verdict by itself.
    await seller.restock(stage.itemId, 5);
    await settle(order);
    expect(await orderOf(seller, order.orderId)).toEqual(told);
    await untilAuditOk(seller);
  });

  it('with only a part of the stock there takes nothing, also of several items', async () => {
    const { seller, stage, ani } = await opened(5, 2);
    await ani.book(2);
    await ani.book(1);
    await ani.book(2, stage.items[1]?.itemId);
    const order = await ani.place((await ani.checkout()).checkoutId, 'qris');
    await ani.client.ask('order:cancel', { orderId: order.orderId });
    await (await buyer(server, seller.shop, stage, 'budi')).book(1, stage.items[1]?.itemId);
    await settle(order);
    expect(await orderOf(seller, order.orderId)).toMatchObject({ status: 'needs_refund' });
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 5, sold: 0 });
    expect(await stockOf(seller, stage.items[1]?.itemId ?? '')).toMatchObject({
      available: 1,
      booked: 1,
      sold: 0,
    });
    await untilAuditOk(seller);
  });

  it('for two lines of one item counts them together', async () => {
    const { seller, stage, ani } = await opened(4);
    await ani.book(2);
    await ani.book(2);
    const order = await ani.place((await ani.checkout()).checkoutId, 'qris');
    await ani.client.ask('order:cancel', { orderId: order.orderId });
    // Either line alone would fit into what is left.
    await (await buyer(server, seller.shop, stage, 'budi')).book(1);
    await settle(order);
    expect(await orderOf(seller, order.orderId)).toMatchObject({ status: 'needs_refund' });
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, sold: 0 });
    await untilAuditOk(seller);
  });
});

describe('money that is not what was asked for', () => {
  const strange: [string, Parameters<Midtrans['payments']['settle']>[1]][] = [
    ['less', { amount: '19999.00' }],
    ['more', { amount: '20001.00' }],
    ['no whole rupiah', { amount: '20000.50' }],
    ['another currency', { currency: 'USD' }],
  ];

  it.each(strange)('%s is kept and flagged, never taken as payment', async (_, as) => {
    const { seller, stage, ani } = await opened(5);
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    await settle(order, as);
    await settle(order, as);
    expect(await orderOf(seller, order.orderId)).toMatchObject({
      status: 'awaiting_payment',
      payment: { status: 'failed' },
    });
    expect(await noticesOf(seller, paymentIdOf(order))).toMatchObject([
      { outcome: 'needs_refund', reason: 'wrong_amount', count: 2 },
    ]);
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ allocated: 2, sold: 0 });
    await untilAuditOk(seller);
  });

  it('leaves the order payable by a new payment', async () => {
    const { seller, ani } = await opened(5);
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    await settle(order, { amount: '1.00' });
    const request = { orderId: order.orderId, paymentMethod: 'qris' } as const;
    const { order: again } = await ani.client.ask('order:pay', request);
    expect(paymentIdOf(again)).not.toBe(paymentIdOf(order));
    await settle(again);
    expect(await ani.told(order.orderId, 'paid')).toMatchObject({ total: 20_000 });
    const flagged = await noticesOf(seller, paymentIdOf(order));
    expect(flagged.map(({ reason }) => reason)).toContain('wrong_amount');
    await untilAuditOk(seller);
  });

  it('does not keep the order from being cancelled, or from expiring', async () => {
    const { seller, stage, ani } = await opened(5);
    const cancelled = await ani.buy({ quantity: 2, method: 'qris' });
    await settle(cancelled, { amount: '1.00' });
    await ani.client.ask('order:cancel', { orderId: cancelled.orderId });
    midtrans.expireAfter(1_000);
    const expired = await ani.buy({ quantity: 2, method: 'qris' });
    await settle(expired, { amount: '1.00' });
    await ani.told(expired.orderId, 'expired');
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 5, allocated: 0 });
    await untilAuditOk(seller);
  });
});

describe('money that comes twice', () => {
  it('by the old QR after the order was paid by a new one: flagged, and nothing sold twice', async () => {
    const { seller, stage, ani } = await opened(5);
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    const request = { orderId: order.orderId, paymentMethod: 'bank_transfer' } as const;
    await ani.client.ask('order:pay', request);
    await seller.post(`/orders/${order.orderId}/confirm-payment`);
    await settle(order);
    expect(await orderOf(seller, order.orderId)).toMatchObject({
      status: 'paid',
      payment: { method: 'bank_transfer', status: 'paid' },
    });
    expect((await noticesOf(seller, paymentIdOf(order)))[0]).toMatchObject({
      orderId: order.orderId,
      outcome: 'needs_refund',
      reason: 'paid_twice',
    });
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, sold: 2 });
    await untilAuditOk(seller);
  });

  it('is prevented: a new QR made while the old one was paid is closed, and shown to nobody', async () => {
    const { seller, ani } = await opened(5);
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    const { orderId } = order;
    await ani.client.ask('order:pay', { orderId, paymentMethod: 'bank_transfer' });
    await midtrans.notifier.idle();
    midtrans.lookalike.slow(1_500);
    const asked = ani.client.emit('order:pay', { orderId, paymentMethod: 'qris' });
    const charged = () => midtrans.charged().at(-1) ?? '';
    await until('the new QR is on its way', () => charged() !== paymentIdOf(order));
    midtrans.lookalike.slow(0);
    midtrans.payments.settle(paymentIdOf(order));
    await ani.told(orderId, 'paid');
    await asked;
    await askNow(redis, seller.shop, charged());
    await until('it is closed', () => midtrans.asked(charged()).includes('cancel'));
    expect(await orderOf(seller, orderId)).toMatchObject({
      status: 'paid',
      payment: { paymentId: paymentIdOf(order) },
    });
    await untilAuditOk(seller);
    const told = ani.client.heard('order:updated').map(({ order }) => order.status);
    expect(told.filter((status) => status === 'paid')).toHaveLength(1);
  });

  it('by the old QR before the new payment: pays the order', async () => {
    const { seller, stage, ani } = await opened(5);
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    const request = { orderId: order.orderId, paymentMethod: 'bank_transfer' } as const;
    await ani.client.ask('order:pay', request);
    await settle(order);
    expect(await orderOf(seller, order.orderId)).toMatchObject({
      status: 'paid',
      payment: { paymentId: paymentIdOf(order), method: 'qris' },
    });
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, sold: 2 });
    await untilAuditOk(seller);
  });
});
