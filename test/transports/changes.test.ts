import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../src/protocol/http.js';
import type { Change } from '../../src/protocol/staff.js';
import { type Host, host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
});

const changesOf = async (owner: Host, query = '') =>
  await owner.get<Page<Change>>(`/changes${query}`);

describe('who changed what', () => {
  it('is kept of every host, with the names of the fields and no values', async () => {
    const owner = host(server);
    const item = await owner.createItem(5);
    await owner.settings({ order: { ppnPercent: 11 }, booking: { minReputation: 5 } });
    const sari = signToken({
      sub: 'sari',
      shop: owner.shop,
      role: 'host',
      name: 'Sari',
      staff: 'helper',
    });
    await owner.call('PATCH', `/items/${item.itemId}`, { price: 12_345 }, sari);
    await owner.call('PUT', '/payment-gateway', {
      provider: 'midtrans',
      serverKey: 'SB-secret-key',
    });
    await owner.call('DELETE', '/payment-gateway');
    const { items } = await changesOf(owner);
    expect(items).toMatchObject([
      { call: 'DELETE /payment-gateway' },
      { call: 'PUT /payment-gateway', by: 'host', name: 'Host', fields: ['provider', 'serverKey'] },
      { call: 'PATCH /items/:id', id: item.itemId, by: 'sari', name: 'Sari', fields: ['price'] },
      { call: 'PATCH /settings', fields: ['order.ppnPercent', 'booking.minReputation'] },
      { call: 'POST /items', by: 'host' },
    ]);
    expect(JSON.stringify(items)).not.toMatch(/12345|secret/);
    const first = await changesOf(owner, '?limit=3');
    const rest = await changesOf(owner, `?limit=3&cursor=${first.nextCursor}`);
    expect([...first.items, ...rest.items]).toEqual(items);
  });

  it('leaves out what was refused, and what only looks', async () => {
    const owner = host(server);
    expect((await owner.call('PATCH', '/items/nothing', { price: 1 })).status).toBe(404);
    expect((await owner.call('PATCH', '/settings', { order: { ppnPercent: -1 } })).status).toBe(
      400,
    );
    expect((await owner.call('POST', '/payment-gateway/test')).status).toBe(200);
    await owner.get('/items');
    expect((await changesOf(owner)).items).toEqual([]);
  });

  it('is the owner’s to read, of this shop alone', async () => {
    const owner = host(server);
    await owner.createItem(1);
    expect((await changesOf(host(server))).items).toEqual([]);
    const helper = signToken({ sub: 'h', shop: owner.shop, role: 'host', staff: 'helper' });
    expect((await owner.call('GET', '/changes', undefined, helper)).status).toBe(403);
  });
});
