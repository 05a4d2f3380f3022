import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { untilAuditOk } from '../support/audit.js';
import { startBalancer } from '../support/balancer.js';
import { viewer } from '../support/client.js';
import { freePorts } from '../support/free-ports.js';
import { host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { type ServerProcess, spawnServer } from '../support/server-process.js';
import { SteadyViewer } from '../support/steady-viewer.js';
import { until } from '../support/until.js';

const VIEWERS = 24;
/** What each books at most between two looks: a viewer may hold 200, however long servers take to start. */
const BETWEEN_LOOKS = 25;

describe('servers that are restarted one after the other', () => {
  it('lose nothing, and nobody notices but by a repeat', { timeout: 90_000 }, async () => {
    const { url: redisUrl } = await startRedis();
    const ports = await freePorts(3);
    const spawn = (port: number) => spawnServer({ redisUrl, PORT: String(port) });
    const servers: ServerProcess[] = [];
    for (const port of ports) servers.push(await spawn(port));
    const entrance = await startBalancer(servers);
    const seller = host(entrance);
    const { liveId, itemId } = await seller.stage(100_000);
    const viewers = Array.from({ length: VIEWERS }, (_, i) => {
      return new SteadyViewer(entrance, seller.shop, liveId, `v${i}`);
    });
    let over = false;
    let wanted = 0;
    const looks = new EventEmitter().setMaxListeners(VIEWERS);
    const work = viewers.map(async (one) => {
      for (let n = 0; ; n++) {
        while (n >= wanted && !over) await once(looks, 'look');
        if (over) return;
        const refused = await one.book({ liveId, itemId, quantity: 1 }, `r${n}`);
        expect(refused).toBeUndefined();
      }
    });
    const goOn = async () => {
      wanted += BETWEEN_LOOKS;
      looks.emit('look');
      const before = viewers.map((one) => one.acked.size);
      await until('all book on', () =>
        viewers.every((one, i) => one.acked.size > (before[i] ?? 0)),
      );
    };

    await goOn();
    for (const [i, port] of ports.entries()) {
      expect(await servers[i]?.kill('SIGTERM')).toBe(0);
      await goOn();
      servers[i] = await spawn(port);
      await goOn();
    }
    over = true;
    looks.emit('look');
    await Promise.all(work);

    const acked = viewers.reduce((sum, one) => sum + one.acked.size, 0);
    const repeats = viewers.reduce((sum, one) => sum + one.repeats, 0);
    console.info(`rolling restart of 3 servers: ${acked} bookings acked, ${repeats} repeats`);
    expect((await seller.item(itemId)).booked).toBe(acked);
    for (const one of viewers) {
      const me = await (await viewer(entrance, seller.shop, one.id)).ask('me:get', {});
      const kept = me.bookings.map(({ bookingId }) => bookingId).sort();
      expect([...one.acked.values()].map(({ bookingId }) => bookingId).sort()).toEqual(kept);
      await until(`${one.id} knows the stock`, () => one.known(itemId)?.booked === acked);
    }
    await untilAuditOk(seller);
  });

  it('say that they are not ready, and serve on, for as long as DRAIN_SECONDS says', async () => {
    const { url: redisUrl } = await startRedis();
    const server = await spawnServer({ redisUrl, DRAIN_SECONDS: '3' });
    const seller = host(server);
    const { liveId, itemId } = await seller.stage(10);
    const ani = await viewer(server, seller.shop, 'ani');
    const gone = server.kill('SIGTERM');
    await until('not ready', async () => (await fetch(`${server.url}/readyz`)).status === 503);
    const late = await viewer(server, seller.shop, 'late');
    for (const client of [ani, late]) {
      await client.ask('booking:create', { liveId, itemId, quantity: 1, requestId: 'mine' });
    }
    const closed = new Promise((resolve) => ani.socket.once('disconnect', resolve));
    expect(await gone).toBe(0);
    expect(await closed).toBe('transport close');
  });
});
