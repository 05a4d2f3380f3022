/** `npm run faults`: what happens to bookings and money when things go wrong; see docs/reliability.md. */
import { WORKERS_NAME } from '../../test/support/server-environment.js';
import { type Options, readOptions, UsageError } from './options.js';
import { Random } from './random.js';
import { writePage } from './report/page.js';
import { rowsOf } from './report/rows.js';
import { renderTable } from './report/table.js';
import { NotPermitted, StoreProcess } from './rig/store.js';
import { type Outcome, runFault } from './run.js';
import { Scene } from './scene.js';

const PAGE = 'docs/reliability.md';
const DATA = 'docs/reliability.json';

/** Ctrl-C: what still runs is ended, and what comes of it means nothing. */
let interrupted = false;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (typeof options === 'string') {
    console.log(options);
    return 0;
  }
  process.env[WORKERS_NAME] = String(options.workers);
  console.log(`seed ${options.seed}`);
  const outcomes: Outcome[] = [];
  const stopped = await playAll(options, outcomes).catch((error: unknown) => error);
  const rows = rowsOf(outcomes, options);
  console.log(`\n${renderTable(rows)}`);
  if (options.write) writePage(rows, PAGE, DATA);
  // What was played counts, also when the rest could not be.
  if (stopped) throw stopped;
  return rows.length > 0 && rows.every(({ broken }) => broken.length === 0) ? 0 : 1;
}

/** Round after round, so that a run that is ended early has played each fault about as often. */
async function playAll(
  { faults, times, seed, atOnce, withinSeconds }: Options,
  outcomes: Outcome[],
): Promise<void> {
  const end = performance.now() + (withinSeconds ?? Number.POSITIVE_INFINITY) * 1_000;
  const order = new Random(seed);
  const turns = Array.from({ length: times }, (_, i) =>
    order.shuffled(faults).map((fault) => ({ fault, seed: `${seed}.${i + 1}` })),
  ).flat();
  const play = async () => {
    while (performance.now() < end && !interrupted) {
      const turn = turns.shift();
      if (!turn) return;
      try {
        const outcome = await runFault(turn.fault, turn.seed);
        if (interrupted) return;
        outcomes.push(outcome);
        tell(outcome);
      } catch (error) {
        if (!(error instanceof NotPermitted)) throw error;
        console.log(`skipped ${turn.fault.name}: ${error.message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, play));
}

function tell(outcome: Outcome): void {
  const { fault, seed, findings, recoveryMs, bookings, lapsed, seconds, lost } = outcome;
  const state = findings.length === 0 ? 'kept  ' : 'BROKEN';
  const counts = `${bookings} bookings, ${lapsed} lapsed${lost > 0 ? `, ${lost} lost` : ''}`;
  const took = `recovered in ${Math.round(recoveryMs)} ms; ${Math.round(seconds)} s`;
  console.log(`${state}  ${fault.padEnd(22)} seed ${seed}: ${counts}; ${took}`);
  for (const { guarantee, detail } of findings) console.log(`        ${guarantee}: ${detail}`);
}

async function endAll(): Promise<void> {
  await Scene.closeAll();
  await StoreProcess.endAll();
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    void endAll().finally(() => process.exit(130));
  });
}

main().then(
  (code) => process.exit(code),
  async (error: unknown) => {
    if (interrupted) return;
    await endAll();
    const mistaken = error instanceof UsageError;
    console.error(mistaken ? `${error.message}\nnpm run faults -- --help says more.` : error);
    process.exit(mistaken ? 2 : 1);
  },
);
