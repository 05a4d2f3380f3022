import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { FAULTS } from '../catalogue.js';
import type { Row } from './rows.js';
import { renderTable } from './table.js';

const BEGIN = '<!-- faults: written by `npm run faults -- --write` from here -->';
const END = '<!-- faults: to here -->';

/** Puts the rows between the markers of the page, in the place of earlier runs of the same faults. */
export function writePage(rows: Row[], page: string, data: string): void {
  const before: Row[] = existsSync(data) ? (JSON.parse(readFileSync(data, 'utf8')) as Row[]) : [];
  const all = FAULTS.flatMap(({ name }) => {
    const found = [...rows, ...before].find(({ fault }) => fault === name);
    return found ? [found] : [];
  });
  const text = readFileSync(page, 'utf8');
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${page} lacks the markers of the table`);
  const head = text.slice(0, begin + BEGIN.length);
  writeFileSync(page, `${head}\n\n${renderTable(all)}\n\n${text.slice(end)}`);
  writeFileSync(data, `${JSON.stringify(all, null, 2)}\n`);
}
