import { codeKey } from '../../protocol/item.js';
import { plain } from './phrases.js';
import { possibleCodes, type Token, tokensOf } from './tokens.js';
import type { WordKind } from './words.js';

/** What a comment says about one item. */
export type Wish =
  /** `words`: what was said after the code, such as a size. */
  | { wish: 'book'; code: string; quantity: number; words: string[] }
  /** Asked for in plain words, but no item has the code. */
  | { wish: 'unknown'; code: string }
  /** Named, and not asked for: a question, a cancel, talk. */
  | { wish: 'none'; code: string };

/** What a clause is about. `bare`: codes and numbers, and nothing that says why. */
type Sense = 'book' | 'bare' | 'question' | 'no' | 'talk' | 'polite';

interface Clause {
  tokens: Token[];
  sense: Sense;
  /** Said against what came before ("but", "instead"). */
  turns: boolean;
}

/** More than this, without a unit, is a price, a size or a year. */
const MOST_WITHOUT_UNIT = 24;
const MOST_WITH_UNIT = 999;

const EACH = /\b(?:masing\S*|msg2|each)(?: masing)? (\d{1,2})(?!\d)/;
/** "No A2, make it A3". */
const INSTEAD = /^\s*(?:ganti|diganti|tukar|tuker)(?: (?:ke|jadi|sama|dengan))?(?= )/;
const TURN = /\s(?:tapi|tp|tpi|melainkan|ganti|diganti|eh|ralat)\s/;

/** What may be codes in a comment, as `codeKey` has them. */
export function codesIn(text: string): string[] {
  return possibleCodes(plain(text));
}

/**
 * Reads what a comment asks for, in the manner in which people write under a live.
 * @param isCode whether an item of the shop has the code; it is asked about those of `codesIn`
 * @returns one wish for each code that is named, in the order in which they are named
 */
export function readComment(text: string, isCode: (key: string) => boolean): Wish[] {
  const clauses = clausesOf(plain(text), isCode);
  const wishes: Wish[] = [];
  for (const [i, clause] of clauses.entries()) {
    const codes = namedIn(clause);
    const sense = senseAmong(clauses, i);
    if (codes.length === 0) {
      const meant = sense === 'book' && onlyCodeOf(clauses[i - 1]);
      if (meant) wishes.push(...booked([{ is: 'code', code: meant }, ...clause.tokens]));
      wishes.push(...unknownIn(clause, wishes));
    } else if (sense === 'book') {
      wishes.push(...booked(clause.tokens), ...unknownIn(clause, wishes));
    } else {
      wishes.push(...codes.map((code) => ({ wish: 'none', code }) as const));
    }
  }
  const each = Number(EACH.exec(plain(text))?.[1] ?? 0);
  if (each > 0) for (const wish of wishes) if (wish.wish === 'book') wish.quantity = each;
  return merged(wishes);
}

function clausesOf(text: string, isCode: (key: string) => boolean): Clause[] {
  const clauses: Clause[] = [];
  for (const part of text.split(/(?<=\?)|[,;!\n]|\.(?!\d)|(?= (?:trus|terus|trs) )/)) {
    let turns = clauses.at(-1)?.sense === 'no' && INSTEAD.test(part);
    for (const piece of splitAtTurn(turns ? part.replace(INSTEAD, '') : part, isCode)) {
      const tokens = tokensOf(piece, isCode);
      if (tokens.length > 0 || piece.includes('?'))
        clauses.push({ tokens, sense: senseOf(tokens, piece), turns });
      turns = true;
    }
  }
  return clauses;
}

/** "A1 no more, but A2": only where something was named before. */
function splitAtTurn(part: string, isCode: (key: string) => boolean): string[] {
  const turn = TURN.exec(part);
  if (!turn) return [part];
  const [before, after] = [part.slice(0, turn.index), part.slice(turn.index + turn[0].length)];
  return tokensOf(before, isCode).some(({ is }) => is === 'code') ? [before, after] : [part];
}

function senseOf(tokens: Token[], text: string): Sense {
  const has = (kind: WordKind) =>
    tokens.some((token) => token.is === 'word' && token.kind === kind);
  const hasCode = tokens.some(({ is }) => is === 'code');
  if (has('negation')) return 'no';
  if (has('tale') || (has('aside') && !opensWithKeep(tokens))) return 'talk';
  if (has('question')) return 'question';
  if (isListAlone(tokens)) return 'question';
  const asked = text.includes('?');
  if (has('keep')) return asked && !/\b(?:ya+|yah|dong)\b/.test(text) ? 'question' : 'book';
  if (asked) return 'question';
  if (has('want')) return 'book';
  if (has('other') || tokens.some(({ is }) => is === 'price')) return 'talk';
  return hasCode ? 'bare' : 'polite';
}

/** "List A1" may ask to be on a list, or for one: nobody is booked for it. */
function isListAlone(tokens: Token[]): boolean {
  const words = tokens.filter(({ is }) => is !== 'code');
  return words.length > 0 && words.every((token) => token.is === 'word' && token.word === 'list');
}

/** "Keep A1 …": what follows, short of a refusal or what has happened, says how and with what it is paid and sent. */
function opensWithKeep(tokens: Token[]): boolean {
  const code = tokens.findIndex(({ is }) => is === 'code');
  const aside = tokens.findIndex((token) => token.is === 'word' && token.kind === 'aside');
  return code < aside && isPlainKeep({ tokens: tokens.slice(0, aside) });
}

/** Codes without a word of why stand in a list with what is beside them. */
function senseAmong(clauses: Clause[], i: number): Sense {
  const clause = clauses[i];
  if (!clause) return 'talk';
  const next = clauses[i + 1];
  if (next?.turns && clause.sense === 'book') return isPlainKeep(clause) ? 'book' : 'talk';
  // "A2, no: A3".
  if (next?.turns && clause.sense === 'bare' && namedIn(next).length > 0) return 'talk';
  if (clause.sense !== 'bare') return clause.sense;
  if (clause.turns) return 'book';
  const neighbour = nearest(clauses, i, -1) ?? nearest(clauses, i, 1);
  const following = nearest(clauses, i, 1);
  if (neighbour === undefined) return 'book';
  const against = (sense: Sense | undefined) => sense === 'no' || sense === 'question';
  if (against(neighbour) || against(following)) return 'question';
  const counted = clause.tokens.some(({ is }) => is === 'number');
  return neighbour === 'talk' && !counted ? 'talk' : 'book';
}

function nearest(clauses: Clause[], from: number, step: 1 | -1): Sense | undefined {
  for (let i = from + step; i >= 0 && i < clauses.length; i += step) {
    const sense = clauses[i]?.sense;
    if (sense !== 'bare' && sense !== 'polite') return sense;
  }
  return undefined;
}

/** "Want it, but …" is no order; "keep it, but in black" is. */
function isPlainKeep({ tokens }: Pick<Clause, 'tokens'>): boolean {
  return tokens.some((token) => token.is === 'word' && token.kind === 'keep');
}

function namedIn({ tokens }: Clause): string[] {
  return tokens.flatMap((token) => (token.is === 'code' ? [token.code] : []));
}

/** What "keep 1" means after "A1 is nice" or "is A1 still there?". */
function onlyCodeOf(clause: Clause | undefined): string | undefined {
  if (!clause || (clause.sense !== 'talk' && clause.sense !== 'question')) return undefined;
  const codes = namedIn(clause);
  return codes.length === 1 ? codes[0] : undefined;
}

/** Each code with the number that belongs to it: the one after it, or in the manner of "2 A1" the one before. */
function booked(tokens: Token[]): Wish[] {
  const wishes: Extract<Wish, { wish: 'book' }>[] = [];
  const firstCode = tokens.findIndex(({ is }) => is === 'code');
  const numberFirst = tokens.findIndex(({ is }) => is === 'number');
  const before = numberFirst >= 0 && numberFirst < firstCode;
  let pending: number | undefined;
  let unclear = false;
  for (const [i, token] of tokens.entries()) {
    const last = wishes.at(-1);
    if (token.is === 'code') {
      wishes.push({ wish: 'book', code: token.code, quantity: pending ?? 0, words: [] });
      pending = undefined;
    } else if (token.is === 'word') {
      last?.words.push(token.word);
    } else if (token.is === 'number' && !introduced(tokens[i - 1])) {
      const quantity = quantityOf(token);
      if (quantity === undefined) unclear ||= token.value < 1_000;
      else if (before) pending = quantity;
      else if (last && last.quantity === 0) last.quantity = quantity;
    } else if (token.is === 'number') {
      last?.words.push(String(token.value));
    }
  }
  if (before && pending !== undefined && wishes.length === 0) return [];
  return wishes.map((wish) =>
    unclear && wish.quantity === 0
      ? { wish: 'none', code: wish.code }
      : { ...wish, quantity: wish.quantity || 1 },
  );
}

function quantityOf({ value, sure }: Extract<Token, { is: 'number' }>): number | undefined {
  return value >= 1 && value <= (sure ? MOST_WITH_UNIT : MOST_WITHOUT_UNIT) ? value : undefined;
}

/** "Size 40". */
function introduced(before: Token | undefined): boolean {
  return before?.is === 'word' && before.kind === 'intro';
}

/** A word in the form of a code behind a plain "keep". */
function unknownIn({ tokens, sense }: Clause, known: Wish[]): Wish[] {
  if (sense !== 'book' || known.length > 0) return [];
  return tokens.flatMap((token, i) => {
    const before = tokens[i - 1];
    const plainKeep = before?.is === 'word' && before.kind === 'keep';
    const isLike = token.is === 'word' && /^\p{L}{1,2}\d{1,3}$/u.test(token.word);
    return plainKeep && isLike ? [{ wish: 'unknown', code: codeKey(token.word) } as const] : [];
  });
}

/** One wish for a code: said twice it is still one, with the larger number. */
function merged(wishes: Wish[]): Wish[] {
  const byCode = new Map<string, Wish>();
  for (const wish of wishes) {
    const known = byCode.get(wish.code);
    if (!known || (known.wish === 'none' && wish.wish === 'book')) byCode.set(wish.code, wish);
    else if (known.wish === 'book' && wish.wish === 'book')
      known.quantity = Math.max(known.quantity, wish.quantity);
    else if (known.wish === 'book' && wish.wish === 'none') byCode.set(wish.code, wish);
  }
  return [...byCode.values()];
}
