import type { Effort, Line } from '../report/lines.js';
import { bareStage, productStage, samplesOf } from '../rig/stage.js';
import { spread } from '../rig/statistics.js';
import type { Samples } from '../subjects/bare.js';

/** These come first, and bring the server to its working size. */
const FIRST = 1_000;
const MORE = 4_000;
const ROUNDS = 3;

/** (g) Resident memory of one more viewer who joined and does nothing, beside a bare one in a room. */
export async function measureMemory(effort: Effort): Promise<Line[]> {
  const more = Math.round(MORE * effort.scale);
  const sampled = await productStage();
  const samples = await samplesOf(sampled).finally(() => sampled.close());
  const kilobytes = { bare: [] as number[], signed: [] as number[], anonymous: [] as number[] };
  for (let round = 0; round < Math.min(ROUNDS, effort.rounds); round++) {
    for (const name of ['bare', 'signed', 'anonymous'] as const)
      kilobytes[name].push(await perViewer(name, more, samples));
  }
  const bare = spread(kilobytes.bare);
  const line = (what: string, values: number[]): Line => ({
    key: 'g',
    what,
    unit: 'KB',
    livehold: spread(values),
    bare,
    ratio: spread(values.map((value) => value / bare.median)),
    goal: { of: 'livehold', at: 'most', value: 11 },
  });
  return [
    line('memory (RSS) an idle viewer without a token', kilobytes.anonymous),
    line('memory (RSS) an idle viewer with a token', kilobytes.signed),
  ];
}

async function perViewer(
  name: 'bare' | 'signed' | 'anonymous',
  more: number,
  samples: Samples,
): Promise<number> {
  const stage =
    name === 'bare'
      ? await bareStage(samples)
      : await productStage({ anonymous: name === 'anonymous' });
  try {
    await stage.crowd.call('join', FIRST, 50);
    const before = await settled(stage.server);
    await stage.crowd.call('join', more, 50);
    const after = await settled(stage.server);
    return (after - before) / more / 1_024;
  } finally {
    await stage.close();
  }
}

async function settled(server: {
  call(name: 'collect'): Promise<void>;
  call(name: 'usage'): Promise<{ rss: number }>;
}): Promise<number> {
  await server.call('collect');
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await server.call('collect');
  return (await server.call('usage')).rss;
}
