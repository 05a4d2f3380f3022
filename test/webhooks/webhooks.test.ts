import { Webhook as Verifier } from 'standardwebhooks';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../src/protocol/http.js';
import type { Webhook, WebhookDelivery } from '../../src/protocol/webhook.js';
import { type Host, host } from '../support/host.js';
import { buyer } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';
import { until } from '../support/until.js';
import { Receiver } from './receiver.js';

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url, WEBHOOK_ALLOW_PRIVATE: 'true' });
});

type Made = Webhook & { secret: string };

async function hook(seller: Host, url: string, types?: string[]): Promise<Made> {
  return (await seller.post<{ webhook: Made }>('/webhooks', { url, types })).webhook;
}

describe('a webhook', () => {
  it('receives the events of bookings and orders, signed so that the public library verifies them', async () => {
    const receiver = await Receiver.start();
    const seller = host(server);
    const { secret, ...webhook } = await hook(seller, receiver.url);
    expect(webhook).toMatchObject({ status: 'active', url: receiver.url });
    const stage = await seller.stage(5);
    const ani = await buyer(server, seller.shop, stage);
    const { orderId } = await ani.buy();
    await seller.post(`/orders/${orderId}/confirm-payment`);
    await seller.patch(`/orders/${orderId}`, { fulfilment: 'packed' });
    await seller.post(`/orders/${orderId}/refund`, { restock: true, requestId: 'r' });
    const cut = await ani.book(2);
    await ani.client.ask('booking:cancel', { bookingId: cut.bookingId, quantity: 1 });
    await seller.post(`/bookings/${cut.bookingId}/cancel`);
    await seller.post(`/bookings/${cut.bookingId}/restore`, { requestId: 'r2' });
    await seller.patch('/viewers/ani', { status: 'restricted' });
    await seller.post(`/lives/${stage.liveId}/end`);
    const { event, body, headers } = await receiver.next('live.ended');
    expect(new Verifier(secret).verify(body, headers)).toEqual(event);
    expect(headers['webhook-id']).toBe(event.id);
    // Of different orders, items and viewers up to eight are told at a time.
    for (const last of [
      'order.refunded',
      'refund.opened',
      'booking.restored',
      'item.changed',
      'stock.changed',
      'viewer.restricted',
    ] as const)
      await receiver.next(last);
    const types = receiver.events().map(({ type }) => type);
    const ofOrders = types.filter((type) => type.startsWith('order.'));
    expect(ofOrders).toEqual(['order.placed', 'order.paid', 'order.fulfilment', 'order.refunded']);
    const ofCut = receiver
      .events()
      .filter(({ data }) => (data.booking as { bookingId?: string })?.bookingId === cut.bookingId);
    expect(
      ofCut.map(({ type, data }) => [type, (data.booking as { quantity: number }).quantity]),
    ).toEqual([
      ['booking.created', 2],
      ['booking.cancelled', 1],
      ['booking.cancelled', 1],
      ['booking.restored', 1],
    ]);
    expect(types).toContain('live.started');
    expect(receiver.events('order.paid')[0]?.data).toMatchObject({
      order: { orderId, status: 'paid' },
      viewer: { viewerId: 'ani' },
    });
    const { items } = await seller.get<Page<WebhookDelivery>>(
      `/webhooks/${webhook.webhookId}/deliveries?limit=200`,
    );
    expect(items.length).toBeGreaterThanOrEqual(types.length - 8);
    expect(items[0]).toMatchObject({ ok: true, status: 204 });
  });

  it('receives only its types, is replayed from a given event, and receives nothing once it is removed', async () => {
    const receiver = await Receiver.start();
    const seller = host(server);
    const { webhookId } = await hook(seller, receiver.url, ['live.started', 'live.ended']);
    const { liveId } = await seller.stage(1);
    await seller.post(`/lives/${liveId}/end`);
    await receiver.next('live.ended');
    const [started, ended] = receiver.events();
    expect(receiver.got.map(({ event }) => event.type)).toEqual(['live.started', 'live.ended']);
    await seller.post(`/webhooks/${webhookId}/replay`, { after: started?.id });
    await until('it is so', () => receiver.got.length === 3);
    expect(receiver.got[2]?.event).toEqual(ended);
    await seller.patch(`/webhooks/${webhookId}`, { status: 'off' });
    await seller.post(`/lives/${liveId}/start`);
    await seller.patch(`/webhooks/${webhookId}`, { status: 'active' });
    await until('it is so', () => receiver.got.length === 4);
    expect((await seller.call('DELETE', `/webhooks/${webhookId}`)).body).toEqual({ removed: true });
    expect((await seller.call('GET', `/webhooks/${webhookId}/deliveries`)).status).toBe(404);
    expect((await seller.get<Page<Webhook>>('/webhooks')).items).toEqual([]);
  });

  it('tries again what was not taken, in the order of each order, and follows no redirect', async () => {
    const receiver = await Receiver.start();
    const seller = host(server);
    const { webhookId } = await hook(seller, `${receiver.url}/hook`, [
      'live.started',
      'live.ended',
    ]);
    let answers = 0;
    receiver.answers = () => [302, 500, 204][answers++] ?? 204;
    const { liveId } = await seller.stage(1);
    await seller.post(`/lives/${liveId}/end`);
    await until('it is so', async () => {
      const { items } = await seller.get<Page<Webhook>>('/webhooks');
      return items[0]?.failingSince !== undefined;
    });
    await receiver.next('live.ended');
    expect(receiver.got.map(({ event }) => event.type)).toEqual(['live.started', 'live.ended']);
    expect(new Set(receiver.paths)).toEqual(new Set(['/hook']));
    await until('it is so', async () => {
      const path = `/webhooks/${webhookId}/deliveries`;
      const { items } = await seller.get<Page<WebhookDelivery>>(path);
      const got = items.map(({ status }) => status).reverse();
      return got.join() === '302,500,204,204';
    });
    const { items } = await seller.get<Page<Webhook>>('/webhooks');
    expect(items[0]).not.toHaveProperty('failingSince');
  });

  it('goes back when it is replayed, also while something is on its way', async () => {
    const receiver = await Receiver.start();
    const seller = host(server);
    const types = ['live.started', 'live.ended'];
    const { webhookId } = await hook(seller, receiver.url, types);
    const { liveId } = await seller.stage(1);
    await seller.post(`/lives/${liveId}/end`);
    await receiver.next('live.ended');
    const [started, ended] = receiver.events();
    let release: (status: number) => void = () => {};
    const held = new Promise<number>((resolve) => {
      release = resolve;
    });
    receiver.answers = () => held;
    const sent = receiver.paths.length;
    await seller.post(`/lives/${liveId}/start`);
    await until('it is sent', () => receiver.paths.length > sent);
    await seller.post(`/webhooks/${webhookId}/replay`, { after: started?.id });
    release(204);
    await until('what came after the place is sent again', () => {
      return receiver.got.filter(({ event }) => event.id === ended?.id).length === 2;
    });
  });

  it('receives every event once, however many servers there are', async () => {
    await startServer({ redisUrl: redis.url, WEBHOOK_ALLOW_PRIVATE: 'true' });
    const receiver = await Receiver.start();
    const seller = host(server);
    await hook(seller, receiver.url, ['live.started', 'live.ended']);
    const { liveId } = await seller.stage(1);
    await receiver.next('live.started');
    for (let times = 1; times <= 20; times++) {
      await seller.post(`/lives/${liveId}/end`);
      await receiver.next('live.ended', times);
      await seller.post(`/lives/${liveId}/start`);
      await receiver.next('live.started', times + 1);
    }
    expect(receiver.got).toHaveLength(41);
  });

  it('is signed with the old secret, too, after a new one was made, and shows neither again', async () => {
    const receiver = await Receiver.start();
    const seller = host(server);
    const { webhookId, secret: old } = await hook(seller, receiver.url, ['live.started']);
    const patched = await seller.patch<{ webhook: Made }>(`/webhooks/${webhookId}`, {
      rotateSecret: true,
    });
    await seller.stage(1);
    const { body, headers } = await receiver.next('live.started');
    for (const secret of [old, patched.webhook.secret])
      expect(new Verifier(secret).verify(body, headers)).toMatchObject({ type: 'live.started' });
    expect(JSON.stringify(await seller.get('/webhooks'))).not.toContain('whsec_');
    const client = await redis.client();
    const kept = await client.hGetAll(`livehold:{${seller.shop}}:webhook:${webhookId}`);
    expect(JSON.stringify(kept)).not.toContain(old.slice(6));
  });

  it('that has failed for three days is switched off and says so', async () => {
    const receiver = await Receiver.start();
    const seller = host(server);
    const { webhookId } = await hook(seller, receiver.url, ['live.started']);
    receiver.answers = () => 410;
    await seller.stage(1);
    const state = async () => (await seller.get<Page<Webhook>>('/webhooks')).items[0];
    await until('it is so', async () => (await state())?.failingSince !== undefined);
    const client = await redis.client();
    const daysAgo = String(Date.now() - 3 * 86_400_000 - 1_000);
    await client.hSet(`livehold:{${seller.shop}}:webhook:${webhookId}`, 'failingSince', daysAgo);
    await until('it is so', async () => (await state())?.status === 'off');
    expect(await state()).toMatchObject({ reason: 'failed for three days' });
    receiver.answers = () => 204;
    await seller.patch(`/webhooks/${webhookId}`, { status: 'active' });
    await receiver.next('live.started');
  });

  it('never goes to a private address, whatever it is called', async () => {
    const strict = await startServer({ redisUrl: (await startRedis()).url });
    const receiver = await Receiver.start();
    const { port } = new URL(receiver.url);
    const seller = host(strict);
    const hosts = [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '10.1.2.3',
      '0.0.0.0',
      '169.254.169.254',
      '2130706433',
    ];
    const made: Made[] = [];
    for (const name of hosts)
      made.push(await hook(seller, `https://${name}:${port}/`, ['live.started']));
    made.push(await hook(seller, receiver.url, ['live.started']));
    await seller.stage(1);
    for (const { webhookId, url } of made) {
      let last: WebhookDelivery | undefined;
      await until('it is so', async () => {
        const path = `/webhooks/${webhookId}/deliveries`;
        last = (await seller.get<Page<WebhookDelivery>>(path)).items[0];
        return last !== undefined;
      });
      const why = url.startsWith('https')
        ? 'leads to a private address'
        : 'is not an https address';
      expect([url, last?.error]).toEqual([url, why]);
    }
    expect(receiver.paths).toEqual([]);
  });

  it('is the owner’s alone, and must be sound', async () => {
    const seller = host(server);
    const { webhookId } = await hook(seller, 'https://example.com/', ['live.ended']);
    const helper = signToken({ sub: 'h', shop: seller.shop, role: 'host', staff: 'helper' });
    for (const [method, path] of [
      ['GET', '/webhooks'],
      ['POST', '/webhooks'],
      ['PATCH', `/webhooks/${webhookId}`],
      ['DELETE', `/webhooks/${webhookId}`],
      ['GET', `/webhooks/${webhookId}/deliveries`],
      ['POST', `/webhooks/${webhookId}/replay`],
    ] as const)
      expect(
        (await seller.call(method, path, method === 'GET' ? undefined : {}, helper)).status,
      ).toBe(403);
    for (const body of [
      {},
      { url: 'ftp://x' },
      { url: 'https://a:b@x.example' },
      { url: 'https://x.example', types: ['no'] },
    ])
      expect((await seller.call('POST', '/webhooks', body)).status).toBe(400);
    const other = host(server);
    expect((await other.call('PATCH', `/webhooks/${webhookId}`, {})).status).toBe(404);
    for (let n = 0; n < 9; n++) await hook(seller, 'https://example.com/', ['live.ended']);
    expect(await seller.call('POST', '/webhooks', { url: 'https://example.com/' })).toMatchObject({
      body: { error: { code: 'VALIDATION', details: { limit: 10 } } },
    });
  });
});
