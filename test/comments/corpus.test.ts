import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { codeKey } from '../../src/protocol/item.js';
import { codesIn, readComment } from '../../src/services/comments/grammar.js';

const CODES = 'A1 A2 A3 B1 B2 B3 C12 D4 K-01 S5-M S5-L 7 SAKURA'.split(' ').map(codeKey);

interface Line {
  comment: string;
  expected: string[];
}

/** Of each line what is to be booked, as `code*quantity`; `?code` for one that no item has. */
const corpus: Line[] = readFileSync(new URL('corpus.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [wanted = '', comment = ''] = line.split('\t');
    const expected = wanted === '-' ? [] : wanted.split(' ').map(counted);
    return { comment, expected };
  });

function counted(wish: string): string {
  return wish.startsWith('?') || wish.includes('*') ? wish : `${wish}*1`;
}

function read(comment: string): string[] {
  const asked = new Set(codesIn(comment));
  const known = new Set(CODES.filter((code) => asked.has(code)));
  return readComment(comment, (key) => known.has(key)).flatMap((wish) => {
    if (wish.wish === 'book') return `${wish.code}*${wish.quantity}`;
    return wish.wish === 'unknown' ? `?${wish.code}` : [];
  });
}

it('reads the corpus: hardly ever books what was not asked for, and hardly ever misses what was', () => {
  const seen = corpus.map(({ comment, expected }) => ({ comment, expected, got: read(comment) }));
  const all = (pick: (line: (typeof seen)[number]) => string[]) => seen.flatMap(pick).length;
  const right = all(({ expected, got }) => got.filter((wish) => expected.includes(wish)));
  const precision = right / all(({ got }) => got);
  const recall = right / all(({ expected }) => expected);
  const wrong = seen.filter(({ expected, got }) => got.join() !== expected.join());
  expect(corpus.length).toBeGreaterThanOrEqual(300);
  expect(precision, JSON.stringify(wrong)).toBeGreaterThanOrEqual(0.99);
  expect(recall, JSON.stringify(wrong)).toBeGreaterThanOrEqual(0.97);
});
