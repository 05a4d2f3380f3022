import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import type { Released } from '../crowd/deadlines.js';
import type { Effort, Line } from '../report/lines.js';
import { PrivateRedis } from '../rig/redis.js';
import { measure, type ProductStage, productStage, type Spent } from '../rig/stage.js';
import { quantiles, spread } from '../rig/statistics.js';

const HOLDS = 10_000;
const ROUNDS = 3;
const VIEWERS = 2_000;
/** Holds with the same deadline are booked in portions, each with the timeout that ends at the one instant. */
const PORTION = 100;
/** Keys with a later TTL beside each that is due: sessions, carts, other holds. */
const BYSTANDERS = 10;
/** From the first portion to the instant, ms; longer on a machine that books slowly: so many times what a portion took. */
const LEAD_MS = { least: 10_000, spare: 3_000, times: 1.6 };
const TIMEOUT_MINUTES = 15;
const RELEASED_WITHIN_MS = 30_000;
/** The other case: deadlines over so long, ms, while so many others book a second. */
const SPREAD_MS = 1_000;
const BOOKINGS_PER_SECOND = 2_000;
/** Notifications are waited for this long, ms; what has not come by then is counted. */
const NOTIFIED_WITHIN_MS = 60_000;

/**
 * (e) Holds that are all due at one instant, and over one second while others book: how late their viewers hear, beside
 * Redis's expiry notifications.
 */
export async function measureDeadlines(effort: Effort): Promise<Line[]> {
  const holds = Math.round(HOLDS * effort.scale);
  const rounds: Spent<Released>[] = [];
  while (rounds.length < Math.min(ROUNDS, effort.rounds)) rounds.push(await releases(holds));
  const notified = await notifications(holds);
  const busy: Awaited<ReturnType<typeof releasesWhileBooking>>[] = [];
  while (busy.length < rounds.length) busy.push(await releasesWhileBooking(holds, effort.scale));
  const late = rounds.map(({ result }) => quantiles(result.lateness));
  const theirs = quantiles(notified.lateness);
  const one = (value: number) => spread([value]);
  const all = (of: (round: Spent<Released>) => number) =>
    one(rounds.reduce((sum, r) => sum + of(r), 0));
  const key = 'e';
  return [
    {
      key,
      what: `${holds.toLocaleString('en')} holds due within ${Math.max(...rounds.map(({ result }) => result.span))} ms, among ${BYSTANDERS} times as many keys with a TTL: lateness p50`,
      unit: 'ms',
      livehold: spread(late.map(({ p50 }) => p50)),
      naive: one(theirs.p50),
    },
    {
      key,
      what: 'lateness p99',
      unit: 'ms',
      livehold: spread(late.map(({ p99 }) => p99)),
      naive: one(theirs.p99),
      goal: { of: 'livehold', at: 'most', value: 250 },
    },
    {
      key,
      what: 'lateness of the last',
      unit: 'ms',
      livehold: spread(late.map(({ max }) => max)),
      naive: one(theirs.max),
    },
    {
      key,
      what: 'released early',
      unit: '',
      livehold: all(({ result }) => result.early),
      naive: one(notified.early),
      goal: { of: 'livehold', at: 'most', value: 0 },
    },
    {
      key,
      what: `not told at all (waited ${RELEASED_WITHIN_MS / 1_000} s; notifications ${NOTIFIED_WITHIN_MS / 1_000} s)`,
      unit: '',
      livehold: all(({ result }) => result.missing),
      naive: one(notified.missing),
      goal: { of: 'livehold', at: 'most', value: 0 },
    },
    {
      key,
      what: 'server CPU a release',
      unit: 'µs',
      livehold: spread(rounds.map((round) => round.serverMicros / holds)),
    },
    {
      key,
      what: 'Redis CPU a release',
      unit: 'µs',
      livehold: spread(rounds.map(({ redis }) => (redis?.threadMicros ?? 0) / holds)),
    },
    ...whileBooking(busy, holds),
  ];
}

function whileBooking(
  rounds: { released: Released; ackP99: number; refused: number }[],
  holds: number,
): Line[] {
  const key = 'e';
  return [
    {
      key,
      what: `${holds.toLocaleString('en')} holds due over ${Math.max(...rounds.map(({ released }) => released.span))} ms while ${BOOKINGS_PER_SECOND.toLocaleString('en')} bookings a second go on: lateness p99`,
      unit: 'ms',
      livehold: spread(rounds.map(({ released }) => quantiles(released.lateness).p99)),
      goal: { of: 'livehold', at: 'most', value: 100 },
    },
    {
      key,
      what: 'the same: acks of those bookings p99, from when they were due',
      unit: 'ms',
      livehold: spread(rounds.map(({ ackP99 }) => ackP99)),
    },
    {
      key,
      what: 'the same: released early, not told, or refused',
      unit: '',
      livehold: spread(
        rounds.map(({ released, refused }) => released.early + released.missing + refused),
      ),
      goal: { of: 'livehold', at: 'most', value: 0 },
    },
  ];
}

async function releasesWhileBooking(holds: number, scale: number) {
  const stage = await productStage({ items: 20 });
  const { crowd, host } = stage;
  try {
    await crowd.call('join', Math.min(VIEWERS, holds), 50);
    await crowd.call('expectReleases', holds);
    const from = Date.now() + (await leadFor(holds, stage));
    await holdUntil(from, holds, stage, SPREAD_MS);
    await host.patchSettings({ booking: { bookingTimeoutMinutes: TIMEOUT_MINUTES } });
    await delay(from - Date.now() - 500);
    const [released, booked] = await Promise.all([
      crowd.call('released', RELEASED_WITHIN_MS),
      crowd.call('bookSteadily', BOOKINGS_PER_SECOND * scale, SPREAD_MS + 1_000),
    ]);
    return { released, ackP99: booked.p99, refused: booked.refused };
  } finally {
    await stage.close();
  }
}

/** One round: holds of viewers that are all due at one instant. */
export async function releases(holds: number) {
  const stage = await productStage({ items: 20 });
  const { crowd } = stage;
  try {
    await addBystanders(stage.redis, holds);
    await crowd.call('join', Math.min(VIEWERS, holds), 50);
    await crowd.call('expectReleases', holds);
    const instant = Date.now() + (await leadFor(holds, stage));
    await holdUntil(instant, holds, stage);
    await delay(instant - Date.now() - 500);
    return await measure<Released>(stage, () => crowd.call('released', RELEASED_WITHIN_MS));
  } finally {
    await stage.close();
  }
}

/** How long before their deadline holds are to be begun, ms: two portions that lapse later show how fast this goes. */
async function leadFor(
  holds: number,
  { host, crowd }: Pick<ProductStage, 'host' | 'crowd'>,
): Promise<number> {
  let took = 0;
  for (let i = 0; i < 2; i++) {
    const start = performance.now();
    await host.patchSettings({ booking: { bookingTimeoutMinutes: TIMEOUT_MINUTES } });
    await crowd.call('bookOnce', PORTION);
    took = performance.now() - start;
  }
  const { least, spare, times } = LEAD_MS;
  return Math.max(least, spare + times * took * (holds / PORTION));
}

/** Holds that are all due at one instant, epoch ms, or from then on over `spreadMs`. */
export async function holdUntil(
  instant: number,
  holds: number,
  { host, crowd }: Pick<ProductStage, 'host' | 'crowd'>,
  spreadMs = 0,
): Promise<void> {
  for (let booked = 0; booked < holds; booked += PORTION) {
    await host.patchSettings({
      booking: {
        bookingTimeoutMinutes: (instant + (spreadMs * booked) / holds - Date.now()) / 60_000,
      },
    });
    const { refused } = await crowd.call('bookOnce', Math.min(PORTION, holds - booked));
    if (refused > 0) throw new Error('a hold was refused');
  }
  if (Date.now() > instant - 1_000) throw new Error('booking the holds took too long');
}

export async function addBystanders(redis: PrivateRedis, holds: number): Promise<void> {
  for (let i = 0; i < holds * BYSTANDERS; i += 1_000) {
    await Promise.all(
      Array.from({ length: 1_000 }, (_, n) => redis.client.set(`later:${i + n}`, 1, { EX: 900 })),
    );
  }
}

/** The same number of keys that expire at one instant. */
async function notifications(holds: number): Promise<Omit<Released, 'span' | 'due'>> {
  const redis = await PrivateRedis.start({ 'notify-keyspace-events': 'Ex' });
  const listener = createClient({ url: redis.url });
  listener.on('error', () => {});
  const cameAt: number[] = [];
  try {
    await listener.connect();
    await listener.subscribe('__keyevent@0__:expired', () => cameAt.push(Date.now()));
    await addBystanders(redis, holds);
    const instant = Date.now() + 2_000;
    for (let i = 0; i < holds; i += 500) {
      await Promise.all(
        Array.from({ length: 500 }, (_, n) =>
          redis.client.set(`due:${i + n}`, 1, { expiration: { type: 'PXAT', value: instant } }),
        ),
      );
    }
    const end = instant + NOTIFIED_WITHIN_MS;
    while (cameAt.length < holds && Date.now() < end) await delay(20);
    const lateness = cameAt.map((at) => at - instant);
    const early = lateness.filter((ms) => ms < 0).length;
    return { lateness, missing: holds - cameAt.length, early };
  } finally {
    if (listener.isOpen) listener.destroy();
    await redis.stop();
  }
}
