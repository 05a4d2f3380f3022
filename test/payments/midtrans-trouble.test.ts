import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  GatewayRefused,
  GatewayUnavailable,
  newPaymentId,
} from '../../src/services/payments/gateway.js';
import { MidtransGateway } from '../../src/services/payments/midtrans.js';
import { MidtransLookalike } from './midtrans-lookalike.js';

const TIMEOUT_MS = 200;
/** Generous, so that a busy machine does not fail the bound; without the timeout the answer takes a minute. */
const BOUND_MS = 3_000;

let midtrans: MidtransLookalike;
let gateway: MidtransGateway;
let paymentId: string;

beforeEach(async () => {
  midtrans = await MidtransLookalike.start();
  gateway = connect();
  paymentId = newPaymentId();
});

afterEach(async () => {
  await midtrans.close();
});

function connect(options: { serverKey?: string; timeoutMs?: number } = {}): MidtransGateway {
  return new MidtransGateway({
    serverKey: midtrans.serverKey,
    baseUrl: midtrans.baseUrl,
    ...options,
  });
}

describe('a gateway in trouble', () => {
  const operations: [string, () => Promise<unknown>][] = [
    ['charge', () => gateway.charge({ paymentId, amount: 10_000 })],
    ['status', () => gateway.status(paymentId)],
    ['close', () => gateway.close(paymentId)],
  ];

  it.each(operations)('%s gives up on a slow one within its timeout', async (_, operation) => {
    gateway = connect({ timeoutMs: TIMEOUT_MS });
    midtrans.slow(60_000);
    const started = performance.now();
    await expect(operation()).rejects.toThrow(GatewayUnavailable);
    expect(performance.now() - started).toBeLessThan(BOUND_MS);
  });

  it('spends one timeout on both calls of a close', async () => {
    await gateway.charge({ paymentId, amount: 10_000 });
    gateway = connect({ timeoutMs: 600 });
    midtrans.slow(400);
    await expect(gateway.close(paymentId)).rejects.toThrow(GatewayUnavailable);
  });

  it('gives up on an answer that never ends', async () => {
    const dribbling = createServer((_, response) => void response.writeHead(200).write('{"status'));
    await new Promise<void>((resolve) => dribbling.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(dribbling.address() as AddressInfo).port}`;
    gateway = new MidtransGateway({ serverKey: 'k', baseUrl, timeoutMs: TIMEOUT_MS });
    const started = performance.now();
    await expect(gateway.status(paymentId)).rejects.toThrow(GatewayUnavailable);
    expect(performance.now() - started).toBeLessThan(BOUND_MS);
    dribbling.closeAllConnections();
    dribbling.close();
  });

  it.each(operations)(
    '%s is unavailable while it is down, and works again after',
    async (_, operation) => {
      await midtrans.goDown();
      await expect(operation()).rejects.toThrow(GatewayUnavailable);
      await midtrans.comeBack();
      midtrans.fail();
      await expect(operation()).rejects.toThrow(GatewayUnavailable);
      midtrans.fail(false);
      await expect(operation()).resolves.not.toThrow();
    },
  );

  const unusable: [string, number, unknown][] = [
    ['a code of 500 in HTTP 200', 200, { status_code: '500', status_message: 'internal' }],
    ['too many requests', 429, { status_code: '429', status_message: 'rate limit' }],
    ["a proxy's 404", 404, '<html>not here</html>'],
    ["a proxy's JSON", 404, { error: 'no route' }],
    ['nothing', 200, ''],
    ['half an answer', 200, '{"status_code":"200"'],
    ['null', 200, 'null'],
    ['a list', 200, '[]'],
    ['a code and nothing else', 200, { status_code: '200' }],
    ['an answer of 2,000 levels', 200, '['.repeat(2_000) + ']'.repeat(2_000)],
  ];

  it.each(unusable)('concludes nothing from %s', async (_, httpStatus, body) => {
    for (const [, operation] of operations) {
      midtrans.answerNext(httpStatus, body);
      midtrans.answerNext(httpStatus, body);
      await expect(operation()).rejects.toThrow(GatewayUnavailable);
    }
  });

  it.each(operations)(
    '%s is refused with the wrong key, which appears nowhere',
    async (_, operation) => {
      const serverKey = 'SB-Mid-server-not-the-right-one';
      gateway = connect({ serverKey });
      const error: unknown = await operation().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(GatewayRefused);
      expect(error).toMatchObject({ code: '401' });
      const unreachable = new MidtransGateway({ serverKey, baseUrl: 'http://127.0.0.1:1' });
      const cut: unknown = await unreachable.status(paymentId).catch((reason: unknown) => reason);
      const printed = inspect([error, cut, gateway], { depth: 20, showHidden: true });
      expect(printed).not.toContain(serverKey);
      expect(printed).not.toContain(Buffer.from(`${serverKey}:`).toString('base64'));
    },
  );

  it('does not believe in a settlement that comes with HTTP 500', async () => {
    const settlement = {
      status_code: '200',
      order_id: paymentId,
      transaction_status: 'settlement',
      gross_amount: '10000.00',
    };
    midtrans.answerNext(500, settlement);
    await expect(gateway.status(paymentId)).rejects.toThrow(GatewayUnavailable);
  });

  it('does not take the key to another address', async () => {
    let visited = false;
    const elsewhere = createServer((_, response) => {
      visited = true;
      response.end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
    const redirecting = createServer((_, response) => response.writeHead(307, { location }).end());
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}`;
    gateway = new MidtransGateway({ serverKey: 'k', baseUrl });
    await expect(gateway.status(paymentId)).rejects.toThrow(GatewayUnavailable);
    expect(visited).toBe(false);
    for (const server of [elsewhere, redirecting]) {
      server.closeAllConnections();
      server.close();
    }
  });
});
