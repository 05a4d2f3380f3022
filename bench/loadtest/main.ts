/** `npm run loadtest`: viewers and bookings against any server, and whether it kept its promises under them. */
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Child } from '../rig/child.js';
import type { Common } from '../rig/serve.js';
import { createDisplay, type Display } from './display.js';
import { type Market, openMarket } from './market.js';
import { type Options, readOptions, USAGE, UsageError } from './options.js';
import { startOwnServer } from './own-server.js';
import { EARLY_PER_SECOND, EARLY_SHARE, type Share } from './plan.js';
import { Recorder } from './recorder.js';
import { type LoadReport, renderSummary } from './summary.js';
import { judge, type Worker } from './verdict.js';
import type { WorkerMethods } from './worker.js';

const WORKER = new URL('./worker.js', import.meta.url);
const LEAD_MS = 500;
const SHOW_EVERY_MS = 250;
/** Deadlines further away than this beyond the longest hold are not waited for. */
const PATIENCE_MS = 10_000;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (!options) {
    console.log(USAGE);
    return 0;
  }
  if (options.url !== undefined) return loadTest(options, options.url);
  const server = await startOwnServer(options.hold);
  try {
    return await loadTest({ ...options, secret: server.secret }, server.url);
  } finally {
    await server.stop();
  }
}

async function loadTest(options: Options, url: string): Promise<number> {
  const began = performance.now();
  const runId = Date.now().toString(36);
  const market = await openMarket(options, url, runId);
  if (!market.host) console.error('No host token: the audit cannot be asked.');
  const workers = await startWorkers(options, market, runId);
  try {
    const frames = await runAll(options, workers);
    const patience = (market.exclusive ? options.hold * 1_000 : 0) + PATIENCE_MS;
    const verdict = await judge(market, workers, patience);
    const { secret: _, hostToken: __, ...shown } = options;
    const report: LoadReport = {
      date: new Date().toISOString(),
      options: shown,
      seconds: (performance.now() - began) / 1_000,
      ...(await totals(workers)),
      framesPerViewer: frames / options.viewers / options.duration,
      verdict,
      kept: verdict.checks.every(({ kept }) => kept),
    };
    console.log(renderSummary(report));
    if (options.report) writeFileSync(options.report, `${JSON.stringify(report, null, 2)}\n`);
    if (report.arrived === 0) console.error('Nobody could join, so nothing was tested.');
    return report.kept && report.arrived > 0 ? 0 : 1;
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
}

async function startWorkers(options: Options, market: Market, runId: string): Promise<Worker[]> {
  const { url, shopId, liveId, itemIds, secret } = market;
  const { processes, viewers, bookings, duration, scenario } = options;
  return Promise.all(
    Array.from({ length: processes }, async (_, index) => {
      const worker = Child.start<WorkerMethods & Common>(WORKER);
      const share: Share = {
        url,
        shopId,
        liveId,
        itemIds,
        secret,
        runId,
        scenario,
        index,
        of: processes,
        viewers: part(viewers, processes, index),
        actionsPerSecond: bookings / processes,
        durationSeconds: duration,
      };
      await worker.call('prepare', share);
      return worker;
    }),
  );
}

/** What is left over goes to the first ones. */
function part(whole: number, of: number, index: number): number {
  return Math.floor(whole / of) + (index < whole % of ? 1 : 0);
}

/**
 * Arrivals, then actions once everyone is there; in a join storm most arrive while the actions run. Answers the stock
 * frames that viewers got while actions ran.
 */
async function runAll(options: Options, workers: Worker[]): Promise<number> {
  const { viewers, rate, duration, scenario } = options;
  const storm = scenario === 'join';
  const first = storm ? Math.max(workers.length, Math.ceil(viewers * EARLY_SHARE)) : viewers;
  const firstRate = storm ? EARLY_PER_SECOND : rate;
  const arriving = (first / firstRate) * 1_000;
  const acting = duration * 1_000;
  const display = createDisplay(viewers, arriving + acting);
  const each = (work: (worker: Worker, index: number) => Promise<void>) =>
    Promise.all(workers.map(work));
  const arrive = (at: number, from: number, to: number, perSecond: number) =>
    each((worker, index) => {
      const [skip, last] = [part(from, workers.length, index), part(to, workers.length, index)];
      return worker.call('arrive', at, skip, last, perSecond / workers.length);
    });
  try {
    await watched(display, workers, 0, arriving, (at) => arrive(at, 0, first, firstRate));
    const before = await framesSeen(workers);
    await watched(display, workers, arriving, acting, (at) =>
      Promise.all([
        each((worker) => worker.call('act', at)),
        storm ? arrive(at, first, viewers, rate) : undefined,
      ]),
    );
    return (await framesSeen(workers)) - before;
  } finally {
    display.stop();
  }
}

/** Shows how it goes until the work is done. @param work gets the moment of its beginning, epoch ms */
async function watched(
  display: Display,
  workers: Worker[],
  from: number,
  length: number,
  work: (at: number) => Promise<unknown>,
): Promise<void> {
  const at = Date.now() + LEAD_MS;
  let over = false;
  const finished = work(at).finally(() => {
    over = true;
  });
  while (!over) {
    const progress = await Promise.all(workers.map((worker) => worker.call('progress')));
    display.show(progress, from + Math.min(length, Math.max(0, Date.now() - at)));
    await Promise.race([finished, delay(SHOW_EVERY_MS)]);
  }
  await finished;
}

async function framesSeen(workers: Worker[]): Promise<number> {
  const counts = await Promise.all(workers.map((worker) => worker.call('recorded')));
  return counts.reduce((total, { frames }) => total + frames, 0);
}

async function totals(
  workers: Worker[],
): Promise<Pick<LoadReport, 'arrived' | 'failed' | 'lost' | 'outcomes' | 'latencies' | 'reasons'>> {
  const recorder = new Recorder();
  const outcomes: Record<string, number> = {};
  const reasons = new Set<string>();
  let [arrived, failed, lost] = [0, 0, 0];
  for (const worker of workers) {
    const progress = await worker.call('progress');
    const recorded = await worker.call('recorded');
    arrived += progress.arrived;
    failed += progress.failed;
    lost += progress.lost;
    for (const [name, count] of Object.entries(progress.outcomes))
      outcomes[name] = (outcomes[name] ?? 0) + count;
    for (const reason of recorded.reasons) reasons.add(reason);
    recorder.add(recorded.timings);
  }
  return { arrived, failed, lost, outcomes, latencies: recorder.summary(), reasons: [...reasons] };
}

// Children end with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof UsageError) {
      console.error(`${error.message}\nnpm run loadtest -- --help says more.`);
      process.exit(2);
    }
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
