import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROMISES } from '../../bench/history/findings.js';
import type { LoadReport } from '../../bench/loadtest/summary.js';
import { benchProgram, buildBench } from '../../scripts/bench-build.mjs';
import { atEnd } from '../support/at-end.js';
import { endChild, spawnChild } from '../support/child.js';
import { startRedis } from '../support/redis-server.js';
import { type Reachable, startServer } from '../support/server.js';
import { AUTH_SECRET } from '../support/tokens.js';

const PROGRAM = fileURLToPath(benchProgram('loadtest/main.js'));

beforeAll(() => buildBench());

interface Outcome {
  code: number | null;
  output: string;
  report: LoadReport;
}

/** Runs the load test as a user would. */
async function loadTest(...args: string[]): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'lh-loadtest-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'report.json');
  const child = spawnChild(process.execPath, [PROGRAM, '--report', file, ...args], {
    env: { PATH: process.env.PATH, AUTH_SECRET, DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  atEnd(() => endChild(child, 'SIGTERM'));
  const [said, complaints, [code]] = await Promise.all([
    text(child.stdout as Readable),
    text(child.stderr as Readable),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  const output = said + complaints;
  return { code, output, report: JSON.parse(await readFile(file, 'utf8')) as LoadReport };
}

function untested({ report }: Outcome): string[] {
  return report.verdict.checks.filter((check) => check.untested).map(({ promise }) => promise);
}

/** Between clients and a server, it loses the first packet that says that a booking has expired. */
async function startForgetfulNetwork({ url }: Reachable): Promise<Reachable> {
  let forgotten = false;
  const port = Number(new URL(url).port);
  const network = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    client.pipe(server);
    server.on('data', (packet) => {
      if (!forgotten && packet.includes('"status":"expired"')) forgotten = true;
      else client.write(packet);
    });
    server.on('end', () => client.end());
    for (const end of [client, server]) end.on('error', () => client.destroy());
  }).listen(0, '127.0.0.1');
  atEnd(() => network.close());
  await once(network, 'listening');
  return { url: `http://127.0.0.1:${(network.address() as AddressInfo).port}` };
}

describe('npm run loadtest', () => {
  it('finds every promise kept while holds run out and others book', async () => {
    const flash = await loadTest(
      ...['--scenario', 'flash', '--viewers', '150', '--bookings', '100'],
      ...['--duration', '8', '--hold', '1.5'],
    );
    expect(flash.output).not.toContain('BROKEN');
    expect(flash.code).toBe(0);
    expect(untested(flash)).toEqual([]);
    expect(flash.report.verdict.expired).toBeGreaterThan(200);
  }, 60_000);

  it('finds every promise kept while checkouts and orders run out, too', async () => {
    const pay = await loadTest(
      ...['--scenario', 'pay', '--viewers', '100', '--bookings', '25'],
      ...['--duration', '6', '--hold', '1.5'],
    );
    expect(pay.output).not.toContain('BROKEN');
    expect(pay.code).toBe(0);
    expect(untested(pay)).toEqual([]);
    const { outcomes } = pay.report;
    for (const outcome of ['paid', 'order left unpaid', 'order cancelled', 'checkout left open'])
      expect(outcomes[outcome], outcome).toBeGreaterThan(0);
  }, 60_000);

  it('ends with 1 and names the promise when one viewer was not told of one end', async () => {
    const { url: redisUrl } = await startRedis();
    const server = await startServer({ redisUrl });
    const { url } = await startForgetfulNetwork(server);
    const { code, report } = await loadTest(
      ...['--url', url, '--scenario', 'flash', '--viewers', '20', '--bookings', '10'],
      ...['--duration', '2', '--hold', '1'],
    );
    expect(code).toBe(1);
    const told = report.verdict.checks.find(({ promise }) => promise === PROMISES.told);
    expect(told?.detail).toMatch(/checked, 1 booking expired$/);
  }, 60_000);
});
