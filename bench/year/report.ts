import { bytesOf, type Census } from './census.js';
import type { Options } from './options.js';
import type { PageTimes } from './pages.js';

export interface Measured {
  options: Options;
  seconds: number;
  orders: number;
  refusals: Map<string, number>;
  /** Each of some days after the first month, and of the last days. */
  month: Census[];
  end: Census[];
  /** Once all that is finished has left. */
  after: Census;
  /** What the codes of a year's orders at 1,000 a day weigh once they have left, bytes. */
  codes: number;
  /** What the audit complained of. */
  audit: string[];
  archived: number;
  pages: PageTimes[];
}

const MOST_GROWTH = 0.1;
const PAGE_WITHIN_MS = 100;

interface Check {
  what: string;
  kept: boolean;
}

/** Kinds that are as large however many orders a day has: by days, or by what the shop sells. */
const FIXED = /^(lives?|bookings:(live|item):gone|items?|restocks|codes|skus|settings|shop)$/;
/** Kinds with a bound of their own, which 1,000 orders a day come to within days. */
const BOUNDED: Record<string, number> = { events: 10_000, changes: 10_000, change: 10_000 };
/** The books of the play-money gateway are no shop's. */
const NOT_OURS = 'sandbox';

/** The bytes that 1,000 orders a day would come to. */
function atFullSize(census: Census, { options, codes }: Measured, isEnd: boolean): number {
  const times = (1_000 * 365) / options.orders;
  let sum = 0;
  for (const [kind, { bytes, entries }] of census) {
    const most = BOUNDED[kind];
    if (kind === 'orders:used') sum += isEnd ? (codes * 335) / 365 : codes / 24;
    else if (most !== undefined) sum += (bytes / entries) * most;
    else if (kind !== NOT_OURS) sum += FIXED.test(kind) ? bytes : bytes * times;
  }
  return sum;
}

export function verdictOf(measured: Measured): Check[] {
  const { month, end, audit, refusals, orders, pages } = measured;
  const first = mean(month.map((census) => atFullSize(census, measured, false)));
  const last = mean(end.map((census) => atFullSize(census, measured, true)));
  const grown = last / first - 1;
  const refused = [...refusals.values()].reduce((sum, n) => sum + n, 0);
  return [
    {
      what: `at 1,000 orders a day Redis holds ${megabytes(first)} after a month and ${megabytes(last)} at the end, ${(grown * 100).toFixed(1)} % more; wanted ≤ ${MOST_GROWTH * 100} %`,
      kept: grown <= MOST_GROWTH,
    },
    ...pages
      .filter(({ judged }) => judged)
      .map(({ what, ms }) => ({
        what: `a page of last year's orders ${what}: ${milliseconds(ms)}, wanted < ${PAGE_WITHIN_MS} ms`,
        kept: (ms.at(-1) ?? 0) < PAGE_WITHIN_MS,
      })),
    {
      what: `the audit finds ${audit.length === 0 ? 'nothing' : audit.slice(0, 3).join('; ')}`,
      kept: audit.length === 0,
    },
    {
      what: `${refused} of what was asked for ${orders} orders was refused${said(refusals)}`,
      kept: refused <= orders / 100,
    },
  ];
}

export function render(measured: Measured): string {
  const { options, seconds, orders, archived, pages } = measured;
  const lastDays = seconds / 365 / (options.dayMs / 1_000);
  return [
    '',
    `${orders} orders in 365 days of ${((lastDays * options.dayMs) / 1_000).toFixed(2)} s; the archive then had ${archived} orders`,
    '',
    ...pages
      .filter(({ judged }) => !judged)
      .map(
        ({ what, ms }) => `not promised: a page of last year's orders ${what}: ${milliseconds(ms)}`,
      ),
    ...verdictOf(measured).map(({ what, kept }) => `${kept ? 'kept' : 'BROKEN'}: ${what}`),
  ].join('\n');
}

/** What there is of each kind of key, on the mean, and what of it is there when all that is finished has left. */
export function tableOf({ month, end, after }: Pick<Measured, 'month' | 'end' | 'after'>): string {
  const kinds = new Set([...month, ...end].flatMap((census) => [...census.keys()]));
  const rows = [...kinds].map((kind) => {
    const of = (all: Census[], what: 'entries' | 'bytes') =>
      mean(all.map((census) => census.get(kind)?.[what] ?? 0));
    return {
      kind,
      month: { entries: of(month, 'entries'), bytes: of(month, 'bytes') },
      end: { entries: of(end, 'entries'), bytes: of(end, 'bytes') },
      after: { entries: of([after], 'entries'), bytes: of([after], 'bytes') },
    };
  });
  const worthAWord = rows
    .filter((row) => Math.max(row.month.bytes, row.end.bytes) > 20_000)
    .sort((a, b) => b.end.bytes - a.end.bytes);
  const all = {
    kind: 'all',
    month: { entries: Number.NaN, bytes: mean(month.map(bytesOf)) },
    end: { entries: Number.NaN, bytes: mean(end.map(bytesOf)) },
    after: { entries: Number.NaN, bytes: bytesOf(after) },
  };
  const cells = [...worthAWord, all].map((row) => [
    row.kind,
    ...[row.month, row.end, row.after].map(({ entries, bytes }) => {
      const kb = `${Math.round(bytes / 1_000).toLocaleString('en')} KB`;
      return Number.isNaN(entries) ? kb : `${Math.round(entries).toLocaleString('en')}, ${kb}`;
    }),
  ]);
  const head = ['kind of key: entries, bytes', 'days 31–45', 'days 351–365', 'when all has left'];
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...cells];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function milliseconds(sorted: number[]): string {
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return `median ${median.toFixed(0)} ms, worst ${(sorted.at(-1) ?? Number.NaN).toFixed(0)} ms of ${sorted.length}`;
}

function said(refusals: Map<string, number>): string {
  const most = [...refusals].sort(([, a], [, b]) => b - a).slice(0, 3);
  return most.map(([what, n]) => `; ${n} × ${what}`).join('');
}
