import { setTimeout as delay } from 'node:timers/promises';
import type { Released } from '../crowd/deadlines.js';
import type { Served } from '../crowd/waiting.js';
import type { Effort, Line } from '../report/lines.js';
import { measure, productStage, type Spent } from '../rig/stage.js';
import { quantiles, spread } from '../rig/statistics.js';
import { holdUntil } from './deadlines.js';

const WAITING = 10_000;
const HOLDS = 1_000;
const ROUNDS = 3;
/** From the first hold to the instant at which all are due, ms: whoever waits joins the line meanwhile. */
const LEAD_MS = { plain: 5_000, waiting: 10_000 };
const TOLD_WITHIN_MS = 15_000;

interface Round {
  /** The same holds while nobody waits: when their viewers hear that they are over. */
  plain: Spent<Released>;
  handed: Spent<Served>;
}

/** (i) Holds that lapse at one instant while thousands wait for the item, beside the same holds while nobody does. */
export async function measureWaitingLine(effort: Effort): Promise<Line[]> {
  const [holds, waiting] = [HOLDS, WAITING].map((n) => Math.round(n * effort.scale)) as [
    number,
    number,
  ];
  const rounds: Round[] = [];
  while (rounds.length < Math.min(ROUNDS, effort.rounds)) rounds.push(await round(holds, waiting));
  const key = 'i';
  const late = (of: (round: Round) => number[], at: 'p50' | 'p99') =>
    spread(rounds.map((one) => quantiles(of(one))[at]));
  const all = (of: (round: Round) => number) =>
    spread([rounds.reduce((sum, one) => sum + of(one), 0)]);
  const plain = ({ plain: { result } }: Round) => result.lateness;
  const handed = ({ handed: { result } }: Round) => result.lateness;
  const what = `${holds.toLocaleString('en')} holds of one item lapse at once`;
  return [
    {
      key,
      what: `${what}, nobody waits: its viewer hears of it, p50`,
      unit: 'ms',
      livehold: late(plain, 'p50'),
    },
    { key, what: 'the same, p99', unit: 'ms', livehold: late(plain, 'p99') },
    {
      key,
      what: `${waiting.toLocaleString('en')} wait for it: who gets a unit hears of it, p50`,
      unit: 'ms',
      livehold: late(handed, 'p50'),
    },
    {
      key,
      what: 'the same, p99',
      unit: 'ms',
      livehold: late(handed, 'p99'),
      goal: { of: 'livehold', at: 'most', value: 400 },
    },
    {
      key,
      what: 'of them not told, or told before somebody in front of them',
      unit: '',
      livehold: all(({ handed: { result } }) => result.missing + result.outOfOrder),
      goal: { of: 'livehold', at: 'most', value: 0 },
    },
    {
      key,
      what: 'Redis CPU a hand-over',
      unit: 'µs',
      livehold: spread(rounds.map((one) => (one.handed.redis?.threadMicros ?? 0) / holds)),
    },
    {
      key,
      what: 'server CPU a hand-over',
      unit: 'µs',
      livehold: spread(rounds.map((one) => one.handed.serverMicros / holds)),
    },
  ];
}

async function round(holds: number, waiting: number): Promise<Round> {
  const stage = await productStage({ items: 1, stock: holds });
  const { crowd, host } = stage;
  const lapse = async (lead: number, meanwhile: () => Promise<void>) => {
    await crowd.call('expectReleases', holds);
    const instant = Date.now() + lead;
    await holdUntil(instant, holds, stage);
    await meanwhile();
    const left = instant - Date.now() - 300;
    if (left < 0) throw new Error('joining the line took too long');
    await delay(left);
  };
  try {
    await crowd.call('join', holds + waiting, 50);
    await lapse(LEAD_MS.plain, async () => {});
    const plain = await measure(stage, () => crowd.call('released', TOLD_WITHIN_MS));
    await lapse(LEAD_MS.waiting, async () => {
      // What is handed over must not lapse while it is measured.
      await host.patchSettings({ booking: { bookingTimeoutMinutes: 15 } });
      const refused = await crowd.call('waitInLine', holds);
      if (refused > 0) throw new Error(`${refused} could not wait`);
    });
    const handed = await measure(stage, async () => {
      const { due } = await crowd.call('released', TOLD_WITHIN_MS);
      return crowd.call('served', due, TOLD_WITHIN_MS);
    });
    return { plain, handed };
  } finally {
    await stage.close();
  }
}
