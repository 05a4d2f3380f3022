import { setTimeout as delay } from 'node:timers/promises';
import type { Booked } from '../crowd/booking.js';
import type { Effort, Line } from '../report/lines.js';
import { type Crowd, measure, naiveStage, productStage } from '../rig/stage.js';
import { quantiles, spread } from '../rig/statistics.js';

const VIEWERS = 5_000;
const BOOKINGS_PER_SECOND = 2_000;
/** A burst, then quiet until everyone has the last values: one quiescent point, ms. */
const BURST_MS = 1_000;
/** The tutorial way falls behind at once: a tenth of a second of the same storm is all that it is given. */
const NAIVE_BURST_MS = 100;
const LAST_VALUE_WITHIN_MS = 60_000;
const POINTS_PER_ROUND = 3;

interface Storm {
  frames: number[];
  complete: number[];
  lags: number[];
  cpu: number[];
  acks: number[];
  missing: number;
  refused: number;
  busy: number;
}

/** (d) 2,000 bookings a second with 5,000 viewers in the live. */
export async function measureStorm(effort: Effort): Promise<Line[]> {
  const viewers = Math.round(VIEWERS * effort.scale);
  const product = await productStage();
  const ours = newStorm();
  try {
    await product.crowd.call('join', viewers, 100);
    await burst(product, viewers, BURST_MS);
    for (let i = 0; i < effort.rounds * POINTS_PER_ROUND; i++)
      await burst(product, viewers, BURST_MS, ours);
  } finally {
    await product.close();
  }
  const naive = await naiveStage();
  const theirs = newStorm();
  try {
    await naive.crowd.call('join', viewers, 100);
    for (let i = 0; i < 2; i++) await burst(naive, viewers, NAIVE_BURST_MS, theirs);
  } finally {
    await naive.close();
  }
  return lines(ours, theirs, viewers);
}

async function burst(
  stage: { crowd: Crowd } & Parameters<typeof measure>[0],
  viewers: number,
  ms: number,
  storm?: Storm,
): Promise<void> {
  const { crowd } = stage;
  await crowd.call('countFrames');
  await crowd.call('busy');
  const spent = await measure(stage, async () => {
    const booked: Booked = await crowd.call('bookSteadily', BOOKINGS_PER_SECOND, ms);
    const { last, lastSentAt } = booked;
    const seen = await crowd.call('expectLast', last, lastSentAt, LAST_VALUE_WITHIN_MS);
    return { booked, seen };
  });
  const { booked, seen } = spent.result;
  const frames = await crowd.call('countFrames');
  const busy = await crowd.call('busy');
  if (storm) {
    storm.frames.push((frames / viewers) * (1_000 / spent.ms));
    storm.complete.push(seen.missing > 0 ? LAST_VALUE_WITHIN_MS : seen.complete);
    storm.lags.push(...seen.lags);
    storm.cpu.push((100 * spent.serverMicros) / 1_000 / spent.ms);
    storm.acks.push(booked.p99);
    storm.missing += seen.missing;
    storm.refused += booked.refused;
    storm.busy = Math.max(storm.busy, busy);
  }
  await delay(300);
}

function newStorm(): Storm {
  return { frames: [], complete: [], lags: [], cpu: [], acks: [], missing: 0, refused: 0, busy: 0 };
}

function lines(ours: Storm, theirs: Storm, viewers: number): Line[] {
  const all = quantiles(ours.lags);
  const naive = quantiles(theirs.lags);
  const one = (value: number) => spread([value]);
  const both = (key: 'frames' | 'complete' | 'cpu' | 'acks') => ({
    livehold: spread(ours[key]),
    naive: spread(theirs[key]),
  });
  const key = 'd';
  return [
    {
      key,
      what: `storm, ${viewers.toLocaleString('en')} viewers: frames a viewer a second`,
      unit: '',
      ...both('frames'),
      goal: { of: 'livehold', at: 'most', value: 20 },
    },
    {
      key,
      what: 'until a viewer has the last value, p50',
      unit: 'ms',
      livehold: one(all.p50),
      naive: one(naive.p50),
    },
    {
      key,
      what: 'the same, p99',
      unit: 'ms',
      livehold: one(all.p99),
      naive: one(naive.p99),
      goal: { of: 'livehold', at: 'most', value: 250 },
    },
    { key, what: 'until the last viewer has it', unit: 'ms', ...both('complete') },
    { key, what: 'acks p99, from when they were due', unit: 'ms', ...both('acks') },
    { key, what: 'server CPU, of one core', unit: '%', ...both('cpu') },
    {
      key,
      what: 'viewers that never got it',
      unit: '',
      livehold: one(ours.missing),
      naive: one(theirs.missing),
    },
    {
      key,
      what: 'longest stall of the load itself',
      unit: 'ms',
      livehold: one(ours.busy),
      naive: one(theirs.busy),
    },
  ];
}
