import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js';

/** What happened in one second, as it travels from process to process. */
export interface EncodedSecond {
  second: number;
  counts: Record<string, number>;
  /** Histograms of µs. */
  answers: string;
  releases: string;
}

/** One second of the whole load, for plots. */
export interface Second {
  /** From the first arrival. */
  second: number;
  arrived: number;
  begun: number;
  accepted: number;
  refused: number;
  /** Actions answered in this second, ms from the intended start; null when there was none. */
  p50: number | null;
  p99: number | null;
  /** How late lapses were told in this second, ms. */
  releaseP99: number | null;
}

type Kind = 'answers' | 'releases';

/** Coarser than the histograms of the whole run: there is one for each second. */
function histogram(): Histogram {
  return build({
    highestTrackableValue: 120_000_000,
    numberOfSignificantValueDigits: 2,
    bitBucketSize: 32,
  });
}

/** What happened second by second, in one process. Only the running second is kept as histograms. */
export class Timeline {
  private readonly past: EncodedSecond[] = [];
  private readonly now: () => number;
  private second = Number.NaN;
  private counts: Record<string, number> = {};
  private readonly current = { answers: histogram(), releases: histogram() };

  /** @param now s since the load began, the same in all processes */
  constructor(now: () => number) {
    this.now = now;
  }

  note(kind: Kind, micros: number): void {
    this.turn();
    this.current[kind].recordValue(micros);
  }

  count(what: string): void {
    this.turn();
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  encode(): EncodedSecond[] {
    this.close();
    return this.past;
  }

  private turn(): void {
    const second = Math.max(0, Math.floor(this.now()));
    if (second === this.second) return;
    this.close();
    this.second = second;
  }

  private close(): void {
    if (Number.isNaN(this.second)) return;
    const { answers, releases } = this.current;
    this.past.push({
      second: this.second,
      counts: this.counts,
      answers: encodeIntoCompressedBase64(answers),
      releases: encodeIntoCompressedBase64(releases),
    });
    this.second = Number.NaN;
    this.counts = {};
    answers.reset();
    releases.reset();
  }
}

/** The seconds of all processes, from the first to the last without a gap. */
export function mergeSeconds(parts: EncodedSecond[]): Second[] {
  const bySecond: EncodedSecond[][] = [];
  for (const part of parts) {
    bySecond[part.second] ??= [];
    bySecond[part.second]?.push(part);
  }
  return Array.from(bySecond, (ofOne, second) => merged(second, ofOne ?? []));
}

function merged(second: number, parts: EncodedSecond[]): Second {
  const sum = (what: string) => parts.reduce((total, { counts }) => total + (counts[what] ?? 0), 0);
  const all = (kind: Kind) => {
    const one = histogram();
    for (const part of parts) one.add(decodeFromCompressedBase64(part[kind], 32, false));
    return (percentile: number) =>
      one.totalCount === 0 ? null : one.getValueAtPercentile(percentile) / 1_000;
  };
  const answers = all('answers');
  return {
    second,
    arrived: sum('arrived'),
    begun: sum('begun'),
    accepted: sum('accepted'),
    refused: sum('refused'),
    p50: answers(50),
    p99: answers(99),
    releaseP99: all('releases')(99),
  };
}
