import { describe, expect, it } from 'vitest';
import type { StockView } from '../../../src/protocol/item.js';
import { shopKey } from '../../../src/store/keys.js';
import { hostSocket, viewer, viewerWith } from '../../support/client.js';
import { host, newShop } from '../../support/host.js';
import { startRedis } from '../../support/redis-server.js';
import { startServer } from '../../support/server.js';
import { untilServed } from '../../support/until.js';

async function opened() {
  const redis = await startRedis();
  const server = await startServer({ redisUrl: redis.url });
  const seller = host(server);
  return { redis, server, seller, ...(await seller.stage(10)) };
}

describe('what is not there', () => {
  it('is not followed, however many shops a stranger invents', async () => {
    const { redis, server, seller, liveId } = await opened();
    const client = await redis.client();
    // Without that on which the server tries whether Redis can do what it needs.
    const shopChannels = async () =>
      (await client.pubSubShardChannels()).filter((channel) => !channel.startsWith('livehold:{.'));
    const stranger = await viewerWith(server);
    const invented = [...Array.from({ length: 50 }, newShop), seller.shop];
    const codes = await Promise.all(
      invented.map(async (shopId) => {
        const ack = await stranger.emit('live:join', { shopId, liveId: 'live_invented' });
        return ack.ok ? 'ok' : ack.error.code;
      }),
    );
    expect(codes).toEqual(invented.map(() => 'NOT_FOUND'));
    expect(await shopChannels()).toEqual([]);

    await stranger.ask('live:join', { shopId: seller.shop, liveId });
    expect(await shopChannels()).toEqual([`${shopKey(seller.shop)}:bell`]);
  });
});

describe('a repeated live:join that the store does not answer', () => {
  it('leaves viewer and host in the live', async () => {
    const { redis, server, seller, liveId, itemId } = await opened();
    const join = { shopId: seller.shop, liveId };
    const watcher = await viewerWith(server);
    const console = await hostSocket(server, seller.shop);
    await Promise.all([watcher.ask('live:join', join), console.ask('live:join', { liveId })]);
    const ani = await viewer(server, seller.shop, 'ani');

    redis.freeze();
    const acks = await Promise.all([
      watcher.emit('live:join', join),
      console.emit('live:join', { liveId }),
    ]).finally(() => redis.thaw());
    for (const ack of acks) {
      expect(ack).toMatchObject({ ok: false, error: { code: 'STORE_UNAVAILABLE' } });
    }

    const request = { liveId, itemId, quantity: 3, requestId: 'after' };
    const booked = await untilServed(() => ani.emit('booking:create', request));
    expect(booked.ok).toBe(true);
    const isIt = ({ items }: { items: StockView[] }) => items.some((item) => item.booked === 3);
    const told = [watcher.next('stock:changed', isIt), console.next('stock:changed', isIt)];
    for (const { items } of await Promise.all(told)) {
      expect(items).toMatchObject([{ itemId, available: 7, booked: 3 }]);
    }
  });
});
