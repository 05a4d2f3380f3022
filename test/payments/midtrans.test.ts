import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DuplicatePayment,
  GatewayRefused,
  GatewayUnavailable,
  newPaymentId,
} from '../../src/services/payments/gateway.js';
import { MidtransGateway } from '../../src/services/payments/midtrans.js';
import { MidtransLookalike } from './midtrans-lookalike.js';

const NOON_JAKARTA = Date.parse('2026-03-01T12:00:00+07:00');
const MINUTE = 60_000;

let now: number;
let midtrans: MidtransLookalike;
let gateway: MidtransGateway;
let paymentId: string;

beforeEach(async () => {
  now = NOON_JAKARTA;
  midtrans = await MidtransLookalike.start({ now: () => now });
  gateway = new MidtransGateway(midtrans);
  paymentId = newPaymentId();
});

afterEach(async () => {
  await midtrans.close();
});

/** A transaction as the status API tells it; for answers that the look-alike would not give. */
function told(fields: Record<string, unknown>): Record<string, unknown> {
  return {
    status_code: '200',
    order_id: paymentId,
    transaction_status: 'settlement',
    gross_amount: '10000.00',
    ...fields,
  };
}

describe('charge', () => {
  it('asks for a QRIS payment as documented and answers its QR and expiry', async () => {
    const charge = await gateway.charge({ paymentId, amount: 275_000 });

    expect(charge.qrString).toMatch(/^000201/);
    expect(charge.qrImageUrl).toMatch(/\/qr-code$/);
    expect(charge.reference).toMatch(/^[0-9a-f-]{36}$/);
    expect(charge.expiresAt).toBe(NOON_JAKARTA + 15 * MINUTE);
    const [request] = midtrans.requests;
    expect(request?.body).toEqual({
      payment_type: 'qris',
      transaction_details: { order_id: paymentId, gross_amount: 275_000 },
      qris: { acquirer: 'gopay' },
    });
    expect(String(request?.headers['idempotency-key']).length).toBeLessThanOrEqual(46);
  });

  it.each([
    [5, { expiry_duration: 5, unit: 'minute' }],
    [1_440, { expiry_duration: 1_440, unit: 'minute' }],
    [0.05, { expiry_duration: 3, unit: 'second' }],
    [0.001, { expiry_duration: 1, unit: 'second' }],
  ])('asks for an expiry after %d minutes', async (expiresInMinutes, expected) => {
    const charge = await gateway.charge({ paymentId, amount: 1, expiresInMinutes });

    expect(midtrans.requests[0]?.body).toMatchObject({ custom_expiry: expected });
    const unitMs = expected.unit === 'minute' ? MINUTE : 1_000;
    expect(charge.expiresAt).toBe(NOON_JAKARTA + expected.expiry_duration * unitMs);
  });

  it('reads the expiry as GMT+7, also over midnight there', async () => {
    now = Date.parse('2026-02-28T16:50:00Z'); // 23:50 in Jakarta
    const { expiresAt } = await gateway.charge({ paymentId, amount: 1 });
    expect(new Date(expiresAt ?? 0).toISOString()).toBe('2026-02-28T17:05:00.000Z');
  });

  it('without expiry_time counts from the transaction time', async () => {
    midtrans.payments.omitExpiryTime = true;
    const standard = await gateway.charge({ paymentId, amount: 1 });
    expect(standard.expiresAt).toBe(NOON_JAKARTA + 15 * MINUTE);
    const custom = await gateway.charge({
      paymentId: newPaymentId(),
      amount: 1,
      expiresInMinutes: 3,
    });
    expect(custom.expiresAt).toBe(NOON_JAKARTA + 3 * MINUTE);
  });

  it('answers the same QR to a repeat after a lost answer', async () => {
    midtrans.dropAnswers();
    await expect(gateway.charge({ paymentId, amount: 1 })).rejects.toThrow(GatewayUnavailable);
    expect(await gateway.status(paymentId)).toMatchObject({ state: 'pending' });

    const charge = await gateway.charge({ paymentId, amount: 1 });
    expect((await gateway.status(paymentId))?.reference).toBe(charge.reference);
  });

  it('answers a repeat after five minutes that the QR is gone', async () => {
    await gateway.charge({ paymentId, amount: 1 });
    now += 5 * MINUTE;
    await expect(gateway.charge({ paymentId, amount: 1 })).rejects.toThrow(DuplicatePayment);
    expect(await gateway.close(paymentId)).toMatchObject({ state: 'cancelled' });
  });

  it('refuses the first charge’s QR for a repeat with another amount', async () => {
    await gateway.charge({ paymentId, amount: 1_000 });
    await expect(gateway.charge({ paymentId, amount: 2_000 })).rejects.toThrow(DuplicatePayment);
  });

  it.each([0, -1, 0.5, 2 ** 53, Number.NaN])('refuses to ask for %d rupiah', async (amount) => {
    await expect(gateway.charge({ paymentId, amount })).rejects.toThrow(GatewayRefused);
    expect(midtrans.requests).toEqual([]);
  });

  it('passes on why Midtrans refused', async () => {
    const charge = gateway.charge({ paymentId: 'with space', amount: 1 });
    await expect(charge).rejects.toThrow(GatewayRefused);
    await expect(charge).rejects.toThrow(/400: Validation Error; transaction_details.order_id/);
  });

  const noCharges: [
    string,
    Record<string, unknown>,
    typeof GatewayRefused | typeof GatewayUnavailable,
    number?,
  ][] = [
    ['a denied one', { status_code: '202', transaction_status: 'deny' }, GatewayRefused],
    ['one that is over', { transaction_status: 'cancel' }, GatewayRefused],
    ['one without a QR', {}, GatewayUnavailable],
    ['one of another payment', { order_id: 'another' }, GatewayUnavailable],
    ['one still under way', { status_code: '202' }, GatewayUnavailable, 202],
  ];

  it.each(noCharges)('does not take for a charge: %s', async (_, fields, error, http = 200) => {
    const pending = { status_code: '201', transaction_status: 'pending' };
    const time = { transaction_time: '2026-03-01 12:00:00' };
    midtrans.answerNext(http, told({ ...pending, ...time, ...fields }));
    await expect(gateway.charge({ paymentId, amount: 10_000 })).rejects.toThrow(error);
  });
});

describe('close', () => {
  it('cancels a pending payment, as often as asked', async () => {
    await gateway.charge({ paymentId, amount: 10_000 });
    expect(await gateway.close(paymentId)).toMatchObject({ state: 'cancelled', amount: 10_000 });
    expect(await gateway.close(paymentId)).toMatchObject({ state: 'cancelled' });
  });

  it.each([
    ['settlement', 412, 'paid'],
    ['expire', 407, 'expired'],
    ['deny', 412, 'denied'],
    ['refund', 412, 'refunded'],
  ])(
    'of a payment in %s is answered %s and tells the state it ended in',
    async (word, code, state) => {
      await gateway.charge({ paymentId, amount: 10_000 });
      midtrans.payments.setStatus(paymentId, word);
      midtrans.httpStatusFollowsBody = true;
      expect(await gateway.close(paymentId)).toMatchObject({ state, amount: 10_000 });
      const cancel = midtrans.requests.find((request) => request.path.endsWith('/cancel'));
      expect(cancel?.httpStatus).toBe(code);
    },
  );

  it('of an unknown payment is null', async () => {
    expect(await gateway.close(paymentId)).toBeNull();
  });

  it('is not closed when Midtrans says no and the payment is still open', async () => {
    await gateway.charge({ paymentId, amount: 10_000 });
    midtrans.answerNext(200, { status_code: '412', status_message: 'cannot modify' });
    await expect(gateway.close(paymentId)).rejects.toThrow(GatewayUnavailable);
  });

  it('can be repeated after a lost answer', async () => {
    await gateway.charge({ paymentId, amount: 10_000 });
    midtrans.dropAnswers();
    await expect(gateway.close(paymentId)).rejects.toThrow(GatewayUnavailable);
    expect(await gateway.close(paymentId)).toMatchObject({ state: 'cancelled' });
  });

  it('reports a payment that was settled after it expired', async () => {
    await gateway.charge({ paymentId, amount: 10_000 });
    midtrans.payments.expire(paymentId);
    expect(await gateway.close(paymentId)).toMatchObject({ state: 'expired' });
    midtrans.payments.settle(paymentId);
    expect(await gateway.close(paymentId)).toMatchObject({ state: 'paid' });
  });
});
