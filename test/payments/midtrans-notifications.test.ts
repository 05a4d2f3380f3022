import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  BadNotification,
  BadSignature,
  newPaymentId,
  type PaymentNotification,
} from '../../src/services/payments/gateway.js';
import { MidtransGateway } from '../../src/services/payments/midtrans.js';
import { MidtransLookalike } from './midtrans-lookalike.js';
import { signatureKey } from './midtrans-transactions.js';

const SERVER_KEY = 'SB-Mid-server-example';
/** `printf %s a1b2c320010000.00SB-Mid-server-example | sha512sum` */
const KNOWN_SIGNATURE =
  '12504ad76d37b666af9111d76ca3b7c3cea8b78ec89812224cd32d0bdf60e7daf1f7e061cc7171897fd6eae5bd8b9ea320168ad52faf630aa434a93facebada8';

const signed = {
  order_id: 'a1b2c3',
  status_code: '200',
  gross_amount: '10000.00',
  signature_key: KNOWN_SIGNATURE,
  transaction_status: 'settlement',
  transaction_id: '9f07920a-6145-4d1e-9fc2-66e6fd6bc6fc',
  fraud_status: 'accept',
};

function raw(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

describe('a notification', () => {
  const gateway = new MidtransGateway({ serverKey: SERVER_KEY, baseUrl: 'http://127.0.0.1:1' });

  it('with a good signature is read', () => {
    expect(gateway.parseNotification(raw({ ...signed, field_of_tomorrow: [] }))).toEqual({
      paymentId: 'a1b2c3',
      description: 'settlement 200',
      claimedState: 'paid',
      reference: '9f07920a-6145-4d1e-9fc2-66e6fd6bc6fc',
    });
  });

  it.each([
    ['fraud_status', null],
    ['fraud_status', ''],
    ['transaction_id', null],
    ['status_code', 200],
    ['currency', null],
    ['gross_amount', 10_000],
  ])('whose %s is %j is read all the same', (field, value) => {
    const notice = gateway.parseNotification(raw({ ...signed, [field]: value }));
    expect(notice).toMatchObject({ paymentId: 'a1b2c3', claimedState: 'paid' });
  });

  it.each([
    ['10000.00', 10_000],
    ['10000', 10_000],
    ['10000.50', 10_000.5],
  ])('signed over %s is known by the number %d as well, and by no other', (text, amount) => {
    const signature_key = signatureKey('a1b2c3', '200', text, SERVER_KEY);
    const notice = (gross_amount: number) => raw({ ...signed, gross_amount, signature_key });
    expect(gateway.parseNotification(notice(amount))).toMatchObject({ paymentId: 'a1b2c3' });
    expect(() => gateway.parseNotification(notice(amount + 1))).toThrow(BadSignature);
  });

  it.each([
    `payment_notif_test_G141532850_${newPaymentId()}`,
    'Pesanan toko lain #7/2026 (ulang)',
    'a'.repeat(1_000),
  ])('of another system’s order, %s, is read', (order_id) => {
    const signature_key = signatureKey(order_id, '200', '10000.00', SERVER_KEY);
    const notice = gateway.parseNotification(raw({ ...signed, order_id, signature_key }));
    expect(notice.paymentId).toBe(order_id);
  });

  it('claims no state that we do not know', () => {
    const notice = gateway.parseNotification(raw({ ...signed, transaction_status: 'astonished' }));
    expect(notice).not.toHaveProperty('claimedState');
  });

  it('claims no payment while its fraud status is challenge', () => {
    const notice = gateway.parseNotification(raw({ ...signed, fraud_status: 'challenge' }));
    expect(notice.claimedState).toBe('pending');
  });

  const last = KNOWN_SIGNATURE.slice(-1) === '0' ? '1' : '0';
  it.each([
    ['another payment', { order_id: 'a1b2c4' }],
    ['another code', { status_code: '201' }],
    ['another amount', { gross_amount: '1.00' }],
    ['another spelling of the amount', { gross_amount: '10000.0' }],
    ['one wrong digit', { signature_key: KNOWN_SIGNATURE.slice(0, -1) + last }],
    ['upper case', { signature_key: KNOWN_SIGNATURE.toUpperCase() }],
    ['a part of it', { signature_key: KNOWN_SIGNATURE.slice(0, 64) }],
    ['more than it', { signature_key: `${KNOWN_SIGNATURE}00` }],
    ['nothing', { signature_key: '' }],
    ['none at all', { signature_key: undefined }],
    ['no text', { signature_key: [KNOWN_SIGNATURE] }],
    ['a megabyte', { signature_key: '0'.repeat(1_000_000) }],
    ['another key', { signature_key: signatureKey('a1b2c3', '200', '10000.00', 'another') }],
    ['no key', { signature_key: signatureKey('a1b2c3', '200', '10000.00', '') }],
  ])('signed with %s is not from Midtrans', (_, fields) => {
    expect(() => gateway.parseNotification(raw({ ...signed, ...fields }))).toThrow(BadSignature);
  });

  it.each([
    ['a digit moved from the id to the code', { order_id: 'a1b2c', status_code: '3200' }],
    [
      'and one on to the amount',
      { order_id: 'a1b2c', status_code: '320', gross_amount: '010000.00' },
    ],
    ['no payment', { order_id: undefined }],
    ['an empty id', { order_id: '' }],
    ['an amount below zero', { gross_amount: -10_000 }],
    ['an amount that is no number', { gross_amount: null }],
    ['an amount in words', { gross_amount: 'ten' }],
    ['no status', { transaction_status: undefined }],
    ['a status that is a list', { transaction_status: ['settlement'] }],
  ])('with %s is malformed', (_, fields) => {
    expect(() => gateway.parseNotification(raw({ ...signed, ...fields }))).toThrow(BadNotification);
  });

  it.each([
    ['empty', ''],
    ['not JSON', 'order_id=a1b2c3'],
    ['half', JSON.stringify(signed).slice(0, -5)],
    ['null', 'null'],
    ['a number', '42'],
    ['a list of notifications', [signed]],
    ['2,000 lists deep', '['.repeat(2_000) + ']'.repeat(2_000)],
    ['2,000 objects deep', `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
  ])('that is %s is malformed', (_, body) => {
    expect(() => gateway.parseNotification(raw(body))).toThrow(BadNotification);
  });

  it('keeps 2,000 levels in a field that nobody reads', () => {
    const deep: unknown = JSON.parse('['.repeat(2_000) + ']'.repeat(2_000));
    expect(gateway.parseNotification(raw({ ...signed, metadata: deep }))).toMatchObject({
      paymentId: 'a1b2c3',
    });
  });
});

describe('the look-alike notifies', () => {
  let midtrans: MidtransLookalike;
  let gateway: MidtransGateway;
  let webhook: Server;
  let received: PaymentNotification[];
  let answers: number[];
  let paymentId: string;

  beforeEach(async () => {
    [received, answers, paymentId] = [[], [], newPaymentId()];
    webhook = createServer(async (request, response) => {
      received.push(gateway.parseNotification(await buffer(request)));
      response.writeHead(answers.shift() ?? 200).end();
    });
    await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
    const webhookUrl = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`;
    midtrans = await MidtransLookalike.start({ webhookUrl, retryDelaysMs: [0, 0, 0, 0, 0] });
    gateway = new MidtransGateway(midtrans);
    await gateway.charge({ paymentId, amount: 10_000 });
    await midtrans.notifier.idle();
  });

  afterEach(async () => {
    await midtrans.close();
    webhook.closeAllConnections();
    webhook.close();
  });

  const words = () => received.map((notice) => notice.description);

  it('of everything that happens, signed as the adapter expects', async () => {
    midtrans.payments.expire(paymentId);
    await midtrans.notifier.idle();
    midtrans.payments.settle(paymentId);
    await midtrans.notifier.idle();
    midtrans.payments.refund(paymentId);
    await midtrans.notifier.idle();
    expect(words()).toEqual(['pending 201', 'expire 202', 'settlement 200', 'refund 200']);
    expect(received.every((notice) => notice.paymentId === paymentId)).toBe(true);
  });

  it.each([
    [200, 0],
    [302, 0],
    [500, 1],
    [400, 2],
    [404, 2],
    [503, 4],
    [401, 5],
  ])('again when answered %d: %d times', async (answer, repeats) => {
    answers = Array<number>(10).fill(answer);
    midtrans.payments.settle(paymentId);
    await midtrans.notifier.idle();
    expect(words().slice(1)).toEqual(Array<string>(repeats + 1).fill('settlement 200'));
  });

  it('twice, in reverse, or not at all when configured to', async () => {
    midtrans.notifier.copies = 2;
    midtrans.notifier.hold();
    midtrans.payments.deny(paymentId);
    midtrans.payments.settle(paymentId);
    await midtrans.notifier.release('reversed');
    const settled = ['settlement 200', 'settlement 200'];
    expect(words().slice(1)).toEqual([...settled, 'deny 202', 'deny 202']);
    midtrans.notifier.dropping = true;
    midtrans.payments.refund(paymentId);
    await midtrans.notifier.idle();
    expect(received).toHaveLength(5);
  });

  it('the address that the charge named', async () => {
    const notificationUrl = midtrans.notifier.webhookUrl ?? '';
    midtrans.notifier.webhookUrl = undefined;
    gateway = new MidtransGateway({
      serverKey: midtrans.serverKey,
      baseUrl: midtrans.baseUrl,
      notificationUrl,
    });
    paymentId = newPaymentId();
    await gateway.charge({ paymentId, amount: 1 });
    await midtrans.notifier.idle();
    expect(received.at(-1)).toMatchObject({ paymentId, claimedState: 'pending' });
  });
});
