import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PaymentGatewayView } from '../../src/protocol/payment-gateway.js';
import { shopKey } from '../../src/store/keys.js';
import { MidtransLookalike } from '../payments/midtrans-lookalike.js';
import { signatureKey } from '../payments/midtrans-transactions.js';
import { atEnd } from '../support/at-end.js';
import { untilAuditOk } from '../support/audit.js';
import { viewerWith } from '../support/client.js';
import { type Host, host } from '../support/host.js';
import { askNow } from '../support/midtrans-server.js';
import { type Buyer, buyer, orderOf, paymentIdOf, refundsOf, stockOf } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { AUTH_SECRET, signToken } from '../support/tokens.js';

let redis: RedisServer;
/** The account of the server's owner, and those of two shops. */
let theirs: MidtransLookalike;
let ours: MidtransLookalike;
let another: MidtransLookalike;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  [theirs, ours, another] = await Promise.all([account(), account(), account()]);
  server = await startServer({
    redisUrl: redis.url,
    PAYMENTS: 'midtrans',
    MIDTRANS_SERVER_KEY: theirs.serverKey,
    MIDTRANS_BASE_URL: theirs.baseUrl,
  });
});

beforeEach(() => {
  for (const one of [theirs, ours, another]) {
    one.notifier.dropping = false;
    one.notifier.webhookUrl = `${server.url}/api/v1/webhooks/midtrans`;
  }
});

async function account(): Promise<MidtransLookalike> {
  const lookalike = await MidtransLookalike.start({ retryDelaysMs: [] });
  atEnd(() => lookalike.close());
  return lookalike;
}

const set = (seller: Host, { serverKey, baseUrl }: { serverKey: string; baseUrl: string }) =>
  seller.call('PUT', '/payment-gateway', { provider: 'midtrans', serverKey, baseUrl });
const view = async (seller: Host) =>
  (await seller.get<{ paymentGateway: PaymentGatewayView }>('/payment-gateway')).paymentGateway;
const charged = (lookalike: MidtransLookalike) =>
  lookalike.requests.filter(({ path }) => path === '/v2/charge').length;

async function opened(own?: MidtransLookalike, on: TestServer = server) {
  const seller = host(on);
  const stage = await seller.stage(10);
  if (own) expect((await set(seller, own)).status).toBe(200);
  return { seller, stage, ani: await buyer(on, seller.shop, stage) };
}

async function ordered(ani: Buyer, at: MidtransLookalike) {
  const order = await ani.buy({ quantity: 2, method: 'qris' });
  await at.notifier.idle();
  return order;
}

describe('a shop’s own account', () => {
  it('charges, has its notifications verified with its own key, and is queried with it', async () => {
    const { seller, stage, ani } = await opened(ours);
    const before = [charged(theirs), charged(ours)];
    const order = await ordered(ani, ours);
    expect([charged(theirs), charged(ours)]).toEqual([before[0], (before[1] ?? 0) + 1]);
    ours.payments.settle(paymentIdOf(order));
    await ani.told(order.orderId, 'paid');
    await ours.notifier.idle();
    expect(ours.notifier.deliveries.at(-1)).toMatchObject({ httpStatus: 200 });
    expect(await stockOf(seller, stage.itemId)).toMatchObject({ sold: 2 });

    await seller.post(`/orders/${order.orderId}/refund`, { restock: true, requestId: 'r' });
    const [open] = await refundsOf(seller, 'open');
    expect(open?.sendable).toBe(true);
    await seller.post(`/refunds/${open?.refundId}/send`);
    expect(ours.payments.refunded(paymentIdOf(order))).toBe(20_000);
    await untilAuditOk(seller);
  });

  it('is not believed when another account signs', async () => {
    const { seller, ani } = await opened(ours);
    const order = await ordered(ani, ours);
    const order_id = paymentIdOf(order);
    for (const { serverKey } of [theirs, another]) {
      const signature_key = signatureKey(order_id, '200', '20000.00', serverKey);
      const said = {
        status_code: '200',
        gross_amount: '20000.00',
        transaction_status: 'settlement',
      };
      const answer = await seller.call('POST', '/webhooks/midtrans', {
        order_id,
        ...said,
        signature_key,
      });
      expect(answer.status).toBe(401);
    }
    expect(await orderOf(seller, order.orderId)).toMatchObject({ status: 'awaiting_payment' });
  });

  it('may be switched while a payment is open: that one stays with its own', async () => {
    const { seller, ani } = await opened(ours);
    const order = await ordered(ani, ours);
    await set(seller, another);
    const next = await ordered(
      await buyer(server, seller.shop, await seller.stage(5), 'budi'),
      another,
    );
    ours.payments.settle(paymentIdOf(order));
    await ani.told(order.orderId, 'paid');

    // Found by asking, too, and closed where it was opened.
    another.notifier.dropping = true;
    another.payments.settle(paymentIdOf(next));
    expect((await seller.call('DELETE', '/payment-gateway')).status).toBe(200);
    await askNow(redis, seller.shop, paymentIdOf(next));
    await expect.poll(() => orderOf(seller, next.orderId)).toMatchObject({ status: 'paid' });
    const last = await ordered(ani, theirs);
    expect(theirs.requests.at(-1)?.path).toContain(paymentIdOf(last));
    await set(seller, ours);
    await ani.client.ask('order:pay', { orderId: last.orderId, paymentMethod: 'bank_transfer' });
    expect(theirs.requests.map(({ path }) => path)).toContain(`/v2/${paymentIdOf(last)}/cancel`);
    await untilAuditOk(seller);
  });

  it('is one shop’s alone', async () => {
    await opened(ours);
    const { seller, ani } = await opened();
    expect(await view(seller)).toMatchObject({ own: false });
    const before = charged(ours);
    await ordered(ani, theirs);
    expect(charged(ours)).toBe(before);
  });

  it('serves a shop on a server that has play money only', async () => {
    const sandbox = await startServer({ redisUrl: redis.url });
    ours.notifier.webhookUrl = `${sandbox.url}/api/v1/webhooks/midtrans`;
    const { seller, ani } = await opened(ours, sandbox);
    const order = await ordered(ani, ours);
    expect(order.payment).toMatchObject({ provider: 'midtrans' });
    ours.payments.settle(paymentIdOf(order));
    await ani.told(order.orderId, 'paid');
    await untilAuditOk(seller);
  });

  it('tries its dashboard’s test notice at an address of its own', async () => {
    const { seller } = await opened(ours);
    const order_id = `payment_notif_test_G1_${crypto.randomUUID()}`;
    const body = {
      order_id,
      status_code: '200',
      gross_amount: '1.00',
      transaction_status: 'settlement',
      signature_key: signatureKey(order_id, '200', '1.00', ours.serverKey),
    };
    expect((await seller.call('POST', '/webhooks/midtrans', body)).status).toBe(401);
    const path = `/webhooks/midtrans?shop=${seller.shop}`;
    expect((await seller.call('POST', path, body)).status).toBe(200);
    expect((await seller.call('POST', '/webhooks/midtrans?shop=none', body)).status).toBe(401);
  });
});

describe('the key', () => {
  it('is never answered, and nowhere in Redis', async () => {
    const { seller } = await opened();
    const answers = [
      await set(seller, ours),
      await seller.call('GET', '/payment-gateway'),
      await seller.call('DELETE', '/payment-gateway'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers[1]?.body.paymentGateway).toMatchObject({
      provider: 'midtrans',
      own: true,
      usable: true,
      baseUrl: ours.baseUrl,
      refunds: true,
      limits: { amount: 10_000_000 },
    });
    expect(JSON.stringify(answers)).not.toContain(ours.serverKey.slice(6));
    const kept = await (await redis.client()).hGetAll(`${shopKey(seller.shop)}:gateways`);
    expect(Object.keys(kept)).toHaveLength(2);
    expect(JSON.stringify(kept)).not.toContain(ours.serverKey.slice(6));
  });

  it('is read with the previous secret, and sealed again with the current one', async () => {
    const { seller, ani } = await opened(ours);
    const order = await ordered(ani, ours);
    const secret = 'another secret of the tests, long enough for production';
    const token = signToken({ sub: 'host', shop: seller.shop, role: 'host' }, secret);
    const viewOn = async (on: TestServer) =>
      (await host(on, seller.shop).call('GET', '/payment-gateway', undefined, token)).body
        .paymentGateway;

    const cut = await startServer({ redisUrl: redis.url, AUTH_SECRET: secret });
    expect(await viewOn(cut)).toMatchObject({ own: true, usable: false, baseUrl: ours.baseUrl });
    const budi = await viewerWith(
      cut,
      signToken({ sub: 'budi', shop: seller.shop, role: 'viewer' }, secret),
    );
    const { liveId, itemId } = await seller.stage(1);
    await budi.ask('booking:create', { liveId, itemId, quantity: 1, requestId: 'b' });
    const { checkout } = await budi.ask('checkout:start', {});
    const request = {
      checkoutId: checkout.checkoutId,
      paymentMethod: 'qris',
      requestId: 'r',
    } as const;
    expect(await budi.emit('order:place', request)).toMatchObject({
      error: { code: 'PAYMENT_UNAVAILABLE' },
    });
    ours.notifier.webhookUrl = `${cut.url}/api/v1/webhooks/midtrans`;
    ours.payments.settle(paymentIdOf(order));
    await ours.notifier.idle();
    expect(ours.notifier.deliveries.at(-1)).toMatchObject({ httpStatus: 503 });

    const rotated = await startServer({
      redisUrl: redis.url,
      AUTH_SECRET: secret,
      AUTH_SECRET_PREVIOUS: AUTH_SECRET,
    });
    expect(await viewOn(rotated)).toMatchObject({ usable: true });
    expect(await viewOn(cut)).toMatchObject({ usable: true });
    expect((await budi.ask('order:place', request)).order.payment).toMatchObject({
      status: 'pending',
    });
  });
});

describe('what cannot be an account', () => {
  it.each([
    ['no key', { serverKey: undefined }],
    ['an empty key', { serverKey: '' }],
    ['a key with blanks', { serverKey: 'SB-Mid server-key' }],
    ['a key with blanks around it', { serverKey: ' SB-Mid-server-key ' }],
    ['a key of blanks', { serverKey: '          ' }],
    ['a key with a line break', { serverKey: 'SB-Mid-server-key\n' }],
    ['a key of a few characters', { serverKey: 'SB-Mid' }],
    ['a key without end', { serverKey: 'k'.repeat(257) }],
    ['a key that is no text', { serverKey: 12_345_678 }],
    ['another provider', { provider: 'xendit' }],
    ['an address that is none', { baseUrl: 'midtrans' }],
    ['an address of another kind', { baseUrl: 'ftp://api.midtrans.com' }],
    ['a field that there is not', { clientKey: 'SB-Mid-client-key' }],
  ])('%s is refused, and nothing changes', async (_, fields) => {
    const { seller } = await opened(ours);
    const sound = { provider: 'midtrans', serverKey: another.serverKey, baseUrl: another.baseUrl };
    const answer = await seller.call('PUT', '/payment-gateway', { ...sound, ...fields });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'VALIDATION' } } });
    expect(await view(seller)).toMatchObject({ own: true, baseUrl: ours.baseUrl });
  });

  it('is shown to nobody but the owner', async () => {
    const { seller } = await opened(ours);
    const helper = signToken({ sub: 'h', shop: seller.shop, role: 'host', staff: 'helper' });
    const viewer = signToken({ sub: 'v', shop: seller.shop, role: 'viewer' });
    const body = { provider: 'midtrans', serverKey: another.serverKey, baseUrl: another.baseUrl };
    for (const token of [helper, viewer]) {
      for (const method of ['GET', 'PUT', 'DELETE']) {
        const sent = method === 'PUT' ? body : undefined;
        const answer = await seller.call(method, '/payment-gateway', sent, token);
        expect(answer).toMatchObject({ status: 403, body: { error: { code: 'FORBIDDEN' } } });
      }
      const refunds = await seller.call('GET', '/refunds', undefined, token);
      expect(refunds.status).toBe(403);
    }
    expect(await view(seller)).toMatchObject({ baseUrl: ours.baseUrl });
  });
});

describe('an order over what one QRIS payment takes', () => {
  async function dear(price: number) {
    const seller = host(server);
    const stage = await seller.stage(1);
    const item = await seller.createItem(5, price);
    await seller.patch(`/lives/${stage.liveId}`, { itemIds: [item.itemId] });
    const ani = await buyer(server, seller.shop, stage);
    return { seller, item, ani };
  }

  it('is refused before anything is charged, and can be paid by transfer', async () => {
    const { seller, item, ani } = await dear(10_000_001);
    await ani.book(1, item.itemId);
    const { checkoutId } = await ani.checkout();
    const before = [charged(theirs), await ani.client.ask('me:get', {})];
    const request = { checkoutId, paymentMethod: 'qris', requestId: 'r1' } as const;
    const refusal = {
      ok: false,
      error: { code: 'VALIDATION', details: { limit: 10_000_000, instead: 'bank_transfer' } },
    };
    expect(await ani.client.emit('order:place', request)).toMatchObject(refusal);
    expect([charged(theirs), await ani.client.ask('me:get', {})]).toEqual(before);

    const order = await ani.place(checkoutId, 'bank_transfer', 'r1');
    const pay = { orderId: order.orderId, paymentMethod: 'qris' } as const;
    expect(await ani.client.emit('order:pay', pay)).toMatchObject(refusal);
    expect(charged(theirs)).toBe(before[0]);
    expect(await orderOf(seller, order.orderId)).toEqual(order);
    await seller.post(`/orders/${order.orderId}/confirm-payment`);
    await untilAuditOk(seller);
  });

  it('and one of just that much is charged', async () => {
    const { item, ani } = await dear(10_000_000);
    const order = await ani.buy({ itemId: item.itemId, method: 'qris' });
    expect(order.payment).toMatchObject({ amount: 10_000_000, status: 'pending' });
  });
});
