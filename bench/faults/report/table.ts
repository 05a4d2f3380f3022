import { GUARANTEES } from '../guarantees.js';
import type { Row } from './rows.js';

const HEAD = [
  'fault',
  '×',
  'guarantees',
  'lost',
  'recovery p50 / max',
  'lateness p99 / max',
  'run',
];

/** The rows as a Markdown table. */
export function renderTable(rows: Row[]): string {
  const cells = rows.map((row) => [
    `**${row.fault}**: ${row.does}`,
    String(row.times),
    guarantees(row),
    loss(row),
    `${milliseconds(row.recoveryMs.p50)} / ${milliseconds(row.recoveryMs.max)}`,
    lateness(row),
    `${row.date}, seed ${row.seed}`,
  ]);
  const rule = HEAD.map((name) => (name === '×' ? '--:' : '---'));
  return [HEAD, rule, ...cells].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function guarantees({ broken, except }: Row): string {
  const names = GUARANTEES.filter((name) => except[name] !== undefined);
  const held = names.length > 0 ? `all but ${names.join(', ')}` : 'all';
  if (broken.length === 0) return held;
  const what = broken.map((one) => `${one.guarantee} ${one.times}× (seed ${one.seed})`);
  return `${held}; **broken**: ${what.join(', ')}`;
}

function loss({ mayLose, lost, acked }: Row): string {
  if (mayLose === undefined) return lost === 0 ? 'nothing' : `**${lost}** of ${acked}`;
  return `${mayLose}: ${lost} of ${acked}`;
}

function lateness({ late }: Row): string {
  return late.count === 0 ? '–' : `${milliseconds(late.p99)} / ${milliseconds(late.max)}`;
}

function milliseconds(ms: number): string {
  if (!Number.isFinite(ms)) return 'never';
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}
