import { spawn } from 'node:child_process';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { Api, connectViewer, settle, type ViewerClient } from '../../src/client/index.js';
import { atEnd } from '../support/at-end.js';
import { type Host, host, newShop, type Stage } from '../support/host.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { type ServerProcess, spawnServer } from '../support/server-process.js';
import { signToken } from '../support/tokens.js';
import { until } from '../support/until.js';

let redis: RedisServer;
let server: ServerProcess;

beforeAll(async () => {
  redis = await startRedis();
  server = await spawnServer({ redisUrl: redis.url });
});

interface Scene {
  seller: Host;
  stage: Stage;
  join(id: string): Promise<ViewerClient>;
}

async function scene(...stocks: number[]): Promise<Scene> {
  const shop = newShop();
  const seller = host(server, shop);
  const stage = await seller.stage(...stocks);
  const join = async (id: string) => {
    const token = signToken({ sub: id, shop, role: 'viewer', name: id });
    const client = connectViewer({ url: server.url, token, shopId: shop, liveId: stage.liveId });
    atEnd(() => client.close());
    await client.ready();
    return client;
  };
  return { seller, stage, join };
}

describe('a viewer', () => {
  it('has a booking from its answer, and another device has it from the event', async () => {
    const { stage, join } = await scene(5);
    const [phone, tablet] = await Promise.all([join('ani'), join('ani')]);
    const booking = await phone.book(stage.itemId, 2);
    expect(phone.me?.bookings).toEqual([booking]);
    expect(phone.item(stage.itemId)).toMatchObject({ available: 3, booked: 2 });
    await until('the other device knows', () => tablet.me?.bookings.length === 1);
    expect(tablet.me?.bookings).toEqual([booking]);
  });

  it('goes from booking to paid order, with the state in step', async () => {
    const { seller, stage, join } = await scene(5);
    await seller.settings({ booking: { cancelPenaltyPerItem: 5 } });
    const ani = await join('ani');
    await ani.book(stage.itemId);
    const dropped = await ani.book(stage.itemId);
    await ani.cancelBooking(dropped.bookingId);
    expect(ani.me).toMatchObject({ reputation: 95, bookings: [{ sequence: 1 }] });
    const checkout = await ani.startCheckout();
    expect(ani.me?.checkout).toEqual(checkout);
    const order = await ani.placeOrder(checkout.checkoutId, 'qris');
    expect(ani.me).toMatchObject({ bookings: [], checkout: null, orders: [order] });
    const statuses: (string | undefined)[][] = [];
    ani.on('order:updated', ({ order: { status } }, before) => {
      statuses.push([before?.status, status]);
    });
    const bank = new Api({ url: server.url });
    await bank.request('POST', `/sandbox/qris/${order.payment?.paymentId}/pay`);
    await until('it is paid', () => ani.me?.orders[0]?.status === 'paid');
    expect(statuses.at(-1)).toEqual(['awaiting_payment', 'paid']);
  });

  it('knows items that come newly into the live', async () => {
    const { seller, stage, join } = await scene(5);
    const ani = await join('ani');
    const added = await seller.createItem(7);
    const itemIds = [stage.itemId, added.itemId];
    await seller.patch(`/lives/${stage.liveId}`, { itemIds, pinnedItemId: added.itemId });
    await until('the item is known', () => ani.item(added.itemId)?.available === 7);
    expect(ani.live).toMatchObject({ itemIds, pinnedItemId: added.itemId });
  });

  it('receives an error when there is no such live', async () => {
    const { seller } = await scene(1);
    const options = { url: server.url, shopId: seller.shop, liveId: 'nothing' };
    const client = connectViewer(options);
    atEnd(() => client.close());
    expect(await settle(client.ready())).toMatchObject({ error: { code: 'NOT_FOUND' } });
    expect(client.phase).toBe('missing');
  });

  it('counts down by the server’s clock, whatever the device’s says', async () => {
    const { stage, join } = await scene(5);
    const now = Date.now.bind(Date);
    const wrong = vi.spyOn(Date, 'now').mockImplementation(() => now() - 3_600_000);
    const ani = await join('ani');
    const { expiresAt } = await ani.book(stage.itemId);
    expect(Math.abs(ani.clock.now() - now())).toBeLessThan(500);
    expect(Math.abs(expiresAt - ani.clock.now() - 15 * 60_000)).toBeLessThan(2_000);
    wrong.mockRestore();
    // The clock was set right again, as phones do: noticed without a reload.
    await until('it is noticed', () => Math.abs(ani.clock.now() - now()) < 500);
  });

  it('that slept knows soon after waking what it missed', async () => {
    const { seller, stage } = await scene(5);
    const phone = spawn(process.execPath, ['test/client/phone-host.mjs'], {
      env: {
        ...process.env,
        URL: server.url,
        SHOP: seller.shop,
        LIVE: stage.liveId,
        ITEM: stage.itemId,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    atEnd(() => phone.kill('SIGKILL'));
    let said = '';
    phone.stdout.on('data', (text) => {
      said += text;
    });
    await until('it is in the live', () => said.includes('joined 5'));
    phone.kill('SIGSTOP');
    await seller.restock(stage.itemId, 4);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    said = '';
    phone.kill('SIGCONT');
    await until('it has woken', () => said.includes('wake'));
    await until('it has joined again', () => said.includes('joined 9'), 5_000);
  });
});
