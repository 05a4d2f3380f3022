import { describe, expect, it } from 'vitest';
import { ReleaseReasonSchema } from '../../../src/protocol/item.js';
import { OrderStatusSchema } from '../../../src/protocol/order.js';
import { hostSocket } from '../../support/client.js';
import { host } from '../../support/host.js';
import { buyer } from '../../support/orders.js';
import { startRedis } from '../../support/redis-server.js';
import { startServer, type TestServer } from '../../support/server.js';
import { until } from '../../support/until.js';

/** The value of one series of /metrics; NaN when it is not there. */
async function metric(server: TestServer, series: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const found = text.split('\n').find((line) => line.startsWith(`${series} `));
  return Number(found?.slice(series.length + 1) ?? Number.NaN);
}

describe('the metrics', () => {
  it('count what happened once over several servers, whoever watches', async () => {
    const { url: redisUrl } = await startRedis();
    const servers = [await startServer({ redisUrl }), await startServer({ redisUrl })] as const;
    const sum = async (series: string) => {
      const seen = await Promise.all(servers.map((one) => metric(one, series)));
      return seen.reduce((total, value) => total + value, 0);
    };
    const seller = host(servers[0]);
    const stage = await seller.stage(20);
    const watcher = await hostSocket(servers[0], seller.shop);
    await watcher.ask('live:join', { liveId: stage.liveId });
    const buyers = [
      await buyer(servers[0], seller.shop, stage, 'ani'),
      await buyer(servers[1], seller.shop, stage, 'budi'),
    ] as const;
    const series = (name: string, label: string) => `livehold_${name}_total{${label}}`;
    const awaiting = series('orders', 'status="awaiting_payment"');
    const expired = series('orders', 'status="expired"');
    const released = series('releases', 'reason="order_expired"');
    for (const name of [awaiting, expired, released]) expect(await sum(name)).toBe(0);

    await seller.settings({ order: { onlineCheckoutAutoExpireMinutes: 0.005 } });
    const placed = [await buyers[0].buy({ quantity: 2 }), await buyers[1].buy({ quantity: 3 })];
    for (const [i, { orderId }] of placed.entries()) await buyers[i]?.told(orderId, 'expired');
    await seller.settings({ order: { onlineCheckoutAutoExpireMinutes: 60 } });
    const kept = await buyers[1].buy();
    const requestId = 'again';
    await buyers[1].book(1);
    const { checkoutId } = await buyers[1].checkout();
    const cancelled = await buyers[1].place(checkoutId, 'bank_transfer', requestId);
    await buyers[1].place(checkoutId, 'bank_transfer', requestId);
    await buyers[1].client.ask('order:cancel', { orderId: cancelled.orderId });
    await seller.post(`/orders/${kept.orderId}/confirm-payment`);

    // Told by the stream, which may be faster than the script's answer to the server that counts.
    await until('both endings are counted', async () => (await sum(expired)) >= 2);
    expect(await sum(expired)).toBe(2);
    expect(await sum(awaiting)).toBe(4);
    expect(await sum(released)).toBe(5);
    expect(await sum(series('orders', 'status="cancelled"'))).toBe(1);
    expect(await sum(series('releases', 'reason="order_cancelled"'))).toBe(1);
    expect(await sum(series('orders', 'status="paid"'))).toBe(1);
    expect(await sum(series('payment_notices', 'outcome="paid",reason="in_time"'))).toBe(1);
  });

  it('begin at 0, so that the first of each is an increase', async () => {
    const fresh = await startServer({ redisUrl: (await startRedis()).url });
    for (const series of [
      ...['accepted', 'SOLD_OUT', 'STORE_UNAVAILABLE'].map((o) => `bookings_total{outcome="${o}"}`),
      ...OrderStatusSchema.options.map((status) => `orders_total{status="${status}"}`),
      ...ReleaseReasonSchema.options.map((reason) => `releases_total{reason="${reason}"}`),
      'payment_notices_total{outcome="paid",reason="in_time"}',
      'payment_notices_total{outcome="needs_refund",reason="paid_twice"}',
      'payment_notices_total{outcome="ignored",reason="unknown_payment"}',
    ]) {
      expect([series, await metric(fresh, `livehold_${series}`)]).toEqual([series, 0]);
    }
  });
});
