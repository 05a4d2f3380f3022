import { beforeAll, describe, expect, it } from 'vitest';
import { hostSocket } from '../support/client.js';
import { type Host, host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';

let server: TestServer;
let owner: Host;
let helper: string;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
  owner = host(server);
  helper = tokenOf('helper');
});

function tokenOf(staff: unknown): string {
  return signToken({ sub: 'sari', shop: owner.shop, role: 'host', name: 'Sari', staff });
}

const call = (method: string, path: string, body?: unknown) =>
  owner.call(method, path, body, helper);

describe('a host’s helper', () => {
  it('does everything of a live night', async () => {
    const { liveId, itemId } = await owner.stage(5);
    const restock = { quantity: 1, requestId: 'r1' };
    for (const [method, path, body] of [
      ['GET', '/settings'],
      ['GET', '/orders'],
      ['PATCH', `/items/${itemId}`, { price: 9_000 }],
      ['POST', `/items/${itemId}/restock`, restock],
      ['PATCH', `/lives/${liveId}`, { pinnedItemId: itemId }],
      ['POST', `/lives/${liveId}/end`],
    ] as const) {
      expect({ path, status: (await call(method, path, body)).status }).toEqual({
        path,
        status: 200,
      });
    }
    const socket = await hostSocket(server, owner.shop, helper);
    expect(await socket.emit('live:join', { liveId })).toMatchObject({ ok: true });
  });

  it('changes nothing that is the owner’s alone', async () => {
    const settings = { booking: { minReputation: 50 } };
    for (const [path, body] of [
      ['/settings', settings],
      ['/shop', { name: 'Toko Sari' }],
    ] as const) {
      expect(await call('PATCH', path, body)).toMatchObject({
        status: 403,
        body: { error: { code: 'FORBIDDEN', details: { staff: 'helper' } } },
      });
    }
    expect((await owner.settings({})).booking.minReputation).toBe(0);
  });

  it('is rejected with an unknown role', async () => {
    for (const staff of ['manager', 'Helper', true, {}]) {
      const { status, body } = await owner.call('GET', '/items', undefined, tokenOf(staff));
      expect({ staff, status, details: body.error.details }).toEqual({
        staff,
        status: 401,
        details: { token: 'lacks a sound staff' },
      });
    }
  });
});
