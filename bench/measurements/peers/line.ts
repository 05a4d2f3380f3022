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
