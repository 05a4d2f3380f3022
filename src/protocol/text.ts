import { z } from 'zod';

/** Line breaks of every kind, tabs and other control characters. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
/** The same without the line feed. */
const CONTROL_IN_LINES = /[^\P{Cc}\n]+|[\p{Zl}\p{Zp}]+/gu;
/** What turns the direction of the text around it, and halves of characters that were cut apart. */
const HARMFUL = /[\u202A-\u202E\u2066-\u2069\p{Cs}]/gu;
/** Takes room at most: a name of nothing else would be shown as none. Joiners within emoji are such, so they may stay. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Z}\p{C}\u2800]/gu;

/** The same without blanks: what nobody would see in a name that software compares. */
const HIDDEN = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u2800]/u;

function unlessUnseen(text: string): string {
  return text.replace(UNSEEN, '') === '' ? '' : text;
}

/** A name as it can be shown in one line beside others, without changing how those read. Empty when nothing is to be seen. */
export function cleanLine(text: string): string {
  const clean = text.normalize('NFC').replace(CONTROL, ' ').replace(HARMFUL, '');
  return unlessUnseen(clean.trim());
}

function cleanLines(text: string): string {
  const clean = text.normalize('NFC').replace(/\r\n?/g, '\n');
  return unlessUnseen(clean.replace(CONTROL_IN_LINES, ' ').replace(HARMFUL, '').trim());
}

/** One line that people write and others read: cleaned first, then counted; never blank. */
export function lineSchema(maxLength: number) {
  return z.string().overwrite(cleanLine).min(1).max(maxLength);
}

/** The same in as many lines as are wanted, also none. */
export function linesSchema(maxLength: number) {
  return z.string().overwrite(cleanLines).max(maxLength);
}

/** One line that may be left empty, as forms send it. */
export function lineOrNoneSchema(maxLength: number) {
  return z.string().overwrite(cleanLine).max(maxLength);
}

/** Whether two names that look the same may differ by something in this one. */
export function hasHidden(text: string): boolean {
  return HIDDEN.test(text);
}

/** A name by which software knows something, as another system gives it: what is hidden in it is refused, not taken out, for without it it would name something else. */
export function nameSchema(maxLength: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .refine((text) => !hasHidden(text), 'must not have characters that cannot be seen');
}

/**
 * The digits of a phone or an amount, however it is written: 0812-3456, +62 812 3456, Rp100.123, 100.123,00 as bank
 * statements have it. Empty when the text is neither.
 */
export function digitsTyped(text: string): string {
  if (!/^(?:rp)?[\d\s.,()+-]+$/i.test(text)) return '';
  return text.replace(/[.,]\d{2}\s*$/, '').replace(/\D/g, '');
}
