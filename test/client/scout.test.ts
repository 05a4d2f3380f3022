import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Scout } from '../../src/client/scout.js';
import { atEnd } from '../support/at-end.js';
import { freePorts } from '../support/free-ports.js';

const PHONES = 25;
const AWAY_MS = 4_000;
const RIGHT_SOON_MS = 900;

/** When each of many phones, ms after the server can be reached again, was told so. */
async function returns(upMs: () => number): Promise<number[]> {
  const [port = 0] = await freePorts(1);
  const found: number[] = [];
  const url = `http://127.0.0.1:${port}`;
  const scouts = Array.from({ length: PHONES }, () => {
    const scout = new Scout(url, () => found.push(performance.now()));
    scout.start();
    return scout;
  });
  atEnd(() => {
    for (const scout of scouts) scout.stop();
  });
  await delay(AWAY_MS);
  expect(found).toEqual([]);
  const server = createServer((_, response) =>
    response.end(JSON.stringify({ ok: true, upMs: upMs() })),
  );
  atEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const since = performance.now();
  await expect.poll(() => found.length, { timeout: 8_000 }).toBe(PHONES);
  return found.map((at) => at - since);
}

it('a network that is back is noticed at once, and a server that has just started is not overrun', async () => {
  const [network, restart] = await Promise.all([
    returns(() => 3_600_000),
    returns(() => Math.round(performance.now() % 100)),
  ]);
  expect(Math.max(...network)).toBeLessThan(RIGHT_SOON_MS);
  expect(Math.max(...restart) - Math.min(...restart)).toBeGreaterThan(1_500);
});
