import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js';
import type { Timeline } from './timeline.js';

/** What is timed, each from its intended start. */
const TIMINGS = ['join', 'book', 'cancel', 'look', 'checkout', 'order', 'pay', 'release'] as const;
export type Timing = (typeof TIMINGS)[number];

const HIGHEST_MICROS = 120_000_000;

function histogram(): Histogram {
  return build({
    highestTrackableValue: HIGHEST_MICROS,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
  });
}

/** Histograms as they travel from process to process. */
export type Recorded = Partial<Record<Timing, string>>;

/** Latencies by kind, in HDR histograms of µs. */
export class Recorder {
  private readonly histograms = new Map<Timing, Histogram>();
  /** Since the last look at live numbers. */
  private recent = histogram();
  private readonly timeline: Timeline | undefined;

  /** @param timeline is noted the same, second by second */
  constructor(timeline?: Timeline) {
    this.timeline = timeline;
  }

  /** @param ms from the intended start to the answer */
  note(timing: Timing, ms: number): void {
    const micros = Math.min(HIGHEST_MICROS, Math.max(0, Math.round(ms * 1_000)));
    this.of(timing).recordValue(micros);
    if (timing !== 'release') this.recent.recordValue(micros);
    // Arrivals have a time of their own, before the actions: in one plot they would hide each other.
    if (timing === 'release') this.timeline?.note('releases', micros);
    else if (timing !== 'join') this.timeline?.note('answers', micros);
  }

  /** p99 of everything since the last call, ms. */
  recentP99(): number {
    const p99 = this.recent.getValueAtPercentile(99) / 1_000;
    this.recent.reset();
    return p99;
  }

  encode(): Recorded {
    return Object.fromEntries(
      [...this.histograms].map(([timing, one]) => [timing, encodeIntoCompressedBase64(one)]),
    );
  }

  add(recorded: Recorded): void {
    for (const timing of TIMINGS) {
      const text = recorded[timing];
      if (text !== undefined) this.of(timing).add(decodeFromCompressedBase64(text, 32, false));
    }
  }

  /** In ms, of every kind that happened. */
  summary(): Partial<Record<Timing, Latency>> {
    const all: Partial<Record<Timing, Latency>> = {};
    for (const timing of TIMINGS) {
      const one = this.histograms.get(timing);
      if (!one || one.totalCount === 0) continue;
      const at = (percentile: number) => one.getValueAtPercentile(percentile) / 1_000;
      all[timing] = {
        count: one.totalCount,
        mean: Math.round(one.mean) / 1_000,
        p50: at(50),
        p90: at(90),
        p99: at(99),
        p999: at(99.9),
        max: one.maxValue / 1_000,
      };
    }
    return all;
  }

  /** In ms, or how many there are. @param name `count`, `mean`, `max` or a percentile such as `p99.9` */
  statistic(timing: Timing, name: string): number | undefined {
    const one = this.histograms.get(timing);
    if (name === 'count') return one?.totalCount ?? 0;
    if (!one || one.totalCount === 0) return undefined;
    if (name === 'mean') return one.mean / 1_000;
    if (name === 'max') return one.maxValue / 1_000;
    return one.getValueAtPercentile(Number(name.slice(1))) / 1_000;
  }

  private of(timing: Timing): Histogram {
    let one = this.histograms.get(timing);
    if (!one) {
      one = histogram();
      this.histograms.set(timing, one);
    }
    return one;
  }
}

export interface Latency {
  count: number;
  mean: number;
  p50: number;
  p90: number;
  p99: number;
  p999: number;
  max: number;
}
