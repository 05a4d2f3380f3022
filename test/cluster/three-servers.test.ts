import { io } from 'socket.io-client';
import { beforeAll, describe, expect, it } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { untilAuditOk } from '../support/audit.js';
import { startBalancer, startStickyBalancer } from '../support/balancer.js';
import { Client, type ViewerClient, viewer } from '../support/client.js';
import { host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import type { Reachable } from '../support/server-environment.js';
import { StockWatch } from '../support/stock-watch.js';
import { signToken } from '../support/tokens.js';

let servers: TestServer[];

beforeAll(async () => {
  const redis = await startRedis();
  const start = () => startServer({ redisUrl: redis.url });
  servers = [await start(), await start(), await start()];
});

/** A viewer that never comes past long polling. */
async function polling({ url }: Reachable, shop: string, id: string): Promise<ViewerClient> {
  const socket = io(`${url}/live`, {
    transports: ['polling'],
    forceNew: true,
    reconnection: false,
    autoConnect: false,
    extraHeaders: { 'x-client': id },
    auth: { token: signToken({ sub: id, shop, role: 'viewer', name: id }) },
  });
  atEnd(() => socket.disconnect());
  const client: ViewerClient = new Client(socket);
  await client.connect();
  return client;
}

const ways = [
  {
    name: 'a balancer without sticky sessions, by websocket',
    balancer: () => startBalancer(servers),
    join: viewer,
  },
  {
    name: 'a sticky balancer, by long polling',
    balancer: () => startStickyBalancer(servers, 'x-client'),
    join: polling,
  },
];

describe.each(ways)('three servers behind $name', ({ balancer, join }) => {
  it('are as one: no oversell, one effect a request, the same stock everywhere', async () => {
    const entrance = await balancer();
    const seller = host(entrance);
    const { shop } = seller;
    const { liveId, itemId } = await seller.stage(25);
    const clients = await Promise.all(
      Array.from({ length: 30 }, (_, i) => join(entrance, shop, `v${i}`)),
    );
    const watches = clients.map((client) => new StockWatch(client, shop, liveId));
    await Promise.all(watches.map((watch) => watch.join()));

    const request = { liveId, itemId, quantity: 1, requestId: 'mine' };
    const acks = await Promise.all(clients.map((client) => client.emit('booking:create', request)));
    const winners = acks.filter((ack) => ack.ok);
    expect(winners).toHaveLength(25);
    expect(new Set(winners.map((ack) => ack.data.booking.sequence)).size).toBe(25);
    // Again, each over a new connection: the balancer takes it to another server.
    for (const [i, ack] of acks.entries()) {
      const again = await join(entrance, shop, `v${i}`);
      const repeat = await again.emit('booking:create', request);
      if (ack.ok) expect(repeat.ok && repeat.data.booking).toEqual(ack.data.booking);
      else expect(repeat.ok).toBe(false);
      again.drop();
    }
    for (const watch of watches) await watch.settled(seller, itemId);
    expect(await seller.item(itemId)).toMatchObject({ available: 0, booked: 25 });
    await untilAuditOk(seller);
  });
});
