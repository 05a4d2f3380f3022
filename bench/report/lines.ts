import type { Spread } from '../rig/statistics.js';

/** How much to measure: `--quick` takes less of everything. */
export interface Effort {
  rounds: number;
  roundMs: number;
  warmUpMs: number;
  /** Multiplies numbers of viewers, holds and the like. */
  scale: number;
}

export const FULL: Effort = { rounds: 7, roundMs: 2_000, warmUpMs: 2_500, scale: 1 };
export const QUICK: Effort = { rounds: 2, roundMs: 1_000, warmUpMs: 1_000, scale: 0.2 };

/** What the line should come to. */
interface Goal {
  of: 'ratio' | 'livehold';
  at: 'least' | 'most' | 'above';
  value: number;
}

/** One line of the table. A part that does not apply is left out. */
export interface Line {
  /** The letter of the measurement. */
  key: string;
  what: string;
  unit: string;
  livehold: Spread;
  bare?: Spread;
  naive?: Spread;
  /** Another program, in its own discipline. */
  peer?: { name: string; value: Spread };
  /**
   * Livehold to bare: best round to best round, and the range round by round. Beside a peer, how many times Livehold is
   * ahead of it.
   */
  ratio?: Spread;
  goal?: Goal;
}

/** What a booking costs when one thing has grown to `at`. */
export interface Point {
  dimension: string;
  at: number;
  redisMicros: number;
  serverMicros: number;
  /** When nobody books, of one core. */
  idleRedisPercent: number;
  idleServerPercent: number;
}

export function isMet(line: Line): boolean | undefined {
  const { goal } = line;
  if (!goal) return undefined;
  const value = (goal.of === 'ratio' ? line.ratio : line.livehold)?.median ?? Number.NaN;
  if (goal.at === 'above') return value > goal.value;
  return goal.at === 'least' ? value >= goal.value : value <= goal.value;
}
