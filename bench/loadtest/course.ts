import { setTimeout as delay } from 'node:timers/promises';
import { createDisplay, type Display } from './display.js';
import { lifetimeOf, type Market, tokensOf } from './market.js';
import type { Options } from './options.js';
import { partOf, secondsOf } from './phases.js';
import { EARLY_PER_SECOND, EARLY_SHARE, type Share } from './plan.js';
import { clock } from './visitor.js';
import type { Worker } from './worker-handle.js';

/** From the order to begin until all begin: it must have reached every machine by then, ms. */
const LEAD_MS = 500;
const SHOW_EVERY_MS = 250;

/** When the load and its actions began, and what came of it. */
export interface Course {
  /** Of the first action, s after the first arrival. */
  actionsFrom: number;
  /** Stock frames that viewers got while actions ran. */
  frames: number;
}

/** Gives each process its share. @param zero when the load will begin, for what is told second by second */
async function giveShares(
  options: Options,
  market: Market,
  workers: Worker[],
  runId: string,
  zero: number,
): Promise<void> {
  const { url, shopId, liveId, itemIds } = market;
  const { viewers, phases, scenario } = options;
  const of = workers.length;
  const given = { url, shopId, liveId, itemIds, runId, scenario, of, phases: partOf(phases, of) };
  await Promise.all(
    workers.map(async (worker, index) => {
      const mine = { index, of, viewers: part(viewers, of, index) };
      const tokens = tokensOf(market, lifetimeOf(options), runId, mine);
      const share: Share = { ...given, ...mine, tokens, zero, ahead: worker.ahead };
      await worker.call('prepare', share);
    }),
  );
}

/** What is left over goes to the first ones. */
function part(whole: number, of: number, index: number): number {
  return Math.floor(whole / of) + (index < whole % of ? 1 : 0);
}

/** Who comes before the storm: in each process somebody, as far as there are so many. */
export function earlyOf(viewers: number, processes: number): number {
  return Math.min(viewers, Math.max(processes, Math.ceil(viewers * EARLY_SHARE)));
}

/** Arrivals, then actions once everyone is there; in a join storm most arrive while the actions run. */
export async function runCourse(
  options: Options,
  market: Market,
  workers: Worker[],
  runId: string,
): Promise<Course> {
  const { viewers, rate, phases, scenario } = options;
  const storm = scenario === 'join';
  const first = storm ? earlyOf(viewers, workers.length) : viewers;
  const firstRate = storm ? EARLY_PER_SECOND : rate;
  const arriving = (first / firstRate) * 1_000;
  const acting = secondsOf(phases) * 1_000;
  const zero = clock();
  await giveShares(options, market, workers, runId, zero);
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
    let actionsFrom = 0;
    await watched(display, workers, arriving, acting, (at) => {
      actionsFrom = (at - zero) / 1_000;
      return Promise.all([
        each((worker) => worker.call('act', at)),
        storm ? arrive(at, first, viewers, rate) : undefined,
      ]);
    });
    return { actionsFrom, frames: (await framesSeen(workers)) - before };
  } finally {
    display.stop();
  }
}

/** Shows how it goes until the work is done. @param work gets the moment of its beginning */
async function watched(
  display: Display,
  workers: Worker[],
  from: number,
  length: number,
  work: (at: number) => Promise<unknown>,
): Promise<void> {
  const at = clock() + LEAD_MS;
  let over = false;
  const finished = work(at).finally(() => {
    over = true;
  });
  // Where a machine is gone, what it is asked next may fail first: this is not to end the program before it has tidied up.
  finished.catch(() => {});
  while (!over) {
    const progress = await Promise.all(workers.map((worker) => worker.call('progress')));
    display.show(progress, from + Math.min(length, Math.max(0, clock() - at)));
    await Promise.race([finished, delay(SHOW_EVERY_MS)]);
  }
  await finished;
}

async function framesSeen(workers: Worker[]): Promise<number> {
  const counts = await Promise.all(workers.map((worker) => worker.call('recorded')));
  return counts.reduce((total, { frames }) => total + frames, 0);
}
