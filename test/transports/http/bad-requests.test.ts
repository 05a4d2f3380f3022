import { beforeAll, describe, expect, it } from 'vitest';
import { ErrorBodySchema, type ErrorCode } from '../../../src/protocol/errors.js';
import { viewer } from '../../support/client.js';
import { fingerprint } from '../../support/fingerprint.js';
import { type Answer, type Host, host } from '../../support/host.js';
import { startRedis } from '../../support/redis-server.js';
import { startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let seller: Host;
let known: Record<string, string>;
/** What there was before the first bad request, and still is after the last. */
let before: string;

beforeAll(async () => {
  const { url: redisUrl } = await startRedis();
  server = await startServer({ redisUrl });
  seller = host(server);
  const other = host(server);
  const { liveId, itemId } = await seller.stage(10);
  const elsewhere = await other.stage(10);
  const ani = await viewer(server, seller.shop, 'ani');
  const request = { liveId, itemId, quantity: 1, requestId: 'r1' };
  const { bookingId } = (await ani.ask('booking:create', request)).booking;
  await seller.post(`/bookings/${bookingId}/cancel`);
  const doni = await viewer(server, other.shop, 'doni');
  const his = await doni.ask('booking:create', {
    liveId: elsewhere.liveId,
    itemId: elsewhere.itemId,
    quantity: 1,
    requestId: 'r1',
  });
  const { items } = await seller.get<{ items: { code: string }[] }>('/items');
  known = {
    item: itemId,
    unfeatured: (await seller.createItem(1)).itemId,
    live: liveId,
    gone: bookingId,
    code: items[0]?.code ?? '',
    otherItem: elsewhere.itemId,
    otherLive: elsewhere.liveId,
    otherBooking: his.booking.bookingId,
  };
  before = await fingerprint(seller);
});

const filled = (text: string) => text.replace(/\$(\w+)/g, (_, name) => known[name] ?? '');

/** Refused with the code, in the catalogue's form, and nothing is different afterwards. */
async function refused(call: () => Promise<Answer>, status: number, code: ErrorCode) {
  const answer = await call();
  expect(answer).toMatchObject({ status, body: { error: { code } } });
  ErrorBodySchema.parse(answer.body.error);
  expect(await fingerprint(seller)).toBe(before);
}

const item = { sku: 'S', code: 'NEW', name: 'N', price: 1, stock: 1 };
const live = { title: 'T', itemIds: [] };

/** Method, path, body, what is wrong with it. Each is VALIDATION. */
const malformed: [string, string, unknown, string][] = [
  ...Object.keys(item).map((field): [string, string, unknown, string] => [
    'POST',
    '/items',
    { ...item, [field]: undefined },
    `no ${field}`,
  ]),
  ...[-1, 1.5, '1', null, 2 ** 53, 1e10 + 1].map((price): [string, string, unknown, string] => [
    'POST',
    '/items',
    { ...item, price },
    `price ${price}`,
  ]),
  ...[-1, 1.5, '1', null, 2 ** 53].map((stock): [string, string, unknown, string] => [
    'POST',
    '/items',
    { ...item, stock },
    `stock ${stock}`,
  ]),
  ['POST', '/items', { ...item, name: '  ' }, 'a blank name'],
  ['POST', '/items', { ...item, name: 'n'.repeat(201) }, 'a name too long'],
  ['POST', '/items', { ...item, name: '\u200B\u2060\u3164' }, 'a name that is not to be seen'],
  ['POST', '/items', { ...item, code: '\uFEFF\u0000' }, 'a code that is not to be seen'],
  ['POST', '/items', { ...item, imageUrl: 'javascript:alert(1)' }, 'a script as picture'],
  ['POST', '/items', { ...item, imageUrl: '//evil.example/x.png' }, 'another host as a path'],
  ['POST', '/items', { ...item, sold: 5 }, 'an unknown field'],
  ['POST', '/items', '{"__proto__":{"sku":"S"}}', 'own __proto__'],
  ['PATCH', '/items/$item', { available: 99 }, 'stock by the back door'],
  ['PATCH', '/items/$item', { price: -5 }, 'a negative price'],
  ['PATCH', '/items/$item', { open: 'yes' }, 'open as text'],
  ...[0, 1.5, '5', null, 2 ** 53, undefined].map((quantity): [string, string, unknown, string] => [
    'POST',
    '/items/$item/restock',
    { quantity, requestId: 'd' },
    `restock of ${quantity}`,
  ]),
  ['POST', '/items/$item/restock', { quantity: 1 }, 'restock without requestId'],
  ['POST', '/items/$item/restock', { quantity: 1e9, requestId: 'd' }, 'more than can be counted'],
  ['POST', '/lives', { ...live, title: '' }, 'no title'],
  ['POST', '/lives', { ...live, itemIds: 'all' }, 'items as text'],
  ['POST', '/lives', { ...live, itemIds: ['$item', '$item'] }, 'an item twice'],
  ['POST', '/lives', { ...live, videoUrl: 'http://video.example' }, 'a video without https'],
  ['POST', '/lives', { ...live, videoUrl: 'javascript:alert(1)' }, 'a script as video'],
  ['POST', '/lives', { ...live, status: 'live' }, 'a status by the back door'],
  ['PATCH', '/lives/$live', { pinnedItemId: '$unfeatured' }, 'a pin that is not featured'],
  ['PATCH', '/viewers/ani', { status: 'banned' }, 'an unknown status'],
  ['PATCH', '/viewers/ani', { reputation: 100 }, 'reputation by the back door'],
  ['GET', '/items?limit=0', undefined, 'a limit of 0'],
  ['GET', '/items?limit=201', undefined, 'a limit over 200'],
  ['GET', '/items?limit=ten', undefined, 'a limit in words'],
  ['GET', '/items?cursor=item_none', undefined, 'a cursor from nowhere'],
  ['GET', '/bookings?cursor=x/y', undefined, 'a cursor of no live'],
  ['GET', '/items?page=2', undefined, 'an unknown parameter'],
  ['GET', '/items?limit=1&limit=2', undefined, 'a parameter twice'],
  ['GET', '/bookings?status=lost', undefined, 'an unknown booking status'],
  ['GET', '/bookings?liveId=a%0Ab', undefined, 'a newline in an id'],
  ['GET', '/viewers?minReputation=101', undefined, 'a reputation over 100'],
  ['GET', '/items/%7Bx%7D', undefined, 'braces in an id'],
  ['GET', '/items/%', undefined, 'a path that cannot be decoded'],
  ['POST', '/items', '{"sku":', 'half a JSON'],
  ['POST', '/items', 'null', 'null as body'],
  ['POST', '/items', '[]', 'a list as body'],
  ['POST', '/items', '"text"', 'text as body'],
  ['POST', '/items', undefined, 'no body'],
  ['POST', '/items', '['.repeat(2_000) + ']'.repeat(2_000), 'a body 2,000 levels deep'],
];

const unfound: [string, string, unknown][] = [
  ['PATCH', '/lives/$live', { pinnedItemId: 'item_none' }],
  ['PATCH', '/lives/$live', { pinnedItemId: '$otherItem' }],
  ['GET', '/items/item_none', undefined],
  ['GET', '/items/__proto__', undefined],
  ['GET', '/items/$otherItem', undefined],
  ['PATCH', '/items/$otherItem', { price: 1 }],
  ['POST', '/items/$otherItem/restock', { quantity: 5, requestId: 'd' }],
  ['GET', '/lives/$otherLive', undefined],
  ['PATCH', '/lives/$otherLive', { title: 'Mine now' }],
  ['POST', '/lives/$otherLive/end', undefined],
  ['POST', '/lives', { ...live, itemIds: ['$otherItem'] }],
  ['PATCH', '/lives/$live', { itemIds: ['item_none'] }],
  ['POST', '/bookings/$otherBooking/cancel', undefined],
  ['POST', '/bookings/bk_none/cancel', undefined],
  ['PATCH', '/viewers/doni', { status: 'restricted' }],
  ['GET', '/viewers/doni/reputation', undefined],
  ['GET', '/orders/order_none', undefined],
  ['POST', '/orders/order_none/confirm-payment', undefined],
  ['GET', '/nothing', undefined],
  ['PATCH', '/audit', {}],
];

const text = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body));

describe('over HTTP', () => {
  it.each(malformed)('%s %s refuses %j (%s)', async (method, path, body) => {
    const sent = body === undefined ? undefined : filled(text(body));
    await refused(() => seller.call(method, filled(path), sent), 400, 'VALIDATION');
  });

  it.each(unfound)('%s %s finds nothing', async (method, path, body) => {
    const sent = body === undefined ? undefined : filled(text(body));
    await refused(() => seller.call(method, filled(path), sent), 404, 'NOT_FOUND');
  });

  it('a booking that has ended cannot be cancelled by the host', async () => {
    const call = () => seller.call('POST', filled('/bookings/$gone/cancel'));
    await refused(call, 409, 'BOOKING_NOT_HELD');
  });

  it('more than is available cannot be taken away', async () => {
    const call = () => seller.restock(known.item ?? '', -11);
    await refused(call, 409, 'INSUFFICIENT_STOCK');
  });

  it('a body over the limit is refused', async () => {
    const call = () => seller.call('POST', '/items', { ...item, name: 'n'.repeat(100_000) });
    await refused(call, 413, 'VALIDATION');
  });

  it('bodies of other kinds are not read', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const response = await fetch(`${server.url}/api/v1/shops/${seller.shop}/guests`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: 'name=Ani',
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { code: 'VALIDATION' } });
    }
    expect(await fingerprint(seller)).toBe(before);
  });
});
