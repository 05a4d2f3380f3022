import type { Line } from '../../report/lines.js';
import { ratios, spread } from '../../rig/statistics.js';

/** Round by round, of both sides. */
interface Beside {
  what: string;
  unit: string;
  livehold: number[];
  peer: { name: string; values: number[] };
  better: 'low' | 'high';
}

/** Calls `round` so many times, the last of them begun within so many ms; the first always. */
export async function rounds(
  count: number,
  withinMs: number,
  round: () => Promise<void>,
): Promise<void> {
  const end = performance.now() + withinMs;
  for (let done = 0; done < count && (done === 0 || performance.now() < end); done++) await round();
}

/** A line that says how many times Livehold is ahead, which is to be more than once. */
export function ahead({ what, unit, livehold, peer, better }: Beside): Line {
  const ratio =
    better === 'high'
      ? ratios(livehold, peer.values, 'high')
      : ratios(peer.values, livehold, 'low');
  return {
    key: 'peers',
    what,
    unit,
    livehold: spread(livehold),
    peer: { name: peer.name, value: spread(peer.values) },
    ratio,
    goal: { of: 'ratio', at: 'above', value: 1 },
  };
}
