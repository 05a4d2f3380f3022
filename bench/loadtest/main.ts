/** `npm run loadtest`: viewers and bookings against any server, and whether it kept its promises under them. */
import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Child } from '../rig/child.js';
import type { Common } from '../rig/serve.js';
import { createDisplay } from './display.js';
import { type Market, openMarket } from './market.js';
import { type Options, readOptions, USAGE, UsageError } from './options.js';
import { startOwnServer } from './own-server.js';
import type { Share } from './plan.js';
import { Recorder } from './recorder.js';
import { type LoadReport, renderSummary } from './summary.js';
import { judge, type Worker } from './verdict.js';
import type { WorkerMethods } from './worker.js';

const WORKER = new URL('./worker.js', import.meta.url);
const LEAD_MS = 500;
const SHOW_EVERY_MS = 250;
/** After the last deadline, for releases and frames to arrive. */
const SETTLE_MS = 10_000;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (!options) {
    console.log(USAGE);
    return 0;
  }
  if (options.url !== undefined) return loadTest(options, options.url);
  const server = await startOwnServer();
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
    const patience = (market.exclusive ? options.hold * 1_000 : 0) + SETTLE_MS;
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
  const { processes, viewers, rate, bookings, duration, scenario } = options;
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
        viewers: Math.floor(viewers / processes) + (index < viewers % processes ? 1 : 0),
        arrivalsPerSecond: rate / processes,
        actionsPerSecond: bookings / processes,
        durationSeconds: duration,
      };
      await worker.call('prepare', share);
      return worker;
    }),
  );
}

/** Arrivals, then actions once everyone is there. Answers the stock frames that viewers got while actions ran. */
async function runAll(options: Options, workers: Worker[]): Promise<number> {
  const { viewers, rate, duration } = options;
  const display = createDisplay(viewers);
  const arriving = (viewers / rate) * 1_000;
  const acting = duration * 1_000;
  const phase = async (method: 'arriveAll' | 'act', from: number, length: number) => {
    const at = Date.now() + LEAD_MS;
    let over = false;
    const finished = Promise.all(workers.map((worker) => worker.call(method, at))).finally(() => {
      over = true;
    });
    while (!over) {
      const progress = await Promise.all(workers.map((worker) => worker.call('progress')));
      const done = Math.min(length, Math.max(0, Date.now() - at));
      display.show(progress, (from + done) / (arriving + acting));
      await Promise.race([finished, delay(SHOW_EVERY_MS)]);
    }
    await finished;
  };
  try {
    await phase('arriveAll', 0, arriving);
    const before = await framesSeen(workers);
    await phase('act', arriving, acting);
    return (await framesSeen(workers)) - before;
  } finally {
    display.stop();
  }
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
