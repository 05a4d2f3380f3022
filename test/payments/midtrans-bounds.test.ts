import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayUnavailable, newPaymentId } from '../../src/services/payments/gateway.js';
import { MidtransGateway } from '../../src/services/payments/midtrans.js';
import { MidtransLookalike } from './midtrans-lookalike.js';

let midtrans: MidtransLookalike;
let gateway: MidtransGateway;
let paymentId: string;

beforeEach(async () => {
  midtrans = await MidtransLookalike.start();
  gateway = new MidtransGateway(midtrans);
  paymentId = newPaymentId();
});

afterEach(() => midtrans.close());

/** The next charge is answered as Midtrans does, but for these fields. */
function chargeAnswers(fields: object): void {
  midtrans.answerNext(200, {
    status_code: '201',
    order_id: paymentId,
    transaction_status: 'pending',
    gross_amount: '10000.00',
    transaction_time: '2026-03-01 12:00:00',
    qr_string: '00020101021226620014COM.GO-JEK.WWW6304ABCD',
    ...fields,
  });
}

const charge = () => gateway.charge({ paymentId, amount: 10_000 });

describe('the expiry of a charge', () => {
  it.each([undefined, null, ''])('that is %j counts from the transaction time', async (text) => {
    chargeAnswers({ expiry_time: text });
    const expiresAt = Date.parse('2026-03-01T12:15:00+07:00');
    expect(await charge()).toMatchObject({ expiresAt });
  });

  it.each([
    '2027-02-29 12:00:00',
    '2026-04-31 12:00:00',
    '2026-13-01 12:00:00',
    '2026-03-01 24:00:00',
    '2026-03-01 12:60:00',
    '2026-03-01T12:15:00+07:00',
    'soon',
  ])('of %s is no time, and what it says is kept for the log', async (expiry_time) => {
    chargeAnswers({ expiry_time });
    const answer = await charge();
    expect(answer).toMatchObject({ expiryText: expiry_time });
    expect(answer).not.toHaveProperty('expiresAt');
  });

  it.each([undefined, null, '', '2026-02-30 12:00:00', 7])(
    'without one and with a transaction time of %j is not known',
    async (transaction_time) => {
      chargeAnswers({ transaction_time });
      expect(await charge()).not.toHaveProperty('expiresAt');
    },
  );
});

describe('the QR of a charge', () => {
  const url = 'https://api.midtrans.com/v2/qris/7/qr-code';

  it('that no QR code can hold is not taken; its picture is', async () => {
    chargeAnswers({
      qr_string: '0'.repeat(300_000),
      actions: [{ name: 'generate-qr-code', url }],
    });
    const answer = await charge();
    expect(answer).toMatchObject({ qrImageUrl: url });
    expect(answer).not.toHaveProperty('qrString');
  });

  it.each([
    ['no picture', undefined],
    ['a picture at an address without end', [{ name: 'generate-qr-code', url: url.repeat(99) }]],
    ['pictures that are no list', 'generate-qr-code'],
  ])('with %s either is none', async (_, actions) => {
    chargeAnswers({ qr_string: '0'.repeat(300_000), actions });
    await expect(charge()).rejects.toThrow(GatewayUnavailable);
  });
});

describe('the amount of a charge', () => {
  it('may have the payer’s fee in it', async () => {
    const gross_amount_info = { original_amount: '10000', customer_imposed_payment_fee: '71' };
    chargeAnswers({ gross_amount: '10071.00', metadata: { extra_info: { gross_amount_info } } });
    expect(await charge()).toMatchObject({ qrString: expect.any(String) });
  });

  it.each([undefined, null, ''])('that is %j is the one asked for', async (gross_amount) => {
    chargeAnswers({ gross_amount });
    expect(await charge()).toMatchObject({ qrString: expect.any(String) });
  });
});

describe('an answer of 200 MB', () => {
  const PART = Buffer.alloc(1_024 * 1_024, '0');
  let endless: Server;
  let sent: number;

  beforeEach(async () => {
    sent = 0;
    endless = createServer(async (_, response) => {
      response.on('error', () => {});
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"status_code":"');
      for (; sent < 200 && !response.destroyed; sent++) {
        if (!response.write(PART))
          await Promise.race([once(response, 'drain'), once(response, 'close')]);
      }
      response.end('"}');
    });
    endless.listen(0, '127.0.0.1');
    await once(endless, 'listening');
  });

  afterEach(() => {
    endless.closeAllConnections();
    endless.close();
  });

  it('is read no further than a few hundred KB', async () => {
    const baseUrl = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
    const before = process.memoryUsage.rss();
    gateway = new MidtransGateway({ serverKey: 'k', baseUrl });
    await expect(gateway.status(paymentId)).rejects.toThrow(GatewayUnavailable);
    // What stands in the buffers of both ends, and no more.
    expect(sent).toBeLessThan(20);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1_024 * 1_024);
  });
});
