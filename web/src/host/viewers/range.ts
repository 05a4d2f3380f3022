import { readWhole } from '../ui/numbers.js';

export interface Range {
  min: number;
  max: number;
}

/** A range of reputation as the address has it; what is not a range is everyone. */
export function readRange(query: URLSearchParams): Range {
  return checkRange(query.get('min') ?? '0', query.get('max') ?? '100') ?? { min: 0, max: 100 };
}

/** A range as it was typed, or null when it is none. */
export function checkRange(from: string, to: string): Range | null {
  const min = readWhole(from);
  const max = readWhole(to);
  if (min === null || max === null || min < 0 || max > 100 || min > max) return null;
  return { min, max };
}
