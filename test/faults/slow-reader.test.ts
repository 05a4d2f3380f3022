import type { Socket as TcpSocket } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ViewerClient, viewerWith } from '../support/client.js';
import { host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { until } from '../support/until.js';

/** So that a message about the live is a few kilobytes. */
const ITEMS = 200;

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
});

/** The connection under a client's websocket, for the client to stop reading as a phone in a tunnel does. */
function wireOf({ socket }: ViewerClient): TcpSocket {
  const { ws } = socket.io.engine.transport as unknown as { ws: { _socket: TcpSocket } };
  return ws._socket;
}

async function socketsConnected(): Promise<number> {
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  return Number(/^livehold_sockets\{namespace="\/live"\} (\d+)/m.exec(metrics)?.[1]);
}

describe('a client that does not read', () => {
  it('is cut off before what waits for it fills the memory; the others hear everything', async () => {
    const seller = host(server);
    const { liveId } = await seller.stage(...Array<number>(ITEMS).fill(1));
    const [sound, stuck] = [await viewerWith(server), await viewerWith(server)];
    for (const client of [sound, stuck]) {
      await client.ask('live:join', { shopId: seller.shop, liveId });
    }
    expect(await socketsConnected()).toBe(2);
    wireOf(stuck).pause();

    // Changes of a live are not conflated: each is a message. The kernel takes some hundreds, then they wait here.
    let changes = 0;
    await until(
      'it is cut off',
      async () => {
        const wave = Array.from({ length: 50 }, () =>
          seller.patch(`/lives/${liveId}`, { title: `Live ${changes++}` }),
        );
        await Promise.all(wave);
        return (await socketsConnected()) === 1;
      },
      // Sooner than a missing pong would end it.
      24_000,
    );

    const { live } = await seller.patch<{ live: object }>(`/lives/${liveId}`, { title: 'last' });
    expect(await sound.next('live:updated', (told) => told.live.title === 'last')).toEqual({
      live,
    });
    expect(sound.heard('live:updated')).toHaveLength(changes + 1);
    console.info(`cut off after ${changes} messages`);
  }, 90_000);
});
