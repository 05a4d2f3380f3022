import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { canPin } from '../rig/cores.js';
import type { Line, Point } from './lines.js';
import { renderPoints, renderTable } from './table.js';

/** One whole run, as the JSON file keeps it. */
export interface Report {
  date: string;
  /** The letters of what was measured. */
  measured: string;
  quick: boolean;
  machine: Machine;
  lines: Line[];
  points: Point[];
}

export interface Machine {
  cores: number;
  processor: string;
  memoryGb: number;
  node: string;
  redis: string;
  pinned: boolean;
}

const BEGIN = '<!-- bench: written by `npm run bench` from here -->';
const END = '<!-- bench: to here -->';
const NEW_PAGE = `# Performance

\`npm run bench\` writes the tables below.

${BEGIN}
${END}
`;

export function describeMachine(redis: string): Machine {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    redis,
    pinned: canPin,
  };
}

/** The tables with what they need to be understood. */
export function renderReport(report: Report): string {
  const { date, machine, lines, points, measured, quick } = report;
  const { cores, processor, memoryGb, node, redis, pinned } = machine;
  const where = pinned
    ? 'The server under test is pinned to core 0; its viewers and its Redis share core 1.'
    : 'Nothing is pinned to a core here (no `taskset`), so sides disturb each other more.';
  const parts = [
    `${date}, measurements ${measured}${quick ? ' (a quick run: less of everything)' : ''}, ${processor}, ${cores} cores, ${memoryGb} GB, Node ${node}, Redis ${redis} (append-only file, fsync each second).`,
    `${where} Middle of the rounds, and in brackets their range; a ratio is that of both sides' best rounds, with its range round by round.`,
    renderTable(lines),
  ];
  if (points.length > 0) parts.push('What grows with what:', renderPoints(points));
  return parts.join('\n\n');
}

/** A run of some measurements takes the place of theirs in the run that was written before, and says so. */
function together(report: Report, data: string): Report {
  if (!existsSync(data)) return report;
  const before = JSON.parse(readFileSync(data, 'utf8')) as Report;
  const taken = new Set(report.measured.split(', '));
  const kept = before.lines.filter(({ key }) => !taken.has(key));
  if (kept.length === 0) return report;
  const again = `${report.measured} on `;
  const measured = before.measured.split('; ').filter((part) => !part.startsWith(again));
  return {
    ...report,
    // Of most lines; those measured since have theirs beside their letters.
    date: before.date,
    measured: [...measured, again + report.date].join('; '),
    lines: [...kept, ...report.lines].sort((a, b) => a.key.localeCompare(b.key)),
    points: report.points.length > 0 ? report.points : before.points,
  };
}

/** Puts the report between the markers of the page, which is made if it is not there, and into the JSON file. */
export function writeReport(taken: Report, page: string, data: string): void {
  const report = together(taken, data);
  mkdirSync(new URL('.', `file://${page}`).pathname, { recursive: true });
  const text = existsSync(page) ? readFileSync(page, 'utf8') : NEW_PAGE;
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${page} lacks the markers of the bench`);
  const before = text.slice(0, begin + BEGIN.length);
  writeFileSync(page, `${before}\n\n${renderReport(report)}\n\n${text.slice(end)}`);
  writeFileSync(data, `${JSON.stringify(report, null, 2)}\n`);
  // As `npm run check` wants them.
  spawnSync('node_modules/.bin/biome', ['format', '--write', page, data], { stdio: 'ignore' });
}
