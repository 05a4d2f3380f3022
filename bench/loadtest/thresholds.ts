import { ERROR_CODES } from '../../src/protocol/errors.js';
import type { Recorder, Timing } from './recorder.js';
import { UsageError } from './usage-error.js';

/** A bound that a run must stay within. */
export interface Threshold {
  /** As it was written. */
  text: string;
  metric: string;
  operator: keyof typeof OPERATORS;
  bound: number;
}

/** What came of one. */
export interface ThresholdResult {
  threshold: string;
  met: boolean;
  /** Undefined when nothing of the kind was measured, which is a miss. */
  value: number | undefined;
}

/** What is read besides times. */
export interface Counts {
  failed: number;
  lost: number;
  outcomes: Record<string, number>;
}

const OPERATORS = {
  '<': (value: number, bound: number) => value < bound,
  '<=': (value: number, bound: number) => value <= bound,
  '>': (value: number, bound: number) => value > bound,
  '>=': (value: number, bound: number) => value >= bound,
} as const;

/** Timings under the names that the table has for them. */
const TIMINGS: Record<string, Timing> = {
  join: 'join',
  booking: 'book',
  cancel: 'cancel',
  look: 'look',
  checkout: 'checkout',
  order: 'order',
  payment: 'pay',
  release: 'release',
};
const STATISTIC = /^(count|mean|max|p\d{1,2}(\.\d+)?)$/;
const OUTCOMES: readonly string[] = ['accepted', 'paid', ...ERROR_CODES];

/** @param text as `booking.p99<250` @throws UsageError */
export function readThreshold(text: string): Threshold {
  const [, metric = '', operator = '', bound = ''] =
    /^\s*([\w.]+)\s*(<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*$/.exec(text) ?? [];
  if (!metric)
    throw new UsageError(
      `--threshold: "${text}" is not a metric, <, <=, > or >=, and a number, such as "booking.p99<250"`,
    );
  if (!isKnown(metric))
    throw new UsageError(
      `--threshold: there is no metric ${metric}. There are ${Object.keys(TIMINGS).join(', ')}, each with ` +
        '.p50, .p95, .p99, .p99.9 (any percentile), .mean, .max (ms) and .count; outcome.accepted, outcome.SOLD_OUT ' +
        '(any code of a refusal); failed; lost',
    );
  return {
    text: text.trim(),
    metric,
    operator: operator as Threshold['operator'],
    bound: Number(bound),
  };
}

function isKnown(metric: string): boolean {
  const [name, what] = split(metric);
  if (what === undefined) return name === 'failed' || name === 'lost';
  if (name === 'outcome') return OUTCOMES.includes(what);
  return Object.hasOwn(TIMINGS, name) && STATISTIC.test(what);
}

/** At the first point: percentiles have points too. */
function split(metric: string): [name: string, what: string | undefined] {
  const point = metric.indexOf('.');
  return point < 0 ? [metric, undefined] : [metric.slice(0, point), metric.slice(point + 1)];
}

export function judgeThresholds(
  thresholds: Threshold[],
  recorder: Recorder,
  counts: Counts,
): ThresholdResult[] {
  return thresholds.map(({ text, metric, operator, bound }) => {
    const value = measured(metric, recorder, counts);
    const met = value !== undefined && OPERATORS[operator](value, bound);
    return { threshold: text, met, value };
  });
}

function measured(metric: string, recorder: Recorder, counts: Counts): number | undefined {
  const [name, what = ''] = split(metric);
  if (name === 'failed' || name === 'lost') return counts[name];
  if (name === 'outcome') return counts.outcomes[what] ?? 0;
  return recorder.statistic(TIMINGS[name] as Timing, what);
}
