import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { signatureKey } from '../payments/midtrans-transactions.js';
import { untilAuditOk } from '../support/audit.js';
import { host } from '../support/host.js';
import {
  askNow,
  Midtrans,
  startMidtransServer,
  takeUpNotices,
} from '../support/midtrans-server.js';
import { type Buyer, buyer, noticesOf, orderOf, paymentIdOf, stockOf } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import type { TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';
import { until } from '../support/until.js';

const MINUTE = 60_000;

let redis: RedisServer;
let midtrans: Midtrans;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  midtrans = await Midtrans.start();
  server = await startMidtransServer(redis.url, midtrans);
});

beforeEach(() => {
  midtrans.payments.alsoInCharges = {};
  midtrans.payments.alsoInStatuses = {};
  midtrans.payments.payersFee = 0;
});

async function opened(stock = 10) {
  const seller = host(server);
  const stage = await seller.stage(stock);
  return { seller, stage, ani: await buyer(server, seller.shop, stage) };
}

/** Its QR is on show, and the gateway's own word of it has come in. */
async function ordered(ani: Buyer) {
  const order = await ani.buy({ quantity: 2, method: 'qris' });
  await midtrans.notifier.idle();
  return order;
}

/** A notice in whatever words, well signed over the amount as `signed` spells it. */
async function notify(fields: { order_id: string } & Record<string, unknown>, signed = '20000.00') {
  const key = midtrans.lookalike.serverKey;
  const body = {
    transaction_status: 'settlement',
    status_code: '200',
    gross_amount: '20000.00',
    signature_key: signatureKey(fields.order_id, '200', signed, key),
    ...fields,
  };
  const response = await fetch(`${server.url}/api/v1/webhooks/midtrans`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.status;
}

describe('a fee that the payer bears', () => {
  it('is no part of what the order is paid with', async () => {
    const { seller, ani } = await opened();
    midtrans.payments.payersFee = 71;
    const order = await ordered(ani);
    midtrans.payments.settle(paymentIdOf(order));
    await ani.told(order.orderId, 'paid');
    await midtrans.notifier.idle();
    expect(midtrans.notifier.deliveries.at(-1)).toMatchObject({ httpStatus: 200 });
    expect((await noticesOf(seller)).at(0)).toMatchObject({
      outcome: 'paid',
      words: 'settlement 200 accept 20071.00 IDR',
    });
    await untilAuditOk(seller);
  });

  it('does not make too little enough', async () => {
    const { seller, ani } = await opened();
    midtrans.payments.payersFee = 71;
    const order = await ordered(ani);
    midtrans.payments.settle(paymentIdOf(order), { amount: '20000.00' });
    await midtrans.notifier.idle();
    expect((await noticesOf(seller)).at(0)).toMatchObject({ reason: 'wrong_amount' });
    expect(await orderOf(seller, order.orderId)).toMatchObject({ status: 'awaiting_payment' });
    await untilAuditOk(seller);
  });
});

describe('words that are clear beside others that are not', () => {
  it.each([
    ['fraud_status', ''],
    ['fraud_status', null],
    ['currency', null],
    ['transaction_id', null],
    ['gross_amount', 20_000],
    ['status_code', 200],
  ])('pay the order: %s is %j in the notice and in the status', async (field, value) => {
    const { seller, ani } = await opened();
    const order = await ordered(ani);
    await midtrans.settleUnnoticed(paymentIdOf(order));
    midtrans.payments.alsoInStatuses = { [field]: value };
    expect(await notify({ order_id: paymentIdOf(order), [field]: value })).toBe(200);
    await ani.told(order.orderId, 'paid');
    await untilAuditOk(seller);
  });

  it.each([null, ''])('show the QR: the expiry is %j', async (expiry_time) => {
    const { ani } = await opened();
    midtrans.payments.alsoInCharges = { expiry_time };
    const order = await ani.buy({ method: 'qris' });
    expect(order.payment?.qrString).toMatch(/^0002/);
    expect(order.expiresAt - order.createdAt).toBeGreaterThan(14.9 * MINUTE);
    expect(order.expiresAt - order.createdAt).toBeLessThan(15.1 * MINUTE);
  });
});

describe('payment statuses that nobody understands', () => {
  it.each([
    ['a status', { transaction_status: 'settlement_of_sorts' }],
    ['a fraud status', { fraud_status: 'astonished' }],
    ['another payment’s id', { order_id: 'DANA-7' }],
  ])('%s: stand in the list until they are clear, and are asked for again', async (_, fields) => {
    const { seller, ani } = await opened();
    const error = vi.spyOn(server.app.log, 'error');
    const order = await ordered(ani);
    midtrans.payments.alsoInStatuses = fields;
    await midtrans.settleUnnoticed(paymentIdOf(order));
    expect(await notify({ order_id: paymentIdOf(order) })).toBe(200);
    const unclear = { outcome: 'unclear', reason: 'gateway_unclear', orderId: order.orderId };
    const [said] = Object.values(fields);
    expect((await noticesOf(seller))[0]).toMatchObject({
      ...unclear,
      words: expect.stringContaining(String(said)),
    });
    expect(error.mock.calls.at(-1)?.[1]).toMatch(/unclear/);
    error.mockRestore();
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(
      /livehold_payment_notices_total\{outcome="unclear",reason="gateway_unclear"\}/,
    );

    midtrans.payments.alsoInStatuses = {};
    await takeUpNotices(redis, seller.shop);
    await ani.told(order.orderId, 'paid');
    expect((await noticesOf(seller))[0]).toMatchObject({ outcome: 'paid', count: 1 });
    await untilAuditOk(seller);
  });

  it('stand in the list also when it was we who asked', async () => {
    const { seller, ani } = await opened();
    const order = await ordered(ani);
    await midtrans.settleUnnoticed(paymentIdOf(order));
    midtrans.payments.alsoInStatuses = { transaction_status: 'settlement_of_sorts' };
    await askNow(redis, seller.shop, paymentIdOf(order));
    const notice = await until('it stands there', async () => (await noticesOf(seller))[0]);
    expect(notice).toMatchObject({ source: 'poll', outcome: 'unclear' });
  });

  it('an amount that is none: is flagged for a refund, not lost', async () => {
    const { seller, ani } = await opened();
    const order = await ordered(ani);
    await midtrans.settleUnnoticed(paymentIdOf(order));
    midtrans.payments.alsoInStatuses = { gross_amount: 'twenty thousand' };
    expect(await notify({ order_id: paymentIdOf(order) })).toBe(200);
    expect((await noticesOf(seller))[0]).toMatchObject({ reason: 'wrong_amount' });
  });
});

describe('a notice that a person decides', () => {
  /** Money that the gateway tells of in words that nobody understands. */
  async function unclear() {
    const { seller, stage, ani } = await opened();
    const order = await ordered(ani);
    midtrans.payments.alsoInStatuses = { transaction_status: 'settlement_of_sorts' };
    await midtrans.settleUnnoticed(paymentIdOf(order));
    expect(await notify({ order_id: paymentIdOf(order) })).toBe(200);
    const [notice] = await noticesOf(seller);
    const decide = (body: unknown, token?: string) =>
      seller.call('POST', `/payment-notices/${notice?.noticeId}/decide`, body, token);
    return { seller, stage, ani, order, decide };
  }

  it('has come: pays the order, and stands with who decided it', async () => {
    const { seller, ani, order, decide } = await unclear();
    expect(await decide({ money: 'came', note: 'Ada di dasbor' })).toMatchObject({
      status: 200,
      body: {
        notice: {
          outcome: 'paid',
          words: expect.stringContaining('settlement_of_sorts'),
          decision: { money: 'came', note: 'Ada di dasbor', by: 'host', name: 'Host' },
        },
      },
    });
    await ani.told(order.orderId, 'paid');
    // Once decided it stays so.
    expect((await decide({ money: 'none' })).body.notice).toMatchObject({
      outcome: 'paid',
      decision: { money: 'came' },
    });
    midtrans.payments.alsoInStatuses = {};
    await untilAuditOk(seller);
  });

  it('has not come: is closed, and stays closed when the gateway repeats its words', async () => {
    const { seller, stage, order, decide } = await unclear();
    expect((await decide({ money: 'none' })).body.notice).toMatchObject({
      outcome: 'ignored',
      reason: 'decided',
    });
    expect(await notify({ order_id: paymentIdOf(order) })).toBe(200);
    expect(await noticesOf(seller)).toMatchObject([{ outcome: 'ignored', count: 2 }]);
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ allocated: 2, sold: 0 });
  });

  it('is the owner’s alone, of a notice that there is, in words that are known', async () => {
    const { seller, decide } = await unclear();
    const staff = { sub: 'sari', shop: seller.shop, role: 'host', staff: 'helper' };
    expect((await decide({ money: 'came' }, signToken(staff))).status).toBe(403);
    expect((await decide({ money: 'perhaps' })).body.error.code).toBe('VALIDATION');
    const nowhere = await seller.call('POST', '/payment-notices/nowhere/decide', { money: 'none' });
    expect(nowhere.body.error.code).toBe('NOT_FOUND');
    expect((await noticesOf(seller))[0]).toMatchObject({ outcome: 'unclear' });
  });
});

describe('an expiry that no QR has', () => {
  it.each(['9999-12-31 12:00:00', '2001-01-01 00:00:00', '2027-02-29 12:00:00'])(
    '%s: is not followed, and is logged; the usual one holds',
    async (expiry_time) => {
      const { seller, stage, ani } = await opened();
      const warn = vi.spyOn(server.app.log, 'warn');
      midtrans.payments.alsoInCharges = { expiry_time };
      const order = await ordered(ani);
      expect(order.expiresAt - order.createdAt).toBeGreaterThan(14 * MINUTE);
      expect(order.expiresAt - order.createdAt).toBeLessThan(16 * MINUTE);
      expect(order.payment?.expiresAt).toBe(order.expiresAt);
      expect(await stockOf(seller, stage.itemId)).toMatchObject({ allocated: 2 });
      expect(warn.mock.calls).toContainEqual([
        expect.objectContaining({ orderId: order.orderId, expiryText: expiry_time }),
        expect.any(String),
      ]);
      warn.mockRestore();
      await untilAuditOk(seller);
    },
  );

  it('a week is followed', async () => {
    const { ani } = await opened();
    const week = new Date(Date.now() + (7 * 24 * 60 - 1) * MINUTE + 7 * 60 * MINUTE).toISOString();
    const expiry_time = week.slice(0, 19).replace('T', ' ');
    midtrans.payments.alsoInCharges = { expiry_time };
    const order = await ani.buy({ method: 'qris' });
    expect(order.expiresAt).toBe(Date.parse(`${week.slice(0, 19)}+07:00`));
  });
});

describe('a QR that no screen can show', () => {
  it('is refused and logged; the order can be paid by transfer', async () => {
    const { seller, ani } = await opened();
    midtrans.payments.alsoInCharges = { qr_string: '0'.repeat(300_000), actions: [] };
    const warn = vi.spyOn(server.app.log, 'warn');
    await expect(ani.buy({ method: 'qris' })).rejects.toThrow(/PAYMENT_UNAVAILABLE/);
    expect(warn.mock.calls.at(-1)?.[1]).toMatch(/could not open/);
    warn.mockRestore();
    const [order] = (await ani.client.ask('me:get', {})).orders;
    const request = { orderId: order?.orderId ?? '', paymentMethod: 'bank_transfer' } as const;
    await ani.client.ask('order:pay', request);
    await untilAuditOk(seller);
  });
});

describe('an open payment that the gateway gives up', () => {
  it.each(['deny', 'expire', 'failure'])(
    '%s: fails on its notice, and the next order:pay makes a new one',
    async (word) => {
      const { seller, stage, ani } = await opened();
      const order = await ordered(ani);
      midtrans.payments.setStatus(paymentIdOf(order), word);
      const failed = await ani.client.next(
        'order:updated',
        (e) => e.order.payment?.status === 'failed',
      );
      expect(failed.order).toMatchObject({
        status: 'awaiting_payment',
        expiresAt: order.expiresAt,
      });
      const request = { orderId: order.orderId, paymentMethod: 'qris' } as const;
      const { order: again } = await ani.client.ask('order:pay', request);
      expect(again.payment).toMatchObject({ status: 'pending', qrString: expect.any(String) });
      expect(paymentIdOf(again)).not.toBe(paymentIdOf(order));
      midtrans.payments.settle(paymentIdOf(again));
      await ani.told(order.orderId, 'paid');
      await midtrans.notifier.idle();
      expect(await stockOf(seller, stage.itemId)).toMatchObject({ available: 8, sold: 2 });
      await untilAuditOk(seller);
    },
  );

  it('cancel: fails when it is asked about, for as a rule it was us', async () => {
    const { seller, ani } = await opened();
    const order = await ordered(ani);
    midtrans.payments.setStatus(paymentIdOf(order), 'cancel');
    await midtrans.notifier.idle();
    expect(await orderOf(seller, order.orderId)).toEqual(order);
    await askNow(redis, seller.shop, paymentIdOf(order));
    await ani.client.next('order:updated', (e) => e.order.payment?.status === 'failed');
    await untilAuditOk(seller);
  });

  it('that was never shown fails as well: its QR is not shown afterwards', async () => {
    const { seller, ani } = await opened();
    midtrans.lookalike.dropAnswers();
    await expect(ani.buy({ method: 'qris' })).rejects.toThrow(/PAYMENT_UNAVAILABLE/);
    const paymentId = midtrans.charged().at(-1) ?? '';
    midtrans.payments.deny(paymentId);
    const { order } = await ani.client.next(
      'order:updated',
      (e) => e.order.payment?.status === 'failed',
    );
    const request = { orderId: order.orderId, paymentMethod: 'qris' } as const;
    const { order: again } = await ani.client.ask('order:pay', request);
    expect(paymentIdOf(again)).not.toBe(paymentId);
    await untilAuditOk(seller);
  });
});

describe('the same notice 300 times', () => {
  it('is one record with a count, and asks the gateway no more than it must', async () => {
    const { seller, ani } = await opened();
    const order = await ordered(ani);
    const order_id = paymentIdOf(order);
    midtrans.payments.settle(order_id);
    await midtrans.notifier.idle();
    const asked = midtrans.asked(order_id).length;
    for (let i = 0; i < 299; i += 13) {
      const answers = await Promise.all(Array.from({ length: 13 }, () => notify({ order_id })));
      expect(new Set(answers)).toEqual(new Set([200]));
    }
    expect(await noticesOf(seller)).toMatchObject([{ outcome: 'paid', count: 300 }]);
    expect(midtrans.asked(order_id)).toHaveLength(asked);
    await untilAuditOk(seller);
  });
});

describe('a notice of another system’s order', () => {
  it.each([`payment_notif_test_G141532850_${crypto.randomUUID()}`, 'Pesanan toko lain #7/2026'])(
    '%s is answered 200 and kept once',
    async (order_id) => {
      for (let i = 0; i < 3; i++) {
        const key = midtrans.lookalike.serverKey;
        const signature_key = signatureKey(order_id, '200', '20000.00', key);
        expect(await notify({ order_id, signature_key })).toBe(200);
      }
      const kept = await (await redis.client()).zRange('livehold:notices:not-ours', 0, -1);
      expect(kept.filter((text) => text.includes(order_id))).toHaveLength(1);
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      expect(metrics).toMatch(/outcome="ignored",reason="unknown_payment"/);
    },
  );
});
