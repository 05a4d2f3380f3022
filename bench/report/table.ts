import type { Spread } from '../rig/statistics.js';
import { isMet, type Line, type Point } from './lines.js';

/** The lines as Markdown tables: those with a peer have one of their own. */
export function renderTable(lines: Line[]): string {
  const beside = lines.filter((line) => line.peer !== undefined);
  const rest = lines.filter((line) => line.peer === undefined);
  const tables = [
    ...(rest.length > 0 ? [renderParts(rest)] : []),
    ...(beside.length > 0 ? [renderPeers(beside)] : []),
  ];
  return tables.join('\n\n');
}

function renderPeers(lines: Line[]): string {
  const rows = lines.map((line) => [
    `(${line.key}) ${line.what}`,
    withRange(line.livehold, line.unit),
    line.peer ? `${line.peer.name}: ${withRange(line.peer.value, line.unit)}` : '',
    line.ratio ? withRange(line.ratio, '') : '',
    goal(line),
  ]);
  return table(['', 'Livehold', 'the other', 'Livehold is ahead, times', 'goal'], rows);
}

function renderParts(lines: Line[]): string {
  const rows = lines.map((line) => [
    `(${line.key}) ${line.what}`,
    withRange(line.livehold, line.unit),
    line.bare ? withRange(line.bare, line.unit) : '',
    line.naive ? withRange(line.naive, line.unit) : '',
    line.ratio ? withRange(line.ratio, '') : '',
    goal(line),
  ]);
  return table(['', 'Livehold', 'bare part', 'tutorial way', 'Livehold ÷ bare', 'goal'], rows);
}

/** The first column is text, the others are numbers. */
function table(head: string[], rows: string[][]): string {
  const rule = head.map((_, i) => (i === 0 ? '---' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** `24,100 /s (22,900–25,000)`; the range is left out when it says nothing. */
function withRange({ median, low, high }: Spread, unit: string): string {
  const [middle, least, most] = [median, low, high].map(shown);
  const value = unit ? `${middle} ${unit}` : `${middle}`;
  return least === middle && most === middle ? value : `${value} (${least}–${most})`;
}

/** Three digits that count. */
function shown(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

function goal(line: Line): string {
  if (!line.goal) return '';
  const sign = { least: '≥', most: '≤', above: '>' }[line.goal.at];
  const unit = line.goal.of === 'ratio' || !line.unit ? '' : ` ${line.unit}`;
  return `${sign} ${shown(line.goal.value)}${unit} ${isMet(line) ? '✓' : '✗'}`;
}

/** What grew, and what a booking cost then. */
export function renderPoints(points: Point[]): string {
  const head = [
    '',
    'Redis CPU a booking',
    'server CPU a booking',
    'Redis, nobody books',
    'server, nobody books',
  ];
  const rows = points.map((point) => [
    `${point.at.toLocaleString('en')} ${point.dimension}`,
    `${shown(point.redisMicros)} µs`,
    `${shown(point.serverMicros)} µs`,
    `${shown(point.idleRedisPercent)} %`,
    `${shown(point.idleServerPercent)} %`,
  ]);
  return table(head, rows);
}
