import type { Joined } from '../crowd/main.js';
import type { Effort, Line } from '../report/lines.js';
import { bareStage, measure, productStage, type Spent, samplesOf } from '../rig/stage.js';
import { ratios, spread } from '../rig/statistics.js';
import type { Samples } from '../subjects/bare.js';

const VIEWERS = 8_000;
/** A server that just started is no fair subject: this many join and leave before, viewers. */
const WARM_UP = 1_000;
const ROUNDS = 3;
const NAMES = ['bare', 'signed', 'anonymous'] as const;

/** (f) Thousands join at once: none may fail, and the CPU of a join beside that of a bare join with the same answer. */
export async function measureJoinStorm(effort: Effort): Promise<Line[]> {
  const viewers = Math.round(VIEWERS * effort.scale);
  const sampled = await productStage();
  const samples = await samplesOf(sampled).finally(() => sampled.close());
  const runs = {
    bare: [] as Spent<Joined>[],
    signed: [] as Spent<Joined>[],
    anonymous: [] as Spent<Joined>[],
  };
  for (let round = 0; round < Math.min(ROUNDS, effort.rounds); round++)
    for (const name of NAMES) runs[name].push(await storm(name, viewers, samples));
  return lines(runs, viewers);
}

async function storm(
  name: (typeof NAMES)[number],
  viewers: number,
  samples: Samples,
): Promise<Spent<Joined>> {
  const stage =
    name === 'bare'
      ? await bareStage(samples)
      : await productStage({ anonymous: name === 'anonymous' });
  try {
    await stage.crowd.call('join', WARM_UP, 50);
    await stage.crowd.call('leave');
    return await measure(stage, () => stage.crowd.call('join', viewers, viewers));
  } finally {
    await stage.close();
  }
}

function lines(runs: Record<(typeof NAMES)[number], Spent<Joined>[]>, viewers: number): Line[] {
  const of = (name: (typeof NAMES)[number], value: (run: Spent<Joined>) => number) =>
    runs[name].map(value);
  const cost = (run: Spent<Joined>) => run.serverMicros / run.result.joined;
  const failed = (run: Spent<Joined>) => run.result.failed;
  const took = (run: Spent<Joined>) => run.result.ms;
  const key = 'f';
  const count = viewers.toLocaleString('en');
  const beside = (name: 'signed' | 'anonymous', value: (run: Spent<Joined>) => number) => ({
    livehold: spread(of(name, value)),
    bare: spread(of('bare', value)),
    ratio: ratios(of(name, value), of('bare', value)),
  });
  return [
    {
      key,
      what: `${count} join at once: failed`,
      unit: '',
      livehold: spread([...of('signed', failed), ...of('anonymous', failed)]),
      bare: spread(of('bare', failed)),
      goal: { of: 'livehold', at: 'most', value: 0 },
    },
    {
      key,
      what: 'server CPU a join, viewers without a token',
      unit: 'µs',
      ...beside('anonymous', cost),
      goal: { of: 'ratio', at: 'most', value: 1.5 },
    },
    {
      key,
      what: 'server CPU a join, with a token and the viewer’s own state',
      unit: 'µs',
      ...beside('signed', cost),
      goal: { of: 'ratio', at: 'most', value: 1.25 },
    },
    { key, what: 'until the last has joined, with tokens', unit: 'ms', ...beside('signed', took) },
  ];
}
