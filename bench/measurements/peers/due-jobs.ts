import { setTimeout as delay } from 'node:timers/promises';
import type { Effort, Line } from '../../report/lines.js';
import { Child } from '../../rig/child.js';
import { SERVER_CORE } from '../../rig/cores.js';
import { peerModule } from '../../rig/peer-packages.js';
import { PrivateRedis } from '../../rig/redis.js';
import type { Common } from '../../rig/serve.js';
import { quantiles } from '../../rig/statistics.js';
import { addBystanders, releases } from '../deadlines.js';
import { ahead, rounds } from './line.js';

const JOBS = 10_000;
const ROUNDS = 2;
const WITHIN_MS = 50_000;
/** Jobs that are due long after, to see how fast they can be added. */
const PORTION = 500;
const LATER_MS = 900_000;
/** From when the first job is added to when all are due, ms; longer on a machine that adds them slowly. */
const LEAD_MS = { least: 5_000, spare: 3_000, times: 1.6 };
const TAKEN_WITHIN_MS = 60_000;

/** What bench/peers/bullmq.mjs answers. */
type BullmqMethods = {
  ready(): boolean;
  add(count: number, due: number): void;
  taken(count: number, withinMs: number): number[];
};

/** Deadlines at one instant: BullMQ's jobs as its worker gets them, beside Livehold's releases as viewers hear of them. */
export async function measureDueJobs(effort: Effort): Promise<Line[]> {
  const count = Math.round(JOBS * effort.scale);
  const ours: { p50: number; p99: number }[] = [];
  const theirs: { p50: number; p99: number }[] = [];
  await rounds(Math.min(ROUNDS, effort.rounds), WITHIN_MS, async () => {
    const { result } = await releases(count);
    if (result.missing > 0) throw new Error(`${result.missing} releases were not told`);
    ours.push(quantiles(result.lateness));
    theirs.push(quantiles(await dueJobs(count)));
  });
  const line = (at: 'p50' | 'p99') =>
    ahead({
      what: `${count.toLocaleString('en')} due at one instant: how late viewers hear (BullMQ: its worker, who tells nobody), ${at}`,
      unit: 'ms',
      livehold: ours.map((quantile) => quantile[at]),
      peer: { name: 'BullMQ', values: theirs.map((quantile) => quantile[at]) },
      better: 'low',
    });
  return [line('p50'), line('p99')];
}

async function leadFor(worker: Child<BullmqMethods & Common>, count: number): Promise<number> {
  const start = performance.now();
  await worker.call('add', PORTION, Date.now() + LATER_MS);
  const { least, spare, times } = LEAD_MS;
  return Math.max(least, spare + (times * (performance.now() - start) * count) / PORTION);
}

/** @returns how late each job came, ms */
async function dueJobs(count: number): Promise<number[]> {
  const redis = await PrivateRedis.start();
  const worker = Child.start<BullmqMethods & Common>(peerModule('bullmq.mjs'), {
    core: SERVER_CORE,
    env: { NODE_ENV: 'production', REDIS_URL: redis.url },
  });
  try {
    await worker.call('ready');
    await addBystanders(redis, count);
    const due = Date.now() + (await leadFor(worker, count));
    await worker.call('add', count, due);
    if (Date.now() > due - 1_000) throw new Error('adding the jobs took too long');
    await delay(due - Date.now() - 500);
    const lateness = await worker.call('taken', count, TAKEN_WITHIN_MS);
    if (lateness.length < count) throw new Error(`${count - lateness.length} jobs never came`);
    return lateness;
  } finally {
    await worker.stop();
    await redis.stop();
  }
}
