import { readFileSync, writeFileSync } from 'node:fs';
import { KINDS } from './crowd.js';
import type { Outcome, Share } from './evening.js';
import type { Check } from './judge.js';

const BEGIN = '<!-- cheats: written by `npm run cheats -- --write` from here -->';
const END = '<!-- cheats: to here -->';

/** What came of it, as Markdown. */
export function render(outcomes: Outcome[], checks: Check[], seed: string): string {
  const table = [
    ['', ...outcomes.map(({ setup }) => setup)],
    ['---', ...outcomes.map(() => '--:')],
    ...rows(outcomes),
  ];
  const lines = table.map((cells) => `| ${cells.join(' | ')} |`);
  const promises = checks.map(
    ({ promise, kept, seen }) => `- ${kept ? 'kept' : '**BROKEN**'}: ${promise}. ${seen}.`,
  );
  return [
    `Seed ${seed}.`,
    lines.join('\n'),
    'With the recommended settings:',
    promises.join('\n'),
  ].join('\n\n');
}

function rows(outcomes: Outcome[]): string[][] {
  const row = (what: string, cell: (outcome: Outcome) => string) => [what, ...outcomes.map(cell)];
  const share =
    (kind: Share['kind'], cell: (share: Share, outcome: Outcome) => string) => (outcome: Outcome) =>
      cell(outcome.shares.find((one) => one.kind === kind) as Share, outcome);
  const kinds = Object.keys(KINDS) as Share['kind'][];
  const cheats = kinds.filter((kind) => kind !== 'honest');
  return [
    row(
      'units paid in the end',
      ({ paid, units }) => `${paid} of ${units} (${percent(paid / units)})`,
    ),
    row(
      'honest viewers: units that they wished for and did not get',
      ({ unmet, wishes }) => `${unmet} of ${wishes} (${percent(unmet / wishes)})`,
    ),
    row(
      'honest viewers who went without anything',
      share('honest', ({ accounts }, { without }) => `${without} of ${accounts}`),
    ),
    ...kinds.map((kind) =>
      row(
        `${KINDS[kind]}: units paid`,
        share(kind, ({ paid }) => `${paid}`),
      ),
    ),
    ...cheats.map((kind) =>
      row(
        `${KINDS[kind]}: most units kept at once without paying, and unit-hours`,
        share(kind, ({ most, idleHours }) => `${most}, ${idleHours.toFixed(1)} h`),
      ),
    ),
    ...cheats.map((kind) =>
      row(
        `${KINDS[kind]}: accounts, of them barred from booking`,
        share(kind, ({ accounts, barred }) => `${accounts}, ${barred}`),
      ),
    ),
  ];
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`;
}

/** Puts it between the markers of the page. */
export function writePage(text: string, page: string): void {
  const before = readFileSync(page, 'utf8');
  const [from, to] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${page} lacks the markers of the simulation`);
  const head = before.slice(0, from + BEGIN.length);
  writeFileSync(page, `${head}\n\n${text}\n\n${before.slice(to)}`);
}
