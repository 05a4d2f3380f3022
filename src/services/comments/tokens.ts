import { codeKey } from '../../protocol/item.js';
import { kindOf, NUMBER_WORDS, type WordKind } from './words.js';

/** A part of a clause, in the order written. */
export type Token =
  | { is: 'code'; code: string }
  /** How many; `sure` when a unit or sign says so. */
  | { is: 'number'; value: number; sure: boolean }
  | { is: 'price' }
  | { is: 'word'; word: string; kind: WordKind };

const SEPARATORS = ['', '-', ' ', '.', '/', '_'];
/** The longest code in runs of letters or digits: "A1-XL" is three. */
const MOST_RUNS = 4;
/** Of a longer comment the rest is not looked at. */
const MOST_RUNS_READ = 60;
const PRICE =
  /^(?:rp\.?\s?\d[\d.,]*|\d+(?:[.,]\d+)?\s?(?:rb|rbu|ribu|k|jt|juta)(?![\p{L}\p{N}])|\d{1,3}(?:\.\d{3})+)/u;
const NUMBER = /^(?:([+x@*=])\s?)?(\d+)\s?(\p{L}*)/u;
const NO_WORD_BEFORE = /[\p{L}\p{N}]$/u;

interface Run {
  text: string;
  from: number;
  to: number;
}

function runsOf(text: string): Run[] {
  return [...text.matchAll(/\p{L}+|\p{N}+/gu)]
    .slice(0, MOST_RUNS_READ)
    .map(({ 0: run, index }) => ({ text: run, from: index, to: index + run.length }));
}

/** Stretches of text that may be a code, longest first from each place, with every way in which it may be written. */
function* spansOf(text: string): Generator<{ from: number; to: number; keys: string[] }> {
  const runs = runsOf(text);
  for (const [i, first] of runs.entries()) {
    if (NO_WORD_BEFORE.test(text.slice(0, first.from))) continue;
    for (let n = Math.min(MOST_RUNS, runs.length - i); n > 0; n--) {
      const span = runs.slice(i, i + n);
      const { from } = first;
      const to = span.at(-1)?.to ?? from;
      // Apart from the way that "A1x2" has of saying how many.
      if (!/^(?![\p{L}\p{N}])|^x\d/u.test(text.slice(to))) continue;
      const between = span.slice(1).map((run, j) => text.slice(span[j]?.to, run.from));
      if (between.some((gap) => !/^[ \-./_#]{0,2}$/.test(gap))) continue;
      const words = span.map((run) => run.text);
      yield { from, to, keys: waysToWrite(words) };
    }
  }
}

/** "A1-M" is put together in one way between letters and digits, and in another between the parts. */
function waysToWrite(words: string[]): string[] {
  const parts: string[] = [];
  for (const word of words) {
    const joins = /^\p{L}+$/u.test(parts.at(-1) ?? '') && /^\p{N}/u.test(word);
    if (joins) parts.push(`${parts.pop()}${word}`);
    else parts.push(word);
  }
  const ways = SEPARATORS.flatMap((by) => [words.join(by), parts.join(by)]);
  return [...new Set(ways.map(codeKey))];
}

/** Whatever in a text may be a code, as `codeKey` has it: those of them that are codes are to be found out. */
export function possibleCodes(text: string): string[] {
  return [...new Set([...spansOf(text)].flatMap(({ keys }) => keys))];
}

/** Reads a clause from its start, codes before anything else. */
export function tokensOf(clause: string, isCode: (key: string) => boolean): Token[] {
  const spans = [...spansOf(clause)];
  const tokens: Token[] = [];
  for (let at = 0; at < clause.length; ) {
    const found = spans.find(({ from, keys }) => from === at && keys.some(isCode));
    const code = found?.keys.find(isCode);
    if (found && code !== undefined && !isSomethingElse(code, tokens)) {
      tokens.push({ is: 'code', code });
      at = found.to;
      continue;
    }
    const [length, token] = nextToken(clause.slice(at));
    if (token) tokens.push(token);
    at += length;
  }
  return tokens;
}

/** Figures alone are how many, and few letters alone a size, unless something says that they are a code. */
function isSomethingElse(code: string, before: Token[]): boolean {
  const last = before.at(-1);
  const afterCode = before.some(({ is }) => is === 'code');
  if (/^\p{N}+$/u.test(code))
    return afterCode || (before.length > 0 && !(last?.is === 'word' && asks(last)));
  return /^\p{L}{1,3}$/u.test(code) && (afterCode || kindOf(code.toLowerCase()) !== 'other');
}

function asks({ word, kind }: { word: string; kind: WordKind }): boolean {
  return kind === 'keep' || kind === 'want' || /^(?:kode|no|nomor|nomer|nmr)/.test(word);
}

/** How many characters the next token takes, and what it is. */
function nextToken(text: string): [number, Token | undefined] {
  const price = PRICE.exec(text)?.[0];
  if (price) return [price.length, { is: 'price' }];
  const number = NUMBER.exec(text);
  if (number) return numberOf(number);
  const word = /^[\p{L}\p{N}]+/u.exec(text)?.[0];
  if (word) return [word.length, wordOf(word)];
  const symbol = /^\p{Extended_Pictographic}/u.exec(text)?.[0];
  if (symbol) return [symbol.length, { is: 'word', word: symbol, kind: symbolKind(symbol) }];
  return [1, undefined];
}

function numberOf([all, sign = '', digits = '', unit = '']: string[]): [number, Token] {
  const isUnit = unit !== '' && kindOf(unit) === 'unit';
  const value = Number(digits) * (isUnit && unit.startsWith('lusin') ? 12 : 1);
  if (isUnit || sign !== '') {
    const end = isUnit ? (all?.length ?? 1) : (all?.length ?? 1) - unit.length;
    return [end, { is: 'number', value, sure: true }];
  }
  // "3D" is a word; "2 kak" is two.
  const glued = unit !== '' && all === digits + unit;
  if (glued) return [all?.length ?? 1, { is: 'word', word: all ?? '', kind: 'other' }];
  return [digits.length, { is: 'number', value, sure: false }];
}

function wordOf(text: string): Token {
  // Said twice: "buru2".
  const word = text.replace(/(?<=\p{L}{3})2$/u, '');
  const value = NUMBER_WORDS[word] ?? NUMBER_WORDS[word.replace(/nya$/, '')];
  if (value !== undefined) return { is: 'number', value, sure: true };
  return { is: 'word', word, kind: kindOf(word) };
}

/** A raised hand beside a code says what "keep" says; a face in love does not. */
function symbolKind(symbol: string): WordKind {
  return /[\u{1F446}-\u{1F450}🙏🙌✅✔☑🙋✋☝💯🛒🛍❤🥰🙇🤝🫶♀♂‼❗⬅➡]|\p{Emoji_Modifier}/u.test(symbol)
    ? 'filler'
    : 'other';
}
