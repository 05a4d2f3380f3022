import { describe, expect, it } from 'vitest';
import { viewer, viewerWith } from '../support/client.js';
import { host } from '../support/host.js';
import { RawWebSocket } from '../support/raw-websocket.js';
import { startServerAlone } from '../support/server.js';
import type { Reachable } from '../support/server-environment.js';
import { until } from '../support/until.js';

/** Tries all at once; answers who got in, and what the others were told. */
async function allAtOnce<T>(times: number, enter: () => Promise<T>) {
  const results = await Promise.allSettled(Array.from({ length: times }, enter));
  return {
    inside: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    refusals: results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])),
  };
}

describe('the sockets of one viewer', () => {
  it('are 20 at most, and the next one is refused with the reason', async () => {
    const server = await startServerAlone({ RATE_LIMIT: '20' });
    const { shop } = host(server);
    const { inside, refusals } = await allAtOnce(30, () => viewer(server, shop, 'ani'));
    expect(inside).toHaveLength(20);
    expect(refusals.map((error) => error.data)).toEqual(
      Array.from({ length: 10 }, () => ({
        code: 'RATE_LIMITED',
        message: expect.any(String),
        details: { limit: 20, retryAfterMs: expect.any(Number) },
      })),
    );
    expect((await viewer(server, shop, 'budi')).socket.connected).toBe(true);

    inside[0]?.drop();
    await until('there is room again', () => viewer(server, shop, 'ani').catch(() => undefined));
  });

  it('are not counted without limits', async () => {
    const server = await startServerAlone({ RATE_LIMIT: '0' });
    const { shop } = host(server);
    const { inside } = await allAtOnce(30, () => viewer(server, shop, 'ani'));
    expect(inside).toHaveLength(30);
  });
});

describe('the connections of one address', () => {
  /** Resolves with those that are let in and stay, once the others are gone. */
  async function staying(server: Reachable, times: number, most: number, from?: string) {
    const { inside, refusals } = await allAtOnce(times, () =>
      RawWebSocket.open(server, '&xsid=1', from),
    );
    expect(inside.length + refusals.length).toBe(times);
    for (const raw of inside) raw.write(['40/live,{}']);
    const open = () => inside.filter((raw) => raw.isOpen);
    await until('those over the limit are closed', () => open().length <= most);
    return open();
  }

  it('are bounded', async () => {
    const server = await startServerAlone({ RATE_LIMIT: '0.2' });
    const inside = await staying(server, 30, 10);
    expect(inside).toHaveLength(10);
    for (const raw of inside) raw.end();
    await Promise.all(inside.map((raw) => raw.closed));
    await until('there is room again', () => viewerWith(server).catch(() => undefined));
  });

  it('are counted apart from those of others behind the same proxy', async () => {
    const server = await startServerAlone({ RATE_LIMIT: '0.02', TRUST_PROXY: '1' });
    expect(await staying(server, 5, 1, '203.0.113.1')).toHaveLength(1);
    expect(await staying(server, 5, 1, '6.6.6.6, 203.0.113.2')).toHaveLength(1);
    expect(await staying(server, 5, 0, '203.0.113.1')).toHaveLength(0);
  });

  it('are given the reason over polling', async () => {
    const server = await startServerAlone({ RATE_LIMIT: '0.02' });
    await RawWebSocket.open(server);
    const response = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`);
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 403,
      body: { code: 4, message: 'RATE_LIMITED' },
    });
  });

  it('are rated as new ones, also with something like a sid in the query', async () => {
    const server = await startServerAlone({ RATE_LIMIT: '0.1' });
    const statuses: number[] = [];
    for (let i = 0; i < 40; i++) {
      const response = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling&xsid=${i}`, {
        headers: { connection: 'close' },
      });
      const opened = await response.text();
      statuses.push(response.status);
      // Gone at once, so it is not how many are open that is judged.
      const sid = /"sid":"([^"]+)"/.exec(opened)?.[1];
      if (sid)
        await fetch(`${server.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`, {
          method: 'POST',
          body: '1',
        });
    }
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(15);
    expect(statuses).toContain(403);
  });
});
