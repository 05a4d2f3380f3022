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
  'line\nbreak\ttab',
  '\u0000\u0001\u001f\u007f',
  '\u2028\u2029',
  'Budi 🛍️ Ṡéller',
  '{"viewerId":"admin"}',
  '<script>alert(1)</script>',
  '%s %d %.0f %%',
  '100',
  'null',
];
const ids = ['__proto__', 'constructor', 'a.b:c@d+e|f-g_h', '100', '1e5', '-1'];

async function buys(name: string, id: string) {
  const seller = host(server);
  const { liveId, itemId } = await seller.stage(10);
  await seller.settings({ booking: { cancelPenaltyPerItem: 5 } });
  const itemName = name.trim() || 'x';
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
  it.each(names)('called %j are told of as they are called', async (name) => {
    const { seller, snapshot, booking, item, again, told, change, itemName } = await buys(
      name,
      'v',
    );
    expect(snapshot.me?.name).toBe(name);
    expect(snapshot.live.title).toBe(itemName);
    expect(item).toMatchObject({ name: itemName, available: 8, booked: 2 });
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
