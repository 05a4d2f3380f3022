/**
 * Reads a number as a seller types it, with a decimal comma or point; null when it is not a number. Thousands
 * are distinguished from decimals by their groups of three, but only where a whole number is wanted.
 */
export function readDecimal(text: string): number | null {
  const trimmed = text.trim().replace(',', '.');
  if (!/^-?\d+(\.\d+)?$/.test(trimmed)) return null;
  return Number(trimmed);
}

/** A whole number, with or without groups: "85000", "85.000", "Rp 85,000", "-3", "+5". */
export function readWhole(text: string): number | null {
  const trimmed = text
    .trim()
    .replace(/^Rp\s*/i, '')
    .replace(/^\+/, '');
  if (/^-?\d+$/.test(trimmed)) return Number(trimmed);
  if (/^-?\d{1,3}([.,]\d{3})+$/.test(trimmed)) return Number(trimmed.replace(/[.,]/g, ''));
  return null;
}

const codes = new Intl.Collator('id', { numeric: true });

/** A2 before A10. */
export function byCode(one: { code: string }, other: { code: string }): number {
  return codes.compare(one.code, other.code);
}
