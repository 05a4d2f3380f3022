import { beforeAll, describe, expect, it } from 'vitest';
import type { Health } from '../../../src/store/health/index.js';
import { viewer } from '../../support/client.js';
import { host } from '../../support/host.js';
import { type RedisServer, startRedis } from '../../support/redis-server.js';
import { startServer, type TestServer } from '../../support/server.js';
import { until } from '../../support/until.js';

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
});

/** The value of one line of /metrics, 0 when it is not there. */
async function metric(line: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? 0);
}

describe('health', () => {
  it('says that it is alive and ready', async () => {
    const alive = await fetch(`${server.url}/healthz`);
    expect({ status: alive.status, body: await alive.json() }).toMatchObject({
      status: 200,
      body: { ok: true },
    });
    // Pages of any origin ask whether the server can be reached.
    expect(alive.headers.get('access-control-allow-origin')).toBe('*');
    const ready = await fetch(`${server.url}/readyz`);
    expect({ status: ready.status, body: await ready.json() }).toEqual({
      status: 200,
      body: { ok: true, warnings: [], archive: 'none' },
    });
  });

  it('warns when Redis would lose what is written to it', async () => {
    const client = await redis.client();
    await client.configSet('appendonly', 'no');
    const { status, body } = await until('it warns', async () => {
      const ready = await fetch(`${server.url}/readyz`);
      const found = { status: ready.status, body: (await ready.json()) as Health };
      return found.body.warnings.length > 0 && found;
    });
    await client.configSet('appendonly', 'yes');
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { ok: true, warnings: [expect.stringContaining('appendonly')] },
    });
  });

  it('counts bookings, releases, sockets and script times', async () => {
    const seller = host(server);
    const { liveId, itemId } = await seller.stage(2);
    await seller.settings({ booking: { bookingTimeoutMinutes: 0.002 } });
    const sockets = await metric('livehold_sockets{namespace="/live"}');
    const ani = await viewer(server, seller.shop, 'ani');
    expect(await metric('livehold_sockets{namespace="/live"}')).toBe(sockets + 1);
    await ani.ask('live:join', { shopId: seller.shop, liveId });
    await ani.ask('booking:create', { liveId, itemId, quantity: 2, requestId: 'r1' });
    await ani.next('stock:released');
    await ani.emit('booking:create', { liveId, itemId, quantity: 3, requestId: 'r2' });

    expect(await metric('livehold_bookings_total{outcome="accepted"}')).toBe(1);
    expect(await metric('livehold_bookings_total{outcome="INSUFFICIENT_STOCK"}')).toBe(1);
    // Counted by the answer of the script that released, which the news of it may overtake.
    await until('the release is counted', async () => {
      const released = await metric('livehold_releases_total{reason="booking_expired"}');
      return released === 2 && (await metric('livehold_release_lateness_seconds_count')) >= 1;
    });
    expect(await metric('livehold_script_seconds_count{script="booking_create"}')).toBe(2);
    ani.drop();
    await until('the socket is counted off', async () => {
      return (await metric('livehold_sockets{namespace="/live"}')) === sockets;
    });
  });

  it('gives every answer the headers that pages need, and no page a foreign script', async () => {
    const response = await fetch(`${server.url}/api/v1/shops`);
    expect(response.headers.get('x-powered-by')).toBeNull();
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("default-src 'none'");
  });
});
