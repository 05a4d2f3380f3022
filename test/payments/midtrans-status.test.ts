import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayUnclear, newPaymentId } from '../../src/services/payments/gateway.js';
import { MidtransGateway } from '../../src/services/payments/midtrans.js';
import { MidtransLookalike } from './midtrans-lookalike.js';

const NOON_JAKARTA = Date.parse('2026-03-01T12:00:00+07:00');

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

describe('status', () => {
  it.each([
    ['no fraud status', { fraud_status: null }],
    ['an empty fraud status', { fraud_status: '' }],
    ['no currency', { currency: null }],
    ['an empty currency', { currency: '' }],
    ['no transaction id', { transaction_id: null }],
    ['a transaction id that is a number', { transaction_id: 7 }],
    ['an amount that is a number', { gross_amount: 10_000 }],
    ['a code that is a number', { status_code: 200 }],
    ['a settlement time that is none', { settlement_time: '2027-02-29 10:00:00' }],
    ['metadata of another kind', { metadata: ['extra_info'] }],
    ['a message that is none', { status_message: null, validation_messages: {} }],
  ])('reads what is clear beside %s', async (_, fields) => {
    midtrans.answerNext(200, told(fields));
    const status = await gateway.status(paymentId);
    expect(status).toMatchObject({ state: 'paid', amount: 10_000 });
    expect(status).not.toHaveProperty('paidAt');
  });

  describe('with a fee that the payer bears', () => {
    const info = (fields: object) => ({ metadata: { extra_info: { gross_amount_info: fields } } });
    const asDocumented = {
      original_amount: '10000',
      gross_amount: '10071',
      customer_imposed_payment_fee: '71',
    };
    const { original_amount, gross_amount, customer_imposed_payment_fee } = asDocumented;

    it.each([
      ['all three', asDocumented, '10071.00', 10_000],
      ['numbers', { original_amount: 10_000, customer_imposed_payment_fee: 71 }, 10_071, 10_000],
      ['the original', { original_amount }, '10071.00', 10_000],
      ['the fee', { customer_imposed_payment_fee }, '10071.00', 10_000],
      [
        'a part of a rupiah',
        { ...asDocumented, customer_imposed_payment_fee: '70.71' },
        '10070.71',
        10_000,
      ],
      ['no figure', {}, '10071.00', 10_071],
      ['the gross alone', { gross_amount }, undefined, 10_071],
      [
        'figures that are none',
        { original_amount: '', customer_imposed_payment_fee: null },
        '10071',
        10_071,
      ],
      ['an original above the gross', { original_amount: '10072' }, '10071.00', null],
      [
        'figures that do not add up',
        { ...asDocumented, original_amount: '9000' },
        '10071.00',
        null,
      ],
      ['a fee above the gross', { customer_imposed_payment_fee: '10072' }, '10071.00', null],
    ])('and %s: takes what was paid towards the order', async (_, fields, gross, amount) => {
      midtrans.answerNext(200, told({ gross_amount: gross, ...info(fields) }));
      expect(await gateway.status(paymentId)).toMatchObject({ state: 'paid', amount });
    });
  });

  it('is null for a payment that Midtrans does not know', async () => {
    expect(await gateway.status(paymentId)).toBeNull();
  });

  it('states who paid what and when', async () => {
    const { reference } = await gateway.charge({ paymentId, amount: 9_007_199_254_740_991 });
    now += 90_000;
    midtrans.payments.settle(paymentId);
    expect(await gateway.status(paymentId)).toEqual({
      state: 'paid',
      words: 'settlement 200 accept 9007199254740991.00 IDR',
      amount: 9_007_199_254_740_991,
      received: 9_007_199_254_740_991,
      currency: 'IDR',
      reference,
      paidAt: NOON_JAKARTA + 90_000,
    });
  });

  it.each([
    ['pending', 'pending'],
    ['settlement', 'paid'],
    ['expire', 'expired'],
    ['cancel', 'cancelled'],
    ['deny', 'denied'],
    ['refund', 'refunded'],
    ['PENDING', 'pending'],
  ])('reads %s as %s, whatever the HTTP status', async (word, state) => {
    await gateway.charge({ paymentId, amount: 10_000 });
    midtrans.payments.setStatus(paymentId, word);
    expect(await gateway.status(paymentId)).toMatchObject({ state, amount: 10_000 });
    midtrans.httpStatusFollowsBody = true;
    expect(await gateway.status(paymentId)).toMatchObject({ state });
  });

  it.each([
    [{}, 'paid'],
    [{ transaction_status: 'capture' }, 'paid'],
    [{ transaction_status: 'partial_refund', refund_amount: '1.00' }, 'paid'],
    [{ fraud_status: 'accept' }, 'paid'],
    [{ fraud_status: 'challenge' }, 'pending'],
    [{ fraud_status: 'deny' }, 'denied'],
    [{ status_code: '201' }, 'pending'],
    [{ status_code: '202' }, 'pending'],
    [{ transaction_status: 'chargeback' }, 'refunded'],
    [{ transaction_status: 'failure' }, 'denied'],
  ])('weighs code, status and fraud together: %j is %s', async (fields, state) => {
    midtrans.answerNext(200, told(fields));
    expect(await gateway.status(paymentId)).toMatchObject({ state });
  });

  it.each([
    ['10000.00', 10_000],
    ['10000', 10_000],
    ['10000.0', 10_000],
    ['9007199254740991.00', 9_007_199_254_740_991],
    ['9007199254740993.00', null],
    ['10000.50', null],
    ['1e4', null],
    ['010000.00', null],
    ['-10000.00', null],
    ['10,000.00', null],
    ['', null],
  ])('reads the amount %s as %s', async (gross_amount, amount) => {
    midtrans.answerNext(200, told({ gross_amount }));
    expect(await gateway.status(paymentId)).toMatchObject({ state: 'paid', amount });
  });

  it('leaves amount and currency to the caller to compare', async () => {
    await gateway.charge({ paymentId, amount: 10_000 });
    midtrans.payments.settle(paymentId, { amount: '10.00', currency: 'usd' });
    expect(await gateway.status(paymentId)).toMatchObject({ amount: 10, currency: 'USD' });
    midtrans.answerNext(200, told({}));
    expect(await gateway.status(paymentId)).toMatchObject({ currency: null });
  });

  it.each([
    ['another payment', { order_id: 'another' }],
    ['a fraud status that is not known', { fraud_status: 'astonished' }],
    ['a currency that is no text', { currency: 360 }],
    ['a status that is not known', { transaction_status: 'settlement of sorts' }],
    ['no status', { transaction_status: undefined, status_message: 'settlement' }],
  ])('tells of %s that it is not understood, word for word', async (_, fields) => {
    midtrans.answerNext(200, told(fields));
    const error: unknown = await gateway.status(paymentId).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(GatewayUnclear);
    expect(error).toMatchObject({ words: expect.stringContaining('settlement') });
  });
});
