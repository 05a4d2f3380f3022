import { beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '../../src/protocol/order.js';
import { untilAuditOk } from '../support/audit.js';
import { viewerWith } from '../support/client.js';
import { type Host, host, type Stage } from '../support/host.js';
import { type Buyer, buyer, stockOf } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';

let server: TestServer;
let seller: Host;
let stage: Stage;
let ani: Buyer;
let order: Order;
let checkoutId: string;

/** One shop for all: nothing that is refused may change anything in it. */
beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
  seller = host(server);
  stage = await seller.stage(10);
  ani = await buyer(server, seller.shop, stage);
  order = await ani.buy({ quantity: 2 });
  await ani.book(1);
  checkoutId = (await ani.checkout()).checkoutId;
});

async function everything() {
  const me = await ani.client.ask('me:get', {});
  return { me, stock: await stockOf(seller, stage.itemId) };
}

const long = 'x'.repeat(129);
const notIds = [undefined, null, '', 7, true, {}, [], 'a b', '{x}', 'ü', long, ['x'], { $gt: '' }];
const notMethods = [undefined, null, '', 'cash', 'QRIS', 1, ['qris'], { toString: 'qris' }];
const notRequestIds = [undefined, null, '', 7, {}, [], 'x'.repeat(65)];
const notObjects = [undefined, null, 'text', 7, true, []];

type Bad = [string, () => Record<string, unknown>, string, unknown[]];
const commands: Bad[] = [
  ['checkout:leave', () => ({ checkoutId }), 'checkoutId', notIds],
  ['order:place', placing, 'checkoutId', notIds],
  ['order:place', placing, 'paymentMethod', notMethods],
  ['order:place', placing, 'requestId', notRequestIds],
  ['order:pay', paying, 'orderId', notIds],
  ['order:pay', paying, 'paymentMethod', notMethods],
  ['order:cancel', () => ({ orderId: order.orderId }), 'orderId', notIds],
];

function placing() {
  return { checkoutId, paymentMethod: 'bank_transfer', requestId: 'r' };
}

function paying() {
  return { orderId: order.orderId, paymentMethod: 'qris' };
}

describe('a command', () => {
  it.each(commands)(
    '%s with a bad field is refused: case %#',
    async (name, sound, field, values) => {
      const before = await everything();
      for (const value of values) {
        const ack = await ani.client.send(name, { ...sound(), [field]: value });
        expect(ack).toMatchObject({ ok: false, error: { code: 'VALIDATION' } });
      }
      expect(await everything()).toEqual(before);
    },
  );

  it.each(['checkout:start', 'checkout:leave', 'order:place', 'order:pay', 'order:cancel'])(
    '%s without an object is refused',
    async (name) => {
      const before = await everything();
      for (const payload of notObjects) {
        const ack = await ani.client.send(name, payload);
        expect(ack).toMatchObject({ ok: false, error: { code: 'VALIDATION' } });
      }
      expect(await everything()).toEqual(before);
    },
  );

  it.each([
    ['checkout:leave', { checkoutId: 'unknown' }],
    ['order:place', { checkoutId: 'unknown', paymentMethod: 'qris', requestId: 'r' }],
    ['order:pay', { orderId: 'unknown', paymentMethod: 'qris' }],
    ['order:cancel', { orderId: 'unknown' }],
    ['order:cancel', { orderId: '__proto__' }],
  ])('%s of what does not exist finds nothing', async (name, payload) => {
    const ack = await ani.client.send(name, payload);
    expect(ack).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
  });

  it.each([
    ['nobody', () => undefined, 'UNAUTHENTICATED'],
    ['a host', () => signToken({ sub: 'host', shop: seller.shop, role: 'host' }), 'FORBIDDEN'],
  ])('of %s is refused', async (_, token, code) => {
    const stranger = await viewerWith(server, token());
    const sound = { 'order:place': placing(), 'order:pay': paying(), 'checkout:start': {} };
    for (const [name, payload] of [
      ...Object.entries(sound),
      ['order:cancel', { orderId: order.orderId }] as const,
      ['checkout:leave', { checkoutId }] as const,
    ]) {
      expect(await stranger.send(name, payload)).toMatchObject({ ok: false, error: { code } });
    }
  });
});

const routes = [
  ['GET', '/orders'],
  ['GET', '/orders/:id'],
  ['GET', '/orders.csv'],
  ['POST', '/orders/:id/confirm-payment'],
  ['POST', '/orders/:id/cancel'],
  ['GET', '/payment-notices'],
  ['GET', '/viewers'],
  ['GET', '/viewers/ani/reputation'],
] as const;

describe('a route', () => {
  it.each(routes)('%s %s is for the host alone', async (method, path) => {
    const before = await everything();
    const mine = path.replace(':id', order.orderId);
    const { shop } = seller;
    for (const [token, status, code] of [
      ['', 401, 'UNAUTHENTICATED'],
      ['nonsense', 401, 'UNAUTHENTICATED'],
      [signToken({ sub: 'h', shop, role: 'host' }, 'another secret'), 401, 'UNAUTHENTICATED'],
      [signToken({ sub: 'h', shop, role: 'host', exp: 1 }), 401, 'UNAUTHENTICATED'],
      [signToken({ sub: 'ani', shop, role: 'viewer' }), 403, 'FORBIDDEN'],
    ] as const) {
      const answer = await seller.call(method, mine, undefined, token);
      expect(answer).toMatchObject({ status, body: { error: { code } } });
    }
    expect(await everything()).toEqual(before);
  });

  it.each(routes.filter(([, path]) => path.includes(':id')))(
    '%s %s finds neither what does not exist nor another shop’s',
    async (method, path) => {
      const before = await everything();
      const missing = { status: 404, body: { error: { code: 'NOT_FOUND' } } };
      for (const id of ['unknown', '__proto__', 'or_', 'constructor']) {
        expect(await seller.call(method, path.replace(':id', id))).toMatchObject(missing);
      }
      const stranger = host(server);
      const theirs = await stranger.call(method, path.replace(':id', order.orderId));
      expect(theirs).toMatchObject(missing);
      for (const id of ['a%20b', '%7Bx%7D', long, '%00']) {
        expect(await seller.call(method, path.replace(':id', id))).toMatchObject({
          status: 400,
          body: { error: { code: 'VALIDATION' } },
        });
      }
      expect(await everything()).toEqual(before);
    },
  );

  it.each([
    '/payment-notices?limit=0',
    '/payment-notices?limit=201',
    '/payment-notices?colour=red',
    '/viewers?minReputation=-1',
    '/viewers?maxReputation=ten',
    '/viewers/ani/reputation?limit=x',
  ])('GET %s is refused', async (path) => {
    const answer = await seller.call('GET', path);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'VALIDATION' } } });
  });
});

it('all of this left the books in order', async () => {
  await untilAuditOk(seller);
});
