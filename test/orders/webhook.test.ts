import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Page } from '../../src/protocol/http.js';
import type { PaymentNotice } from '../../src/protocol/order.js';
import { shopKey } from '../../src/store/keys.js';
import { signatureKey } from '../payments/midtrans-transactions.js';
import { untilAuditOk } from '../support/audit.js';
import { host } from '../support/host.js';
import { Midtrans, startMidtransServer, takeUpNotices } from '../support/midtrans-server.js';
import {
  type Buyer,
  buyer,
  ledgerOf,
  noticesOf,
  orderOf,
  paymentIdOf,
  stockOf,
} from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import type { TestServer } from '../support/server.js';

let redis: RedisServer;
let midtrans: Midtrans;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  midtrans = await Midtrans.start();
  server = await startMidtransServer(redis.url, midtrans);
});

beforeEach(() => {
  midtrans.notifier.copies = 1;
  midtrans.notifier.dropping = false;
});

async function opened(stock = 10) {
  const seller = host(server);
  const stage = await seller.stage(stock);
  return { seller, stage, ani: await buyer(server, seller.shop, stage) };
}

async function ordered(who: Buyer, quantity = 2) {
  const order = await who.buy({ quantity, method: 'qris' });
  await midtrans.notifier.idle();
  return { order, paymentId: paymentIdOf(order) };
}

/** Sends a notice as the gateway would; the fields given replace the sound ones before or after it is signed. */
async function notice(paymentId: string, fields: object = {}, signed: object = {}) {
  const body = {
    order_id: paymentId,
    status_code: '200',
    gross_amount: '20000.00',
    transaction_status: 'settlement',
    ...fields,
  };
  const { order_id, status_code, gross_amount } = body;
  const signature = signatureKey(order_id, status_code, gross_amount, midtrans.lookalike.serverKey);
  return post(JSON.stringify({ ...body, signature_key: signature, ...signed }));
}

async function post(body: string | Uint8Array<ArrayBuffer>, type = 'application/json') {
  const url = `${server.url}/api/v1/webhooks/midtrans`;
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
  return { status: response.status, body: await response.json() };
}

describe('a settlement’s notice', () => {
  it('pays the order', async () => {
    const { seller, stage, ani } = await opened();
    const { order, paymentId } = await ordered(ani);
    expect(order.payment).toMatchObject({
      provider: 'midtrans',
      qrString: expect.stringMatching(/^0002/),
    });
    midtrans.payments.settle(paymentId);
    expect(await ani.told(order.orderId, 'paid')).toMatchObject({
      payment: { paymentId, status: 'paid' },
    });
    await midtrans.notifier.idle();
    expect(midtrans.notifier.deliveries.at(-1)).toMatchObject({ paymentId, httpStatus: 200 });
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 8, sold: 2 });
    expect(await noticesOf(seller)).toMatchObject([
      { orderId: order.orderId, source: 'webhook', outcome: 'paid', reason: 'in_time' },
    ]);
    await untilAuditOk(seller);
  });

  it('sent many times, at once and later, has one effect', async () => {
    const { seller, stage, ani } = await opened();
    await seller.settings({ booking: { cancelPenaltyPerItem: 20, paidRewardPerItem: 1 } });
    await ani.client.ask('booking:cancel', { bookingId: (await ani.book(1)).bookingId });
    const { order, paymentId } = await ordered(ani);
    midtrans.notifier.copies = 5;
    midtrans.payments.settle(paymentId);
    await midtrans.notifier.idle();
    expect((await notice(paymentId)).status).toBe(200);
    expect(await orderOf(seller, order.orderId)).toMatchObject({ status: 'paid' });
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 8, sold: 2 });
    const rewards = (await ledgerOf(seller, 'ani')).filter((e) => e.reason === 'order_paid');
    expect(rewards).toMatchObject([{ delta: 2 }]);
    expect(await noticesOf(seller)).toMatchObject([
      { outcome: 'paid', reason: 'in_time', count: 6 },
    ]);
    await untilAuditOk(seller);
  });

  it('that comes before the charge’s own is enough, and what comes after changes nothing', async () => {
    const { seller, ani } = await opened();
    midtrans.notifier.hold();
    const order = await ani.buy({ quantity: 2, method: 'qris' });
    midtrans.payments.settle(paymentIdOf(order));
    await midtrans.notifier.release('reversed');
    const paid = await orderOf(seller, order.orderId);
    expect(paid.status).toBe('paid');
    const sent = midtrans.notifier.deliveries.slice(-2).map((one) => one.transactionStatus);
    expect(sent).toEqual(['settlement', 'pending']);
    for (const transaction_status of ['expire', 'cancel', 'deny', 'pending', 'astonished']) {
      expect((await notice(paymentIdOf(order), { transaction_status })).status).toBe(200);
    }
    expect(await orderOf(seller, order.orderId)).toEqual(paid);
    await untilAuditOk(seller);
  });

  it('is not acted on when the gateway’s status does not confirm it', async () => {
    const { seller, stage, ani } = await opened();
    const { order, paymentId } = await ordered(ani);
    expect((await notice(paymentId)).status).toBe(200);
    expect(midtrans.asked(paymentId)).toContain('status');
    expect(await orderOf(seller, order.orderId)).toEqual(order);
    // Midtrans has not made up its mind: neither paid nor over.
    midtrans.payments.settle(paymentId, { fraudStatus: 'challenge' });
    await midtrans.notifier.idle();
    expect(await orderOf(seller, order.orderId)).toEqual(order);
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ allocated: 2, sold: 0 });
    const all = await seller.get<Page<PaymentNotice>>('/payment-notices?outcome=ignored');
    for (const kept of all.items) expect(kept).toMatchObject({ reason: 'gateway_says_pending' });
    expect(all.items).toHaveLength(2);
    await untilAuditOk(seller);
  });

  it('that the gateway cannot confirm now is asked for again', async () => {
    const { seller, ani } = await opened();
    const { order, paymentId } = await ordered(ani);
    const before = midtrans.notifier.deliveries.length;
    midtrans.lookalike.answerNext(503, '<html>');
    midtrans.payments.settle(paymentId);
    await ani.told(order.orderId, 'paid');
    await midtrans.notifier.idle();
    const answers = midtrans.notifier.deliveries.slice(before).map((one) => one.httpStatus);
    expect(answers).toEqual([503, 200]);
    await untilAuditOk(seller);
  });
});

describe('a notice that the gateway never repeats', () => {
  it('and could not be confirmed on arrival is kept, and settles by itself later', async () => {
    const { seller, ani } = await opened();
    const { order, paymentId } = await ordered(ani);
    midtrans.notifier.dropping = true;
    midtrans.payments.settle(paymentId);
    midtrans.lookalike.fail();
    const refused = { status: 503, body: { error: { code: 'PAYMENT_UNAVAILABLE' } } };
    expect(await notice(paymentId)).toMatchObject(refused);
    midtrans.lookalike.fail(false);

    expect(await noticesOf(seller)).toMatchObject([
      { outcome: 'open', reason: 'not_confirmed_yet', words: 'settlement 200' },
    ]);

    // Nobody asks about the payment by itself any more; the notice alone is left, and half a minute has passed.
    const client = await redis.client();
    await client.zRem(`${shopKey(seller.shop)}:payments:open`, paymentId);
    await takeUpNotices(redis, seller.shop);
    await ani.told(order.orderId, 'paid');
    expect(await noticesOf(seller)).toMatchObject([{ outcome: 'paid', count: 1 }]);
    await untilAuditOk(seller);
  });
});

describe('a notice that is not from the gateway', () => {
  it('is refused with 401 and logged, whatever it says', async () => {
    const { seller, ani } = await opened();
    const { order, paymentId } = await ordered(ani);
    midtrans.notifier.dropping = true;
    midtrans.payments.settle(paymentId);
    const warn = vi.spyOn(server.app.log, 'warn');
    const forged = [
      await notice(paymentId, {}, { signature_key: 'f'.repeat(128) }),
      await notice(paymentId, {}, { signature_key: '' }),
      await notice(paymentId, {}, { signature_key: 12 }),
      await notice(paymentId, {}, { gross_amount: '2000.00' }),
      await notice('another', {}, { order_id: paymentId }),
    ];
    for (const answer of forged) {
      expect(answer).toMatchObject({ status: 401, body: { error: { code: 'UNAUTHENTICATED' } } });
    }
    const logged = warn.mock.calls.filter(([, text]) => /signature/.test(String(text)));
    expect(logged).toHaveLength(forged.length);
    warn.mockRestore();
    expect(await orderOf(seller, order.orderId)).toEqual(order);
    expect(await noticesOf(seller)).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'order_id=1&status_code=200'],
    ['half of JSON', '{"order_id":"1"'],
    ['a list', '[]'],
    ['null', 'null'],
    ['no fields', '{}'],
    ['numbers for texts', '{"order_id":1,"status_code":200,"gross_amount":1}'],
    ['what is no UTF-8', new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])],
    ['2,000 levels', `${'['.repeat(2_000)}${']'.repeat(2_000)}`],
  ])('with %s in it is refused with 400', async (_, body) => {
    for (const type of ['application/json', 'text/plain', 'application/octet-stream']) {
      const answer = await post(body, type);
      expect(answer).toMatchObject({ status: 400, body: { error: { code: 'VALIDATION' } } });
    }
  });

  it('is refused with 413 when it is oversized', async () => {
    const answer = await post(JSON.stringify({ order_id: 'x'.repeat(40_000) }));
    expect(answer).toMatchObject({ status: 413, body: { error: { code: 'VALIDATION' } } });
  });
});

describe('a notice of a payment that no order has', () => {
  it('is answered 200, kept and reported', async () => {
    const error = vi.spyOn(server.app.log, 'error');
    const paymentId = crypto.randomUUID();
    expect(await notice(paymentId)).toEqual({ status: 200, body: { ok: true } });
    expect(error.mock.calls).toMatchObject([[{ paymentId }, expect.stringMatching(/no order/)]]);
    error.mockRestore();
    const kept = await (await redis.client()).zRange('livehold:notices:not-ours', 0, -1);
    expect(kept.map((text) => JSON.parse(text))).toEqual([
      { paymentId, description: 'settlement 200' },
    ]);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(
      /livehold_payment_notices_total\{outcome="ignored",reason="unknown_payment"\} 1/,
    );
  });
});
