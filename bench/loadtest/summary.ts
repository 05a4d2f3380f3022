import type { Check } from '../history/judge.js';
import type { Options } from './options.js';
import { describePhases } from './phases.js';
import type { Latency, Timing } from './recorder.js';
import type { ThresholdResult } from './thresholds.js';
import type { Second } from './timeline.js';
import type { Verdict } from './verdict.js';

/** Everything that a run came to, as the JSON report holds it. */
export interface LoadReport {
  date: string;
  options: Omit<Options, 'secret' | 'hostToken' | 'key'>;
  /** That shared the load, on all machines. */
  processes: number;
  /** Of the whole run, s. */
  seconds: number;
  arrived: number;
  failed: number;
  /** Connections that ended by themselves. */
  lost: number;
  outcomes: Record<string, number>;
  /** ms, each from its intended start. */
  latencies: Partial<Record<Timing, Latency>>;
  /** Stock frames a viewer a second, while actions ran. */
  framesPerViewer: number;
  reasons: string[];
  /** Second by second, from the first arrival. */
  timeline: Second[];
  /** When the actions began, s after the first arrival. */
  actionsFrom: number;
  thresholds: ThresholdResult[];
  verdict: Verdict;
  kept: boolean;
}

export const NAMES: Record<Timing, string> = {
  join: 'join',
  book: 'booking',
  cancel: 'cancel',
  look: 'look, or leave and return',
  checkout: 'checkout',
  order: 'order with QRIS',
  pay: 'payment',
  release: 'release, after its deadline',
};

const WORD = 'not tested'.length;
/** What p99 of releases should stay within while the server keeps up. */
const PROMPT_MS = 250;

/** The report for people. */
export function renderSummary(report: LoadReport): string {
  const { options, arrived, failed, lost, seconds, framesPerViewer } = report;
  return [
    `Scenario ${options.scenario}: ${whole(arrived)} of ${whole(options.viewers)} viewers came` +
      `${failed + lost > 0 ? `, ${whole(failed)} could not join, ${whole(lost)} were cut off` : ''}; ` +
      `${describePhases(options.phases)}; ${Math.round(seconds)} s in all.`,
    '',
    table(report),
    '',
    `Outcomes: ${outcomes(report)}`,
    `Stock frames a viewer: ${framesPerViewer.toFixed(1)} a second`,
    ...(report.reasons.length > 0 ? [`What went wrong: ${report.reasons.join('; ')}`] : []),
    '',
    ...report.verdict.checks.flatMap(renderCheck),
    ...renderPromptness(report),
    ...report.thresholds.map(renderThreshold),
  ].join('\n');
}

function renderCheck({ promise, kept, untested, detail, first }: Check): string[] {
  const word = untested ? 'not tested' : kept ? 'kept' : 'BROKEN';
  return [
    `${word.padEnd(WORD)}  ${promise}: ${detail}`,
    ...first.map((breach) => `${' '.repeat(WORD + 4)}${breach}`),
  ];
}

/** Said, and not judged: a machine that is too busy for the load is late, and no promise is broken by that. */
function renderPromptness({ latencies: { release } }: LoadReport): string[] {
  if (!release) return [];
  const word = release.p99 <= PROMPT_MS ? 'in time' : 'late';
  return [
    `${word.padEnd(WORD)}  releases are delivered within ${PROMPT_MS} ms of their deadline: p99 ${release.p99.toFixed(1)} ms`,
  ];
}

function renderThreshold({ threshold, met, value }: ThresholdResult): string {
  const is = value === undefined ? 'nothing of the kind was measured' : `it is ${shortest(value)}`;
  return `${(met ? 'met' : 'MISSED').padEnd(WORD)}  ${threshold}: ${is}`;
}

function shortest(value: number): string {
  return Number.isInteger(value) ? whole(value) : value.toFixed(1);
}

function table({ latencies }: LoadReport): string {
  const head = ['ms, from the intended start', 'count', 'p50', 'p90', 'p99', 'p99.9', 'max'];
  const rows = Object.entries(latencies).map(([timing, latency]) => [
    NAMES[timing as Timing],
    whole(latency.count),
    ...[latency.p50, latency.p90, latency.p99, latency.p999, latency.max].map((ms) =>
      ms.toFixed(1),
    ),
  ]);
  const widths = head.map((cell, i) =>
    Math.max(cell.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

function outcomes({ outcomes: counts }: LoadReport): string {
  const all = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return all.map(([outcome, count]) => `${outcome} ${whole(count)}`).join(', ') || 'none';
}

function whole(count: number): string {
  return Math.round(count).toLocaleString('en');
}
