import { beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../src/protocol/errors.js';
import { ERRORS } from '../../../src/protocol/errors.js';
import {
  type HostClient,
  hostSocket,
  type ViewerClient,
  viewer,
  viewerWith,
} from '../../support/client.js';
import { fingerprint } from '../../support/fingerprint.js';
import { type Host, host } from '../../support/host.js';
import { startRedis } from '../../support/redis-server.js';
import { startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let seller: Host;
let ani: ViewerClient;
let budi: ViewerClient;
let anonymous: ViewerClient;
let console_: HostClient;

/** Names that the tables below stand for; the ids come with the stage. */
let known: Record<string, string>;
/** What there was before the first bad command, and still is after the last. */
let before: string;

beforeAll(async () => {
  const { url: redisUrl } = await startRedis();
  server = await startServer({ redisUrl });
  seller = host(server);
  const other = host(server);
  const { liveId, itemId } = await seller.stage(10);
  const closed = await seller.stage(10);
  await seller.patch(`/items/${closed.itemId}`, { open: false });
  const ended = await seller.stage(10);
  await seller.post(`/lives/${ended.liveId}/end`);
  const elsewhere = await other.stage(10);
  const scheduled = await seller.post<{ live: { liveId: string } }>('/lives', {
    title: 'Tomorrow',
    itemIds: [itemId],
  });
  ani = await viewer(server, seller.shop, 'ani');
  budi = await viewer(server, seller.shop, 'budi');
  anonymous = await viewerWith(server);
  console_ = await hostSocket(server, seller.shop);
  const book = async (who: ViewerClient, requestId: string) =>
    (await who.ask('booking:create', { liveId, itemId, quantity: 2, requestId })).booking.bookingId;
  const gone = await book(ani, 'gone');
  await ani.ask('booking:cancel', { bookingId: gone });
  known = {
    shop: seller.shop,
    live: liveId,
    item: itemId,
    mine: await book(ani, 'mine'),
    his: await book(budi, 'his'),
    gone,
    closedLive: closed.liveId,
    closedItem: closed.itemId,
    ended: ended.liveId,
    endedItem: ended.itemId,
    scheduled: scheduled.live.liveId,
    otherShop: other.shop,
    otherLive: elsewhere.liveId,
    otherItem: elsewhere.itemId,
  };
  before = await fingerprint(seller);
});

/** `$item` in a table becomes the item's id. */
function filled(payload: unknown): unknown {
  if (typeof payload === 'string' && payload.startsWith('$')) return known[payload.slice(1)];
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return payload;
  return Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, filled(value)]));
}

function nested(levels: number): unknown {
  let payload: unknown = 1;
  for (let i = 0; i < levels; i++) payload = [payload];
  return payload;
}

/** Refused by `client`, by a code of the catalogue, and nothing is different afterwards. */
async function refused(client: ViewerClient | HostClient, event: string, payload: unknown) {
  const ack = await client.send(event, payload);
  if (ack.ok) throw new Error(`${event} was accepted: ${JSON.stringify(ack.data)}`);
  expect(Object.keys(ERRORS)).toContain(ack.error.code);
  expect(ack.error.message).not.toBe('');
  expect(await fingerprint(seller)).toBe(before);
  return ack.error;
}

const book = { liveId: '$live', itemId: '$item', quantity: 1, requestId: 'new' };
const badIds = ['', 'a'.repeat(129), 'a b', 'a\nb', 'x\n', '{x}', 'a/b', 'é', 1, null, {}, ['a']];
const badQuantities = [0, -1, 1.5, '2', null, 2 ** 53, Number.NaN, [], {}, true, 10_000];

const bookings: [string, unknown, ErrorCode][] = [
  ...badQuantities.map((quantity): [string, unknown, ErrorCode] => [
    `quantity ${JSON.stringify(quantity)}`,
    { ...book, quantity },
    'VALIDATION',
  ]),
  ...(['liveId', 'itemId'] as const).flatMap((field) =>
    badIds.map((id): [string, unknown, ErrorCode] => [
      `${field} ${JSON.stringify(id)}`.slice(0, 40),
      { ...book, [field]: id },
      'VALIDATION',
    ]),
  ),
  ...['', 'r'.repeat(65), null, 7, ['r']].map((requestId): [string, unknown, ErrorCode] => [
    `requestId ${JSON.stringify(requestId)}`.slice(0, 40),
    { ...book, requestId },
    'VALIDATION',
  ]),
  ['no quantity', { liveId: '$live', itemId: '$item', requestId: 'new' }, 'VALIDATION'],
  ['no requestId', { liveId: '$live', itemId: '$item', quantity: 1 }, 'VALIDATION'],
  ['an item of that name: __proto__', { ...book, itemId: '__proto__' }, 'NOT_FOUND'],
  ['a live of that name: constructor', { ...book, liveId: 'constructor' }, 'NOT_FOUND'],
  ['an item that is not', { ...book, itemId: 'item_none' }, 'NOT_FOUND'],
  ['another shop’s item', { ...book, itemId: '$otherItem' }, 'NOT_FOUND'],
  ['another shop’s live', { ...book, liveId: '$otherLive' }, 'NOT_FOUND'],
  ['both of another shop', { ...book, liveId: '$otherLive', itemId: '$otherItem' }, 'NOT_FOUND'],
  ['an item not featured', { ...book, itemId: '$closedItem' }, 'NOT_FOUND'],
  ['a live not started', { ...book, liveId: '$scheduled' }, 'LIVE_NOT_OPEN'],
  ['an ended live', { ...book, liveId: '$ended', itemId: '$endedItem' }, 'LIVE_NOT_OPEN'],
  ['a closed item', { ...book, liveId: '$closedLive', itemId: '$closedItem' }, 'ITEM_CLOSED'],
  ['more than there are', { ...book, quantity: 9 }, 'INSUFFICIENT_STOCK'],
  ['a requestId used for another wish', { ...book, requestId: 'mine' }, 'REQUEST_CONFLICT'],
];

const others: [string, string, unknown, ErrorCode][] = [
  ['another viewer’s booking', 'booking:cancel', { bookingId: '$his' }, 'NOT_FOUND'],
  ['a booking that is not', 'booking:cancel', { bookingId: 'bk_none' }, 'NOT_FOUND'],
  ['a booking cancelled before', 'booking:cancel', { bookingId: '$gone' }, 'BOOKING_NOT_HELD'],
  ['more than is held', 'booking:cancel', { bookingId: '$mine', quantity: 3 }, 'VALIDATION'],
  ...badQuantities.map((quantity): [string, string, unknown, ErrorCode] => [
    `cancel quantity ${JSON.stringify(quantity)}`,
    'booking:cancel',
    { bookingId: '$mine', quantity },
    'VALIDATION',
  ]),
  [
    'a join with another shop',
    'live:join',
    { shopId: '$otherShop', liveId: '$otherLive' },
    'FORBIDDEN',
  ],
  ['a live of another shop', 'live:join', { shopId: '$shop', liveId: '$otherLive' }, 'NOT_FOUND'],
  ['a shop with braces', 'live:join', { shopId: '{x}', liveId: '$live' }, 'VALIDATION'],
  ['a live with a newline', 'live:join', { shopId: '$shop', liveId: 'a\nb' }, 'VALIDATION'],
  [
    'a checkout that is not: order:place',
    'order:place',
    { checkoutId: 'co_x', paymentMethod: 'qris', requestId: 'o' },
    'NOT_FOUND',
  ],
  ['a checkout that is not', 'checkout:leave', { checkoutId: 'co_none' }, 'NOT_FOUND'],
  ['an unknown way to pay', 'order:pay', { orderId: 'x', paymentMethod: 'cash' }, 'VALIDATION'],
  ['an order that is not', 'order:cancel', { orderId: 'order_none' }, 'NOT_FOUND'],
  ['an order that is not', 'order:transferred', { orderId: 'order_none' }, 'NOT_FOUND'],
  ['a place in line that is not', 'waitlist:leave', { entryId: 'wl_none' }, 'NOT_FOUND'],
];

const commands = [
  'live:join',
  'live:leave',
  'booking:create',
  'booking:cancel',
  'waitlist:join',
  'waitlist:leave',
  'checkout:leave',
  'order:place',
  'order:pay',
  'order:transferred',
  'order:cancel',
  'me:update',
];
const shapes: [string, unknown][] = [
  ['null', null],
  ['a string', 'hello'],
  ['a number', 7],
  ['an array', [{ ...book }]],
  ['an empty object', {}],
  ['2,000 levels', nested(2_000)],
  ['an object with 2,000 levels', { liveId: nested(2_000), bookingId: nested(2_000) }],
  ['own __proto__', JSON.parse('{"__proto__":{"liveId":"x","shopId":"x"}}')],
  ['bytes', Buffer.from('bytes')],
];

describe('a booking with', () => {
  it.each(bookings)('%s is refused', async (_, payload, code) => {
    expect(await refused(ani, 'booking:create', filled(payload))).toMatchObject({ code });
  });
});

describe('a place in line with', () => {
  // Judged like a booking; what could be booked now is refused as such.
  const alike = bookings.filter(([, , code]) => code !== 'INSUFFICIENT_STOCK');
  it.each(alike)('%s is refused', async (_, payload, code) => {
    expect(await refused(ani, 'waitlist:join', filled(payload))).toMatchObject({ code });
  });
  it('units that are there is refused', async () => {
    expect(await refused(ani, 'waitlist:join', filled(book))).toMatchObject({ code: 'IN_STOCK' });
  });
});

describe('a command with', () => {
  it.each(others)('%s is refused', async (_, event, payload, code) => {
    expect(await refused(ani, event, filled(payload))).toMatchObject({ code });
  });
});

describe.each(commands)('%s', (event) => {
  it.each(shapes)('refuses %s as payload', async (_, payload) => {
    expect((await refused(ani, event, payload)).code).toBe('VALIDATION');
  });
});

describe('who may not', () => {
  it.each(['booking:create', 'me:get', 'booking:cancel'])('anonymous: %s', async (event) => {
    const payload = filled({ ...book, bookingId: '$mine' });
    expect((await refused(anonymous, event, payload)).code).toBe('UNAUTHENTICATED');
  });

  it('a host book', async () => {
    expect((await refused(console_, 'booking:create', filled(book))).code).toBe('VALIDATION');
  });

  it('a host look into another shop’s live', async () => {
    const payload = filled({ liveId: '$otherLive' });
    expect((await refused(console_, 'live:join', payload)).code).toBe('NOT_FOUND');
  });

  it.each(['error', '__proto__', 'constructor', 'toString', 'booking:delete', ''])(
    'an event of no meaning: %j',
    async (event) => {
      expect((await refused(ani, event, {})).code).toBe('VALIDATION');
    },
  );
});
