import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROMISES } from '../../bench/history/findings.js';
import type { HistoryPage } from '../../bench/history/page.js';
import { renderPage } from '../../bench/loadtest/html-report.js';
import { onOurClock } from '../../bench/loadtest/link/clock-span.js';
import { readOptions } from '../../bench/loadtest/options.js';
import type { LoadReport } from '../../bench/loadtest/summary.js';
import { UsageError } from '../../bench/loadtest/usage-error.js';
import { buildBench } from '../../scripts/bench-build.mjs';
import { launchBrowser } from '../e2e/browser.js';
import { atEnd } from '../support/at-end.js';
import { startRedis } from '../support/redis-server.js';
import { startServer } from '../support/server.js';
import type { Reachable } from '../support/server-environment.js';
import { type Outcome, start } from './program.js';

beforeAll(() => buildBench());

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lh-loadtest-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the load test to its end. */
async function loadTest(...args: string[]): Promise<Outcome & { report: LoadReport }> {
  const file = join(await temporaryFolder(), 'report.json');
  const outcome = await start('--report', file, ...args).ended;
  return { ...outcome, report: JSON.parse(await readFile(file, 'utf8')) as LoadReport };
}

function untested(report: LoadReport): string[] {
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

/** The page draws its plots with nothing but itself. */
async function expectPlots(file: string): Promise<void> {
  const page = await (await launchBrowser()).newPage();
  const asked: string[] = [];
  const errors: unknown[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => errors.push(error));
  await page.goto(pathToFileURL(file).href);
  await page.locator('.uplot canvas').nth(3).waitFor();
  expect(errors).toEqual([]);
  expect(asked).toHaveLength(1);
  expect(await page.locator('.bad').allInnerTexts()).toEqual([
    expect.stringContaining('outcome.SOLD_OUT<1'),
  ]);
}

/** What a mistake on the command line is answered. */
function complaint(...args: string[]): string {
  try {
    readOptions(args, {});
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'nothing';
}

describe('npm run loadtest', () => {
  it.each([
    [['--phase', '10 100'], 'is not a duration and a rate'],
    [['--phase', '2h 5/s'], 'is not a duration and a rate'],
    [['--phase', '0s 5/s'], 'more than 0 s'],
    [['--phase', '40m 5/s', '--phase', '40m 5/s'], 'more than 3600 s in all'],
    [['--phase', '1s 1e9/s'], 'is not a duration and a rate'],
    [['--phase', '1s 5/s', '--bookings', '3'], 'give one or the other'],
    [['--threshold', 'boking.p99<250'], 'no metric boking.p99. There are join, booking,'],
    [['--threshold', 'booking.p100<250'], 'no metric booking.p100'],
    [['--threshold', 'booking.p99=250'], 'not a metric, <'],
    [['--threshold', 'outcome.SOLDOUT<2'], 'no metric outcome.SOLDOUT'],
    [['--html', '/no/such/folder/a.html'], 'cannot write'],
    [['--html', tmpdir()], 'it is a folder'],
    [['--wait', '5'], 'needs --coordinator'],
    [['--coordinator', '0', '--wait', '0'], 'must be a number from 1'],
    [['--coordinator', '70000'], 'is not a port'],
    [['--coordinator', '0.0.0.0:5600'], 'name it with --url'],
    [['--coordinator', '0.0.0.0:5600', '--url', 'http://shop.example'], '--yes-i-own-this-server'],
    [['--machines', '2'], 'needs --coordinator'],
    [['--coordinator', '0', '--machines', '1.5'], 'must be a whole number'],
    [['--join', '127.0.0.1:5600'], 'needs the --key'],
    [['--join', '127.0.0.1:5600', '--key', 'k'], '8 to 200 characters'],
    [
      ['--join', '127.0.0.1:5600', '--key', '12345678', '--viewers', '3'],
      'the coordinator says that',
    ],
  ])('says what is wrong with %j', (args, what) => {
    expect(complaint(...args)).toContain(what);
  });

  it('believes neither of two clocks that differ', () => {
    // By the machine's own clock asked for at 10 and answered at 20; ours is 1,000 to 1,004 ms ahead.
    const page = { items: { A: { rows: [[1, 1, 10, 20, 1, 50]] } } } as unknown as HistoryPage;
    const { items } = onOurClock(page, { least: 1_000, most: 1_004 });
    expect(items.A?.rows).toEqual([[1, 1, 1_010, 1_024, 1, 1_050]]);
  });

  it('finds every promise kept while holds run out and others book, on two machines whose rate rises', async () => {
    const folder = await temporaryFolder();
    const files = { json: join(folder, 'load.json'), html: join(folder, 'load.html') };
    const coordinator = start(
      ...['--coordinator', '0', '--processes', '1', '--scenario', 'flash', '--viewers', '150'],
      ...['--phase', '3s 50-150/s', '--phase', '2s 100/s', '--hold', '1'],
      ...['--threshold', 'booking.count>400', '--threshold', 'outcome.SOLD_OUT<1'],
      ...['--report', files.json, '--html', files.html],
    );
    const [, at = '', key = ''] =
      /--join (\S+) --key (\S+)/.exec(await coordinator.said('--key')) ?? [];

    const stranger = await start('--join', at, '--key', 'not the key').ended;
    expect(stranger).toMatchObject({ code: 2, output: expect.stringContaining('wrong key') });
    await coordinator.said('did not join: wrong key');
    const partner = await start('--join', at, '--key', key).ended;
    const { code, output } = await coordinator.ended;

    expect(partner).toMatchObject({ code: 0 });
    expect(output).not.toContain('BROKEN');
    expect(output).toMatch(/^met +booking.count>400: it is 5/m);
    expect(output).toMatch(/^MISSED +outcome.SOLD_OUT<1: it is \d+$/m);
    expect(code, 'a threshold was missed').toBe(1);
    const report = JSON.parse(await readFile(files.json, 'utf8')) as LoadReport;
    expect(untested(report)).toEqual([]);
    expect(report).toMatchObject({ processes: 2, arrived: 150, lost: 0 });
    expect(report.verdict.expired).toBeGreaterThan(150);
    expect(report.timeline.reduce((sum, { begun }) => sum + begun, 0)).toBe(500);
    await expectPlots(files.html);
    const spoilt = { ...report, failed: 3, lost: 2, reasons: ['refused: <RATE_LIMITED>'] };
    expect(renderPage(report)).not.toContain('What went wrong');
    expect(renderPage(spoilt)).toMatch(
      /3 could not join, 2 were cut off[\s\S]*<li>refused: &lt;RATE_LIMITED>/,
    );
  }, 60_000);

  it('ends without a verdict when a machine is gone', async () => {
    const coordinator = start('--coordinator', '0', '--viewers', '10', '--duration', '60');
    const [, at = '', key = ''] =
      /--join (\S+) --key (\S+)/.exec(await coordinator.said('--key')) ?? [];
    const partner = start('--join', at, '--key', key);
    await coordinator.said('has joined (1 of 1)');
    partner.child.kill('SIGKILL');
    const { code, output } = await coordinator.ended;
    expect(code).toBe(1);
    expect(output).toMatch(/had a part of the load, is gone .* no verdict/);
  }, 60_000);

  it('finds every promise kept while checkouts and orders run out, too', async () => {
    const pay = await loadTest(
      ...['--scenario', 'pay', '--viewers', '100', '--bookings', '25'],
      ...['--duration', '6', '--hold', '1.5'],
    );
    expect(pay.output).not.toContain('BROKEN');
    expect(pay.code).toBe(0);
    expect(untested(pay.report)).toEqual([]);
    const { outcomes } = pay.report;
    for (const outcome of ['paid', 'order left unpaid', 'order cancelled', 'checkout left open'])
      expect(outcomes[outcome], outcome).toBeGreaterThan(0);
  }, 60_000);

  it('exits with 1 and names the promise when one viewer did not receive the end of one booking', async () => {
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
