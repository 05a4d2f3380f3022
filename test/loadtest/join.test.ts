import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { beforeAll, expect, it } from 'vitest';
import { History } from '../../bench/history/history.js';
import { earlyOf } from '../../bench/loadtest/course.js';
import { Wire } from '../../bench/loadtest/link/wire.js';
import { lifetimeOf } from '../../bench/loadtest/market.js';
import { type Options, readOptions } from '../../bench/loadtest/options.js';
import type { Share } from '../../bench/loadtest/plan.js';
import { clock, Visitor } from '../../bench/loadtest/visitor.js';
import { buildBench } from '../../scripts/bench-build.mjs';
import { atEnd } from '../support/at-end.js';
import { host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { spawnServer } from '../support/server-process.js';
import { signToken } from '../support/tokens.js';
import { start } from './program.js';

beforeAll(() => buildBench());

const KEY = 'a key of the test';
/** Nobody listens there. */
const NOBODY = 'http://127.0.0.1:1';

/** A coordinator by hand, whom a machine has joined for a load on `NOBODY`. */
async function joined() {
  const server = createServer().listen(0, '127.0.0.1');
  atEnd(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const came = once(server, 'connection');
  const machine = start('--join', `127.0.0.1:${port}`, '--key', KEY);
  const wire = new Wire((await came)[0]);
  wire.trusted = true;
  const messages: unknown[] = [];
  let heard = () => {};
  wire.onMessage = (message) => {
    messages.push(message);
    heard();
  };
  const next = async (): Promise<unknown> => {
    while (messages.length === 0) await new Promise<void>((resolve) => (heard = resolve));
    return messages.shift();
  };
  await next();
  wire.send({ target: NOBODY });
  await next();
  const call = (method: string, ...args: unknown[]) => {
    wire.send({ id: 0, process: 0, method, args });
    return next();
  };
  return { machine, wire, call };
}

function share(url: string): Share {
  const token = signToken({ sub: 'load-0', shop: 'shop', role: 'viewer' });
  return {
    ...{ url, shopId: 'shop', liveId: 'live', itemIds: ['item'], tokens: [token], runId: 'run' },
    ...{ scenario: 'flash', index: 0, of: 1, viewers: 1, zero: clock(), ahead: 0 },
    phases: [{ seconds: 1, from: 1, to: 1 }],
  };
}

it('a machine that joined loads no other server than the one it was given, and exits with 1 when none of its viewers could join', async () => {
  const { machine, wire, call } = await joined();
  expect(await call('prepare', share('http://127.0.0.1:2'))).toMatchObject({
    error: expect.stringContaining('on no other server'),
  });
  expect(await call('prepare', share(NOBODY))).not.toHaveProperty('error');
  await call('arrive', clock(), 0, 1, 1);
  wire.send({ over: true });
  const { code, output } = await machine.ended;
  expect(output).toContain('None of the 1 viewers of this machine could join');
  expect(code).toBe(1);
}, 60_000);

it('a machine that joined does nothing but load: asked to write a file, it leaves', async () => {
  const { machine, call } = await joined();
  void call('stopProfile', '/tmp/profile');
  const { code, output } = await machine.ended;
  expect(output).toContain('what it says makes no sense');
  expect(code).toBe(1);
}, 60_000);

it('a coordinator whom too few machines join in time says so and ends with 2', async () => {
  const { code, output } = await start('--coordinator', '0', '--wait', '1').ended;
  expect(output).toContain('--wait: 0 of 1 machines have joined in time');
  expect(code).toBe(2);
}, 60_000);

it('a viewer whose server stands still in the end is not waited for', async () => {
  const server = await spawnServer({ redisUrl: (await startRedis()).url });
  const { shop } = host(server);
  const { liveId, itemId } = await host(server, shop).stage(1);
  const token = signToken({ sub: 'ani', shop, role: 'viewer' });
  const entry = { url: server.url, shopId: shop, liveId, viewerId: 'ani', token };
  const visitor = new Visitor(entry, new History([itemId]), () => {});
  atEnd(() => visitor.leave());
  await visitor.arrive();
  await visitor.lookBack();
  server.freeze();
  atEnd(() => server.thaw());
  await expect(visitor.lookBack(500)).rejects.toThrow('has not answered');
}, 60_000);

it('tokens outlast the run, and no more come before a storm than come at all', () => {
  const options = readOptions(['--phase', '60m 1/s', '--hold', '7200'], {}) as Options;
  expect(Number.parseInt(lifetimeOf(options), 10)).toBeGreaterThan(3_600 + 2 * 7_200);
  expect([earlyOf(3, 4), earlyOf(100, 4), earlyOf(1_000, 4)]).toEqual([3, 5, 50]);
});
