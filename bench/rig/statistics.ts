/** A number over several rounds: the middle one and the range. */
export interface Spread {
  median: number;
  low: number;
  high: number;
}

export function spread(values: number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median =
    ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
  return { median, low: sorted[0] ?? Number.NaN, high: sorted.at(-1) ?? Number.NaN };
}

/**
 * The best round of one side to the best of the other, for whatever disturbs a round only ever makes it worse; and the range,
 * round by round. @param better whether a low or a high number is the better one
 */
export function ratios(above: number[], below: number[], better: 'low' | 'high' = 'low'): Spread {
  const best = better === 'low' ? Math.min : Math.max;
  const { low, high } = spread(above.map((value, i) => value / (below[i] ?? Number.NaN)));
  return { median: best(...above) / best(...below), low, high };
}

export interface Quantiles {
  p50: number;
  p99: number;
  max: number;
}

/** NaN when there are none. */
export function quantiles(values: number[]): Quantiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? Number.NaN };
}
