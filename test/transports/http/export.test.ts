import { beforeAll, describe, expect, it } from 'vitest';
import { host } from '../../support/host.js';
import { buyer } from '../../support/orders.js';
import { startRedis } from '../../support/redis-server.js';
import { startServer, type TestServer } from '../../support/server.js';
import { signToken } from '../../support/tokens.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
});

describe('GET /export', () => {
  const exported = async (shop: string, query: string, staff?: string) => {
    const token = signToken({ sub: 'host', shop, role: 'host', ...(staff && { staff }) });
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${server.url}/api/v1/export?${query}`, { headers });
    const text = await response.text();
    const lines = text.split('\n').slice(0, -1);
    const isRows = response.headers.get('content-type')?.startsWith('application/x-ndjson');
    return { status: response.status, rows: isRows ? lines.map((line) => JSON.parse(line)) : [] };
  };

  it('writes every record of a kind and time, more than a page of them', async () => {
    const seller = host(server);
    await seller.settings({ booking: { cancelPenaltyPerItem: 1 } });
    const stage = await seller.stage(300);
    const ani = await buyer(server, seller.shop, stage);
    const taken = await Promise.all(Array.from({ length: 130 }, () => ani.book()));
    await Promise.all(
      taken.map(({ bookingId }) => ani.client.ask('booking:cancel', { bookingId })),
    );
    const budi = await buyer(server, seller.shop, stage, 'budi');
    await Promise.all(Array.from({ length: 90 }, () => budi.book()));
    const { checkoutId } = await budi.checkout();
    const { orderId, createdAt } = await budi.place(checkoutId);
    const { rows: bookings } = await exported(seller.shop, 'kind=bookings');
    expect(new Set(bookings.map(({ bookingId }) => bookingId)).size).toBe(220);
    expect(bookings[0]).toMatchObject({ viewer: { viewerId: 'budi' }, status: 'ordered' });
    const { rows: orders } = await exported(seller.shop, `kind=orders&from=${createdAt}`);
    expect(orders).toMatchObject([{ orderId, viewer: { viewerId: 'budi' } }]);
    expect((await exported(seller.shop, `kind=orders&to=${createdAt}`)).rows).toEqual([]);
    const { rows: ledger } = await exported(seller.shop, 'kind=ledger');
    expect(ledger.filter(({ viewerId }) => viewerId === 'ani').length).toBeGreaterThanOrEqual(100);
    const { rows: events } = await exported(seller.shop, 'kind=events');
    const made = events.filter(({ type }) => type === 'booking.created');
    expect(made.length).toBe(220);
    const { rows: later } = await exported(seller.shop, `kind=events&from=${createdAt}`);
    expect(later.map(({ type }) => type)).toContain('order.placed');
    expect(later.every(({ at }) => at >= createdAt)).toBe(true);
  });

  it('has reports beside it, which need an archive', async () => {
    const none = await host(server).call('GET', '/reports/lives/lv_1');
    expect(none).toMatchObject({ status: 404, body: { error: { details: { archive: 'none' } } } });
  });

  it('is the owner’s alone, and names what is wrong with a query', async () => {
    const { shop } = host(server);
    expect((await exported(shop, 'kind=orders', 'helper')).status).toBe(403);
    expect((await exported(shop, 'kind=viewers')).status).toBe(400);
    expect(await exported(shop, 'kind=orders')).toEqual({ status: 200, rows: [] });
  });
});
