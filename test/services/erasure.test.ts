import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HostOrder, Page } from '../../src/protocol/http.js';
import type { ItemView } from '../../src/protocol/item.js';
import type { PersonExport } from '../../src/protocol/person.js';
import type { PublicEvent } from '../../src/protocol/webhook.js';
import { type Host, host } from '../support/host.js';
import { type Buyer, buyer, eventsOf } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';
import { until } from '../support/until.js';

let redis: RedisServer;
let server: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
});

/** What is looked for afterwards: in no other text of the tests. */
const SECRETS = ['Wulandari', '81298765432', 'Melati 77', 'titip satpam', 'wulan_77', 'BCA a.n. W'];

interface Person {
  seller: Host;
  wulan: Buyer;
  orderId: string;
}

/** Somebody who bought, wrote, was paid back and was corrected. */
async function person(): Promise<Person> {
  const seller = host(server);
  const stage = await seller.stage(20);
  const { liveId } = stage;
  // A code that is read as one in a comment.
  const item = { sku: 'A1', code: 'A1', name: 'Gamis', price: 10_000, stock: 9 };
  const { itemId } = (await seller.post<{ item: ItemView }>('/items', item)).item;
  await seller.patch(`/lives/${liveId}`, { itemIds: [stage.itemId, itemId] });
  await seller.post('/comments', {
    liveId,
    source: 'tiktok',
    commentId: '1',
    authorId: 'Wulan_77',
    authorName: 'Ibu Wulandari',
    text: 'keep A1 ya, dari Wulandari',
  });
  const { items: found } = await seller.get<Page<{ viewerId: string }>>('/viewers?q=wulandari');
  const viewerId = found[0]?.viewerId ?? '';
  const wulan = await buyer(server, seller.shop, stage, viewerId);
  const { checkoutId } = await wulan.checkout();
  const placed = await wulan.client.ask('order:place', {
    checkoutId,
    paymentMethod: 'bank_transfer',
    requestId: randomUUID(),
    recipient: { name: 'Ibu Wulandari', phone: '0812 9876 5432', address: 'Jl. Melati 77' },
    note: 'titip satpam',
  });
  const { orderId } = placed.order;
  await seller.post(`/orders/${orderId}/confirm-payment`);
  await seller.patch(`/orders/${orderId}`, { fulfilment: 'packed', hostNote: 'Bu Wulandari baik' });
  await seller.post(`/viewers/${viewerId}/reputation`, {
    delta: -10,
    reason: 'Wulandari marah',
    requestId: 'sorry',
  });
  return { seller, wulan, orderId };
}

describe('erasing a person', () => {
  it('leaves their name, phone, address, handle and words in no file of Redis, and every sum as it was', async () => {
    const { seller, wulan, orderId } = await person();
    const { refund } = await seller.post<{ refund: { refundId: string } }>(
      `/orders/${orderId}/refund`,
      { restock: false, requestId: 'r' },
    );
    const busy = await seller.call('DELETE', `/viewers/${wulan.id}`);
    expect(busy.body.error).toMatchObject({
      code: 'VIEWER_BUSY',
      details: { bookings: 0, orders: 0, refunds: 1 },
    });
    await seller.post(`/refunds/${refund.refundId}/done`, { note: 'BCA a.n. W', requestId: 'd' });
    const before = await seller.get<{ order: HostOrder }>(`/orders/${orderId}`);
    const ids = await eventIds(seller);

    expect((await seller.call('DELETE', `/viewers/${wulan.id}`)).body).toEqual({ erased: true });
    expect(await seller.call('DELETE', `/viewers/${wulan.id}`)).toMatchObject({ status: 200 });

    const client = await redis.client();
    await client.sendCommand(['BGREWRITEAOF']);
    await until('the files are written anew', async () =>
      /aof_rewrite_in_progress:0[\s\S]*aof_last_bgrewrite_status:ok/.test(
        await client.info('persistence'),
      ),
    );
    await client.sendCommand(['SAVE']);
    expect(await grep(redis.folder)).toEqual([]);

    const { order } = await seller.get<{ order: HostOrder }>(`/orders/${orderId}`);
    const { recipient: _, note: __, hostNote: ___, ...kept } = before.order;
    const viewer = { viewerId: wulan.id, name: '', reputation: 0 };
    expect(order).toEqual({ ...kept, viewer });
    expect(await eventIds(seller)).toEqual(ids);
    expect(await seller.audit()).toMatchObject({ ok: true, reputationOk: true, problems: [] });
    expect((await seller.call('GET', `/viewers/${wulan.id}/export`)).status).toBe(404);
    expect((await seller.get<Page<object>>('/viewers')).items).toEqual([]);
    // A page that was left open asks for what is theirs, and is nobody.
    await wulan.client.ask('me:get', {});
    expect((await seller.get<Page<object>>('/viewers')).items).toEqual([]);
    await wulan.book();
    expect((await seller.get<Page<object>>('/viewers')).items).toMatchObject([
      { viewerId: wulan.id, reputation: 90 },
    ]);
  });

  it('goes on without a gap for whoever reads the stream, however many are erased at once', async () => {
    const seller = host(server);
    const stage = await seller.stage(400);
    const names = ['ani', 'budi', 'citra'];
    const buyers = await Promise.all(names.map((id) => buyer(server, seller.shop, stage, id)));
    const watcher = await buyer(server, seller.shop, stage, 'dewi');
    for (let i = 0; i < 70; i++) {
      for (const one of buyers) {
        const { bookingId } = await one.book();
        await one.client.ask('booking:cancel', { bookingId });
      }
    }
    const erasing = names.map((id) => seller.call('DELETE', `/viewers/${id}`));
    const booked = Array.from({ length: 30 }, () => watcher.book());
    const all = await Promise.all([Promise.all(erasing), Promise.all(booked)]);
    expect(all[0].map(({ status }) => status)).toEqual([200, 200, 200]);
    const client = await redis.client();
    const entries = await client.xRange(`livehold:{${seller.shop}}:events`, '-', '+');
    const chain = (entries ?? []).map(({ id, message }) => [message.after, id]);
    expect(chain.slice(1).every(([after], i) => after === chain[i]?.[1])).toBe(true);
    expect(await client.exists(`livehold:{${seller.shop}}:events:erasing`)).toBe(0);
    const told = await eventsOf<{ viewerId: string }>(redis, seller.shop, 'booking');
    expect(told.length).toBe(3 * 70 * 2 + 30);
    const { items } = await seller.get<Page<PublicEvent>>(
      '/events?types=booking.created&limit=200',
    );
    const named = items.flatMap(({ data }) => (data.viewer as { name: string }).name);
    expect(new Set(named)).toEqual(new Set(['']));
  });

  it('is for the owner, and waits until nothing is held or owed', async () => {
    const seller = host(server);
    const stage = await seller.stage(1);
    const ani = await buyer(server, seller.shop, stage);
    const helper = signToken({ sub: 'h', shop: seller.shop, role: 'host', staff: 'helper' });
    for (const [method, path] of [
      ['DELETE', '/viewers/ani'],
      ['GET', '/viewers/ani/export'],
    ] as const)
      expect(await seller.call(method, path, undefined, helper)).toMatchObject({ status: 403 });
    expect((await seller.call('DELETE', '/viewers/nobody')).body.error.code).toBe('NOT_FOUND');
    await ani.book();
    const held = await seller.call('DELETE', '/viewers/ani');
    expect(held).toMatchObject({
      status: 409,
      body: { error: { code: 'VIEWER_BUSY', details: { bookings: 1 } } },
    });
    const { checkoutId } = await ani.checkout();
    await ani.place(checkoutId);
    const unpaid = await seller.call('DELETE', '/viewers/ani');
    expect(unpaid.body.error).toMatchObject({ code: 'VIEWER_BUSY', details: { orders: 1 } });
    expect(await seller.viewer('ani')).toMatchObject({ name: 'Viewer ani' });
  });
});

describe('what is kept of a person', () => {
  it('is exported completely', async () => {
    const { seller, wulan, orderId } = await person();
    const told = await seller.get<PersonExport>(`/viewers/${wulan.id}/export`);
    expect(told).toMatchObject({
      viewer: { viewerId: wulan.id, name: `Viewer ${wulan.id}`, reputation: 90, guest: false },
      handles: ['tiktok:wulan_77'],
      recipient: { phone: '+6281298765432' },
      bookings: [{ status: 'ordered' }],
      orders: [{ orderId, note: 'titip satpam', hostNote: 'Bu Wulandari baik' }],
      ledger: [{ delta: -10, note: 'Wulandari marah' }],
      comments: [{ authorId: 'Wulan_77', outcomes: [{ outcome: 'booked' }] }],
    });
  });
});

/** Without events of stock: one may still come, a second after the change. */
async function eventIds(seller: Host): Promise<string[]> {
  const { items } = await seller.get<Page<PublicEvent>>('/events?limit=200');
  return items
    .filter(({ type }) => type !== 'stock.changed')
    .map(({ id, type }) => `${id} ${type}`);
}

/** Files that have one of the texts, without case. */
async function grep(folder: string): Promise<string[]> {
  const patterns = SECRETS.flatMap((text) => ['-e', text]);
  const run = promisify(execFile);
  const found = await run('grep', ['-rlaiF', ...patterns, folder]).catch(
    (error: { code: number; stdout: string }) => error,
  );
  return found.stdout.split('\n').filter((line) => line !== '');
}
