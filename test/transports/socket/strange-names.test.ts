import { beforeAll, describe, expect, it } from 'vitest';
import { untilAuditOk } from '../../support/audit.js';
import { hostSocket, viewerWith } from '../../support/client.js';
import { host } from '../../support/host.js';
import { startRedis } from '../../support/redis-server.js';
import { startServer, type TestServer } from '../../support/server.js';
import { signToken } from '../../support/tokens.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
});

const names = [
  'Ani "Ratu" Wati',
  'back\\slash',
  'Budi 🛍️ Ṡéller 👩‍👩‍👧',
  '{"viewerId":"admin"}',
  '<script>alert(1)</script>',
  '%s %d %.0f %%',
  '100',
  'null',
];
/** What is given, and what everybody is told. */
const cleaned: [string, string][] = [
  ['line\nbreak\ttab', 'line break tab'],
  ['Ani\u2028\u2029\u0000\u007f', 'Ani'],
  ['Ani \u202Eidalrem\u2066', 'Ani idalrem'],
  ['Sari\uD83D', 'Sari'],
  ['e\u0301', 'é'],
];
/** A token with such a name lets in all the same, without it. */
const unseen = ['\u0000\u0001\u001f\u007f', '\u2028\u2029', '\u200B\u2060\uFEFF', ' \u3164\u2800 '];
const ids = ['__proto__', 'constructor', 'a.b:c@d+e|f-g_h', '100', '1e5', '-1'];

async function buys(name: string, id: string) {
  const seller = host(server);
  const { liveId, itemId } = await seller.stage(10);
  await seller.settings({ booking: { cancelPenaltyPerItem: 5 } });
  const itemName = unseen.includes(name) ? 'x' : name;
  await seller.patch(`/items/${itemId}`, { name: itemName, sku: itemName.slice(0, 60) });
  await seller.patch(`/lives/${liveId}`, { title: itemName });
  const desk = await hostSocket(server, seller.shop);
  await desk.ask('live:join', { liveId });
  const token = signToken({ sub: id, shop: seller.shop, role: 'viewer', name });
  const client = await viewerWith(server, token);
  const snapshot = await client.ask('live:join', { shopId: seller.shop, liveId });
  const request = { liveId, itemId, quantity: 2, requestId: name.slice(0, 64) };
  const { booking, item } = await client.ask('booking:create', request);
  const again = await client.ask('booking:create', request);
  const told = await desk.next('booking:updated');
  await client.ask('booking:cancel', { bookingId: booking.bookingId, quantity: 1 });
  const change = await desk.next('reputation:changed');
  return { seller, snapshot, booking, item, again, told, change, itemName, client, id };
}

describe('a viewer, an item and a live', () => {
  it.each([
    ...names.map((name): [string, string] => [name, name]),
    ...cleaned,
    ...unseen.map((name): [string, string] => [name, '']),
  ])('called %j are told of as %j', async (given, name) => {
    const { seller, snapshot, booking, item, again, told, change } = await buys(given, 'v');
    expect(snapshot.me?.name).toBe(name);
    expect(snapshot.live.title).toBe(name || 'x');
    expect(item).toMatchObject({ name: name || 'x', available: 8, booked: 2 });
    expect(again).toEqual({ booking, item });
    expect(told).toEqual({ booking, viewer: { viewerId: 'v', name, reputation: 100 } });
    expect(change.viewer).toEqual({ viewerId: 'v', name, reputation: 95 });
    expect((await seller.viewer('v'))?.name).toBe(name);
    await untilAuditOk(seller);
  });

  it.each(ids)('with the id %j is a viewer like any other', async (id) => {
    const { seller, booking, told, client } = await buys('Ani', id);
    expect(booking.viewerId).toBe(id);
    expect(told.viewer).toEqual({ viewerId: id, name: 'Ani', reputation: 100 });
    expect((await client.ask('me:get', {})).bookings).toMatchObject([{ quantity: 1 }]);
    const path = `/viewers/${encodeURIComponent(id)}/reputation`;
    expect(await seller.get(path)).toMatchObject({ items: [{ delta: -5, after: 95 }] });
    await untilAuditOk(seller);
  });
});
