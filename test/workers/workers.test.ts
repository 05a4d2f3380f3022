import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { beforeAll, describe, expect, it } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { hostSocket, type ViewerClient, viewer } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { type ServerProcess, spawnRefused, spawnServer } from '../support/server-process.js';
import { SteadyViewer } from '../support/steady-viewer.js';
import { signToken } from '../support/tokens.js';
import { until } from '../support/until.js';

const RATE = 20;
const BURST = 3 * RATE;

let redisUrl: string;
let server: ServerProcess;

beforeAll(async () => {
  redisUrl = (await startRedis()).url;
  server = await spawnServer({ redisUrl, WORKERS: '2', RATE_LIMIT: String(RATE) });
});

/** The processes that have listened so far, the newest last. */
function workerPids(): number[] {
  return server.log.filter(({ msg }) => msg.startsWith('listening')).map(({ pid }) => pid);
}

/** The sum over a metric's series. */
async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(name) && !line.startsWith('#'));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function crowd(count: number, transport?: 'polling') {
  const seller = host(server, newShop());
  const { liveId, itemId } = await seller.stage(100);
  const { shop: shopId } = seller;
  const clients: ViewerClient[] = [];
  for (let i = 0; i < count; i++) {
    const client = await viewer(server, shopId, `v${i}`, transport);
    await client.ask('live:join', { shopId, liveId });
    clients.push(client);
  }
  return { seller, shopId, liveId, itemId, clients };
}

describe('two workers on one port', () => {
  it('send everyone what either of them commits', async () => {
    const { seller, shopId, liveId, itemId, clients } = await crowd(6);
    const desk = await hostSocket(server, shopId);
    await desk.ask('live:join', { liveId });
    await Promise.all(
      clients.map((client, i) =>
        client.ask('booking:create', { liveId, itemId, quantity: 1, requestId: `r${i}` }),
      ),
    );
    for (const client of clients)
      await client.next('stock:changed', ({ items }) => items[0]?.booked === clients.length);
    // Each process has some of them; the sum is everyone.
    await desk.next('live:audience', ({ viewers }) => viewers === clients.length);
    expect((await seller.item(itemId)).available).toBe(94);
    expect(await metric('livehold_bookings_total{outcome="accepted"}')).toBe(clients.length);
    expect(await metric('livehold_sockets{namespace="/live"}')).toBe(clients.length);
    expect(await metric('livehold_workers')).toBe(2);
  });

  it('serve clients that poll, whose requests come to either', async () => {
    const { liveId, itemId, clients } = await crowd(4, 'polling');
    await Promise.all(
      clients.map((client, i) =>
        client.ask('booking:create', { liveId, itemId, quantity: 1, requestId: `p${i}` }),
      ),
    );
    for (const client of clients)
      await client.next('stock:changed', ({ items }) => items[0]?.booked === clients.length);
    // An answer may come before the whole of the request has been passed on.
    await Promise.all(
      clients.map(async (client) => {
        for (let n = 0; n < 20; n++) await client.ask('me:get', {});
      }),
    );
  });

  it('let a client that polls at first go over to a WebSocket', async () => {
    const { shopId, liveId } = await crowd(0);
    for (let i = 0; i < 4; i++) {
      const token = signToken({ sub: `u${i}`, shop: shopId, role: 'viewer' });
      const socket = io(`${server.url}/live`, { auth: { token }, forceNew: true });
      atEnd(() => socket.disconnect());
      await until('it is connected', () => socket.connected);
      await until('it is upgraded', () => socket.io.engine.transport.name === 'websocket');
      const ack = await socket.timeout(5_000).emitWithAck('live:join', { shopId, liveId });
      expect(ack.ok).toBe(true);
    }
  });

  it('hold the limits of one viewer together', async () => {
    const shop = newShop();
    const devices: ViewerClient[] = [];
    for (let i = 0; i < 4; i++) devices.push(await viewer(server, shop, 'ani'));
    const started = performance.now();
    let accepted = 0;
    const refuses = async (device: ViewerClient) => {
      const { ok } = await device.emit('me:get', {});
      if (ok) accepted++;
      return !ok;
    };
    // One of the workers gives all that there is, and the other has word of it.
    while (!(await refuses(devices[0] as ViewerClient)));
    for (const device of devices) await until('it is refused as well', () => refuses(device));
    const seconds = (performance.now() - started) / 1_000;
    expect(accepted).toBeGreaterThanOrEqual(BURST);
    expect(accepted).toBeLessThanOrEqual(1.5 * BURST + RATE * seconds);
    for (let i = devices.length; i < 20; i++) await viewer(server, shop, 'ani');
    await expect(viewer(server, shop, 'ani')).rejects.toThrow('RATE_LIMITED');
    devices[0]?.drop();
    await until('a place is free again', () =>
      viewer(server, shop, 'ani').then(
        () => true,
        () => false,
      ),
    );
  });

  it('replace one that dies; its clients come back, and what it held of limits is free', async () => {
    const { shopId, liveId, itemId, seller } = await crowd(0);
    const steady = ['a', 'b', 'c', 'd'].map((id) => new SteadyViewer(server, shopId, liveId, id));
    const wish = { liveId, itemId, quantity: 1 };
    await Promise.all(steady.map((one) => one.book(wish, `before-${one.id}`)));
    const accepted = await metric('livehold_bookings_total{outcome="accepted"}');
    const before = workerPids();
    process.kill(before.at(-1) ?? 0, 'SIGKILL');
    await Promise.all(steady.map((one) => one.book(wish, `after-${one.id}`)));
    await until('everyone knows', () => steady.every((one) => one.known(itemId)?.booked === 8));
    await until('there are two again', () => workerPids().length === before.length + 1);
    await until('both are counted', async () => (await metric('livehold_workers')) === 2);
    expect((await seller.item(itemId)).booked).toBe(8);
    // What the dead one has counted is still counted.
    expect(await metric('livehold_bookings_total{outcome="accepted"}')).toBeGreaterThanOrEqual(
      accepted + 4,
    );
  });

  it('are replaced one by one at SIGHUP, and serve meanwhile', async () => {
    const { shopId, liveId, itemId } = await crowd(0);
    const steady = ['a', 'b', 'c', 'd'].map((id) => new SteadyViewer(server, shopId, liveId, id));
    const before = workerPids();
    server.signal('SIGHUP');
    let n = 0;
    await until('all are replaced', async () => {
      n++;
      const wish = { liveId, itemId, quantity: 1 };
      const answers = steady.slice(0, 1).map((one) => one.book(wish, `r${n}`));
      expect(await Promise.all(answers)).toEqual([undefined]);
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
      return server.log.some(({ msg }) => msg === 'all workers replaced');
    });
    expect(workerPids().length).toBe(before.length + 2);
    await until('everyone knows', () => steady.every((one) => one.known(itemId)?.booked === n));
  });

  it('share the archive of their data directory', async () => {
    const DATA_DIR = await mkdtemp(join(tmpdir(), 'livehold-workers-'));
    const local = { redisUrl, WORKERS: '2', LIVEHOLD_LOCAL: 'true', DATA_DIR };
    const { log, kill } = await spawnServer(local);
    const opened = () => log.filter(({ msg }) => msg === 'the archive is open');
    await until('both have it open', () => new Set(opened().map(({ pid }) => pid)).size === 2);
    expect(await kill('SIGTERM')).toBe(0);
    expect(await readdir(join(DATA_DIR, 'archive'))).toEqual(['pglite']);
    await rm(DATA_DIR, { recursive: true });
  });

  it('say in one line why they cannot start', async () => {
    const PORT = new URL(server.url).port;
    const { code, complaint } = await spawnRefused({ redisUrl, WORKERS: '2', PORT });
    expect(code).toBe(1);
    expect(complaint).toMatch(/^livehold: PORT: .*EADDRINUSE.*\n$/);
  });

  it('end with the process that started them', async () => {
    expect(await server.kill('SIGTERM')).toBe(0);
    for (const pid of workerPids()) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
