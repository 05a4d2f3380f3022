import { describe, expect, it } from 'vitest';
import { codeKey } from '../../src/protocol/item.js';
import { lineSchema, linesSchema } from '../../src/protocol/text.js';

describe('a line that people write', () => {
  it.each([
    ['  Ani  ', 'Ani'],
    ['a\r\nb\u0085c\u2028d', 'a b c d'],
    ['\u202Eexe.gpj\u202C', 'exe.gpj'],
    ['a\u2067b\u2069', 'ab'],
    ['\uDC00a\uD800', 'a'],
    ['👨‍👩‍👧 ❤️ 🏴\u{E0067}\u{E0062}\u{E007F}', '👨‍👩‍👧 ❤️ 🏴\u{E0067}\u{E0062}\u{E007F}'],
    ['می\u200Cخواهم', 'می\u200Cخواهم'],
    ['\u200Fעברית', '\u200Fעברית'],
  ])('%j becomes %j', (given, cleaned) => {
    expect(lineSchema(40).parse(given)).toBe(cleaned);
  });

  it.each([
    '',
    ' ',
    '\n',
    '\0',
    '\u200B',
    '\u200D\uFE0F',
    '\u00AD\u034F',
    '\u3164 \u2800',
    '\uD800',
  ])('%j is refused: nothing of it is to be seen', (given) => {
    expect(lineSchema(40).safeParse(given).success).toBe(false);
  });

  it('is counted after it was cleaned', () => {
    expect(lineSchema(3).parse(' abc\n')).toBe('abc');
    expect(lineSchema(3).safeParse('abcd').success).toBe(false);
  });
});

describe('lines that people write', () => {
  it.each([
    ['one\r\ntwo\rthree\n', 'one\ntwo\nthree'],
    ['a\tb\u0000\n\u202Ec', 'a b \nc'],
    ['\u200B\n', ''],
    ['', ''],
  ])('%j become %j', (given, cleaned) => {
    expect(linesSchema(40).parse(given)).toBe(cleaned);
  });
});

describe('two codes are one', () => {
  it.each([
    ['a1', 'A1'],
    ['É1', 'e\u03011'],
    ['straße', 'STRASSE'],
    ['ΣΑΣ', 'σας'],
    ['ẞ', 'ß'],
    ['\u0390', '\u03AA\u0301'],
    ['A\u200B1', 'A1'],
  ])('%j and %j', (one, other) => {
    expect(codeKey(one)).toBe(codeKey(other));
  });

  it.each([
    ['E1', 'É1'],
    ['A1', 'A 1'],
  ])('but not %j and %j', (one, other) => {
    expect(codeKey(one)).not.toBe(codeKey(other));
  });
});
