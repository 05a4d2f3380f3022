/** `npm run loadtest`: viewers and bookings against any server, and whether it kept its promises under them. */
import { writeFileSync } from 'node:fs';
import { runCourse } from './course.js';
import { renderPage } from './html-report.js';
import { gatherMachines } from './link/coordinator.js';
import { joinLoad } from './link/join.js';
import { openMarket } from './market.js';
import { type Options, readOptions } from './options.js';
import { startOwnServer } from './own-server.js';
import { secondsOf } from './phases.js';
import { type LoadReport, renderSummary } from './summary.js';
import { judgeThresholds } from './thresholds.js';
import { totalsOf } from './totals.js';
import { USAGE } from './usage.js';
import { UsageError } from './usage-error.js';
import { judge } from './verdict.js';
import { localWorker } from './worker-handle.js';

/** Deadlines further away than this beyond the longest hold are not waited for. */
const PATIENCE_MS = 10_000;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env);
  if (!options) {
    console.log(USAGE);
    return 0;
  }
  if ('join' in options) return joinLoad(options);
  if (options.url !== undefined) return loadTest(options, options.url);
  const server = await startOwnServer(options.hold);
  try {
    return await loadTest({ ...options, secret: server.secret }, server.url);
  } finally {
    await server.stop();
  }
}

async function loadTest(options: Options, url: string): Promise<number> {
  const { coordinator } = options;
  const runId = Date.now().toString(36);
  const market = await openMarket(options, url, runId);
  if (!market.host) console.error('No host token: the audit cannot be asked.');
  const others = coordinator && (await gatherMachines(coordinator, options, url));
  const began = performance.now();
  const own = Array.from({ length: options.processes }, localWorker);
  const workers = [...own, ...(others?.workers ?? [])];
  let why: string | undefined = 'The load ended without a verdict.';
  try {
    const { frames, actionsFrom } = await runCourse(options, market, workers, runId);
    const patience = (market.exclusive ? options.hold * 1_000 : 0) + PATIENCE_MS;
    const verdict = await judge(market, workers, patience);
    const { secret: _, hostToken: __, key: ___, ...shown } = options;
    const { recorder, ...totals } = await totalsOf(workers);
    const report: LoadReport = {
      date: new Date().toISOString(),
      options: shown,
      processes: workers.length,
      seconds: (performance.now() - began) / 1_000,
      ...totals,
      actionsFrom,
      framesPerViewer: frames / options.viewers / secondsOf(options.phases),
      verdict,
      kept: verdict.checks.every(({ kept }) => kept),
      thresholds: judgeThresholds(options.thresholds, recorder, totals),
    };
    why = undefined;
    publish(report, options);
    const met = report.thresholds.every((one) => one.met);
    return report.kept && met && report.arrived > 0 ? 0 : 1;
  } finally {
    await Promise.all(own.map((worker) => worker.stop()));
    others?.close(why);
  }
}

function publish(report: LoadReport, { report: json, html }: Options): void {
  console.log(renderSummary(report));
  if (json) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  if (html) writeFileSync(html, renderPage(report));
  if (report.arrived === 0) console.error('Nobody could join, so nothing was tested.');
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
