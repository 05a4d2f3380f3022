import { UsageError } from './usage-error.js';

/** A stretch of the actions: their rate goes evenly from one to the other. */
export interface Phase {
  seconds: number;
  /** Actions a second at its beginning. */
  from: number;
  /** And at its end. */
  to: number;
}

const PHASE = /^\s*(\d+(?:\.\d+)?)\s*(s|m)\s+(\d+(?:\.\d+)?)(?:\s*-\s*(\d+(?:\.\d+)?))?\/s\s*$/;
const MOST_SECONDS = 3_600;
const MOST_A_SECOND = 100_000;

/** @param text as `10s 100/s` or `1m 100-2000/s` @throws UsageError */
export function readPhase(text: string): Phase {
  const [, length, unit, from, to = from] = PHASE.exec(text) ?? [];
  const phase = {
    seconds: Number(length) * (unit === 'm' ? 60 : 1),
    from: Number(from),
    to: Number(to),
  };
  if (length === undefined)
    throw new UsageError(
      `--phase: "${text}" is not a duration and a rate, such as "10s 100/s", or two rates, such as "1m 100-2000/s"`,
    );
  if (phase.seconds <= 0 || phase.seconds > MOST_SECONDS)
    throw new UsageError(
      `--phase: "${text}" must last more than 0 s and at most ${MOST_SECONDS} s`,
    );
  if (Math.max(phase.from, phase.to) > MOST_A_SECOND)
    throw new UsageError(`--phase: "${text}" is more than ${MOST_A_SECOND} actions a second`);
  return phase;
}

export function secondsOf(phases: Phase[]): number {
  return phases.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** The rate at a moment, actions a second. @param at s from the beginning */
export function rateAt(phases: Phase[], at: number): number {
  let begin = 0;
  for (const { seconds, from, to } of phases) {
    if (at >= begin && at < begin + seconds) return from + ((to - from) * (at - begin)) / seconds;
    begin += seconds;
  }
  return 0;
}

/** One of so many equal parts. */
export function partOf(phases: Phase[], of: number): Phase[] {
  return phases.map(({ seconds, from, to }) => ({ seconds, from: from / of, to: to / of }));
}

/** When each action begins, ms from the beginning of the first phase. */
export function* beginnings(phases: Phase[]): Generator<number> {
  let n = 0;
  let planned = 0;
  let begin = 0;
  for (const { seconds, from, to } of phases) {
    const before = planned;
    planned += ((from + to) / 2) * seconds;
    const slope = (to - from) / seconds;
    // Sums of fractions come out a little more than whole.
    for (; n < planned - 1e-6; n++) {
      const k = n - before;
      const at = slope === 0 ? k / from : (Math.sqrt(from * from + 2 * slope * k) - from) / slope;
      yield (begin + at) * 1_000;
    }
    begin += seconds;
  }
}

/** For people. */
export function describePhases(phases: Phase[]): string {
  return phases
    .map(({ seconds, from, to }) => {
      const rate = (n: number) => Math.round(n).toLocaleString('en');
      const rates = from === to ? rate(from) : `${rate(from)}–${rate(to)}`;
      return `${rates} actions a second for ${seconds} s`;
    })
    .join(', then ');
}
