import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shopKey } from '../../src/store/keys.js';
import { untilAuditOk } from '../support/audit.js';
import { type Host, host } from '../support/host.js';
import {
  askNow,
  Midtrans,
  startMidtransServer,
  takeUpNotices,
} from '../support/midtrans-server.js';
import {
  buyer,
  ledgerOf,
  noticesOf,
  orderOf,
  paymentIdOf,
  stockOf,
  untilOrder,
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

async function opened(stock = 5) {
  const seller = host(server);
  const stage = await seller.stage(stock);
  return { seller, stage, ani: await buyer(server, seller.shop, stage) };
}

/** As if a server had died between keeping a notice and acting on it, a while ago. */
async function leaveNotice(seller: Host, paymentId: string): Promise<void> {
  const client = await redis.client();
  const at = Date.now() - 10 * 60_000;
  const heard = { paymentId, orderId: '', source: 'webhook', at, lastAt: at, count: 1, tries: 0 };
  const left = { ...heard, outcome: 'open', reason: 'not_confirmed_yet' };
  const key = shopKey(seller.shop);
  await client.set(`${key}:notice:${paymentId}`, JSON.stringify(left));
  await client.zAdd(`${key}:notices:all`, { score: at, value: paymentId });
  await client.zAdd(`${key}:notices:due`, { score: 1, value: paymentId });
}

describe('a payment whose notice was lost', () => {
  it('is found by asking while the order awaits it', async () => {
    const { seller, stage, ani } = await opened();
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    await midtrans.settleUnnoticed(paymentIdOf(order));
    await askNow(redis, seller.shop, paymentIdOf(order));
    await ani.told(order.orderId, 'paid');
    expect(await noticesOf(seller)).toMatchObject([{ source: 'poll', outcome: 'paid' }]);
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, sold: 2 });
    await untilAuditOk(seller);
  });

  it('is found by asking after the order has ended', async () => {
    const { seller, stage, ani } = await opened();
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    await ani.client.ask('order:cancel', { orderId: order.orderId });
    await midtrans.settleUnnoticed(paymentIdOf(order));
    await askNow(redis, seller.shop, paymentIdOf(order));
    await ani.told(order.orderId, 'paid');
    expect((await noticesOf(seller))[0]).toMatchObject({ source: 'poll', outcome: 'paid' });
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, sold: 2 });
    await untilAuditOk(seller);
  });

  it('is found at the deadline: closed too late means paid', async () => {
    const { seller, stage, ani } = await opened();
    midtrans.expireAfter(1_000);
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    await midtrans.settleUnnoticed(paymentIdOf(order));
    await ani.told(order.orderId, 'paid');
    expect(midtrans.asked(paymentIdOf(order))).toContain('cancel');
    expect(await noticesOf(seller)).toMatchObject([{ source: 'close', reason: 'in_time' }]);
    expect(await ledgerOf(seller, 'ani')).toEqual([]);
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, sold: 2 });
    await untilAuditOk(seller);
  });

  it('is found by the viewer’s cancel: closed too late means paid', async () => {
    const { seller, stage, ani } = await opened();
    await seller.settings({ booking: { cancelPenaltyPerItem: 5 } });
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    await midtrans.settleUnnoticed(paymentIdOf(order));
    const ack = await ani.client.emit('order:cancel', { orderId: order.orderId });
    expect(ack).toMatchObject({
      error: { code: 'ORDER_NOT_PAYABLE', details: { status: 'paid' } },
    });
    expect(await orderOf(seller, order.orderId)).toMatchObject({ status: 'paid' });
    expect(await ledgerOf(seller, 'ani')).toEqual([]);
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, sold: 2 });
    await untilAuditOk(seller);
  });
});

describe('at the deadline', () => {
  it('the payment is closed at the gateway before the stock goes back', async () => {
    const { seller, stage, ani } = await opened();
    midtrans.expireAfter(1_000);
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    // The close is carried out and its answer is lost: it is not known, so nothing is released.
    await midtrans.notifier.idle();
    midtrans.lookalike.dropAnswers();
    await until('it is asked to close', () =>
      midtrans.asked(paymentIdOf(order)).includes('cancel'),
    );
    expect(await orderOf(seller, order.orderId)).toEqual(order);
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, allocated: 2 });
    await askNow(redis, seller.shop, paymentIdOf(order));
    await ani.told(order.orderId, 'expired');
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 5, allocated: 0 });
    await untilAuditOk(seller);
  });

  it('with the gateway away the order waits, and what was paid meanwhile is found', async () => {
    const { seller, stage, ani } = await opened();
    midtrans.expireAfter(1_000);
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    await midtrans.settleUnnoticed(paymentIdOf(order));
    midtrans.lookalike.fail();
    await until('it was asked in vain', () =>
      midtrans.asked(paymentIdOf(order)).includes('cancel'),
    );
    expect(await orderOf(seller, order.orderId)).toMatchObject({ status: 'awaiting_payment' });
    midtrans.lookalike.fail(false);
    await askNow(redis, seller.shop, paymentIdOf(order));
    await ani.told(order.orderId, 'paid');
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 3, sold: 2 });
    await untilAuditOk(seller);
  });

  it('with the gateway silent for minutes the stock goes back all the same; money is late money', async () => {
    const { seller, stage, ani } = await opened();
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    await midtrans.notifier.idle();
    midtrans.lookalike.fail();
    const client = await redis.client();
    const overdue = { expiresAt: String(Date.now() - 6 * 60_000) };
    await client.hSet(`${shopKey(seller.shop)}:order:${order.orderId}`, overdue);
    await askNow(redis, seller.shop, paymentIdOf(order));
    await ani.told(order.orderId, 'expired');
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 5, allocated: 0 });
    midtrans.lookalike.fail(false);
    midtrans.payments.settle(paymentIdOf(order));
    await ani.told(order.orderId, 'paid');
    await untilAuditOk(seller);
  });

  it('a payment that never came to be does not hold the stock', async () => {
    const { seller, stage, ani } = await opened();
    await seller.settings({ order: { onlineCheckoutAutoExpireMinutes: 0.02 } });
    midtrans.lookalike.fail();
    await expect(ani.buy({ quantity: 2, method: 'qris' })).rejects.toThrow(/PAYMENT_UNAVAILABLE/);
    midtrans.lookalike.fail(false);
    await ani.client.next('order:updated', ({ order }) => order.status === 'expired');
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 5, allocated: 0 });
    await untilAuditOk(seller);
  });
});

describe('a notice that a dead server left without an outcome', () => {
  it('is taken up: an unpaid payment’s', async () => {
    const { seller, ani } = await opened();
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    await midtrans.settleUnnoticed(paymentIdOf(order));
    await leaveNotice(seller, paymentIdOf(order));
    await ani.told(order.orderId, 'paid');
    await takeUpNotices(redis, seller.shop);
    await untilAuditOk(seller);
  });

  it('is taken up also when no payment of the shop is open any more', async () => {
    const { seller, ani } = await opened();
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    midtrans.payments.settle(paymentIdOf(order));
    await ani.told(order.orderId, 'paid');
    await midtrans.notifier.idle();
    await leaveNotice(seller, paymentIdOf(order));
    await takeUpNotices(redis, seller.shop);
    expect((await noticesOf(seller)).at(-1)).toMatchObject({ reason: 'already_settled' });
    await untilAuditOk(seller);
  });

  it('and that the gateway cannot explain does not keep other orders from ending', async () => {
    const { seller, stage, ani } = await opened();
    const odd = await ani.buy({ quantity: 1, method: 'qris' });
    await midtrans.notifier.idle();
    midtrans.notifier.dropping = true;
    midtrans.payments.setStatus(paymentIdOf(odd), 'astonished');
    midtrans.notifier.dropping = false;
    await leaveNotice(seller, paymentIdOf(odd));
    midtrans.expireAfter(1_000);
    const { orderId } = await ani.buy({ quantity: 2, method: 'qris' });
    await untilOrder(seller, orderId, 'expired');
    const { ok, problems } = await seller.audit();
    expect({ ok, problems }).toEqual({
      ok: false,
      problems: [expect.stringMatching(`${paymentIdOf(odd)}: a notice has had no outcome`)],
    });
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 4, allocated: 1 });
    midtrans.payments.settle(paymentIdOf(odd));
    await untilOrder(seller, odd.orderId, 'paid');
    // Its next turn, half a minute after the last, is now.
    await leaveNotice(seller, paymentIdOf(odd));
    await takeUpNotices(redis, seller.shop);
    await untilAuditOk(seller);
  });
});
