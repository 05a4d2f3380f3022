import { type Locale, locale } from './i18n.js';

/** Money, times and countdowns as the chosen language writes them. Readers re-render on a change of it. */

const TAGS: Record<Locale, string> = { id: 'id-ID', en: 'en-GB' };

/** Building an Intl formatter is slow on a cheap phone, so each is built once. */
function perLocale<Format>(build: (tag: string) => Format): () => Format {
  const built: Partial<Record<Locale, Format>> = {};
  return () => {
    const current = locale.value;
    built[current] ??= build(TAGS[current]);
    return built[current];
  };
}

const numberFormat = perLocale((tag) => new Intl.NumberFormat(tag));
const rupiahFormat = perLocale(
  (tag) =>
    new Intl.NumberFormat(tag, {
      style: 'currency',
      currency: 'IDR',
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: 0,
      maximumFractionDigits: 0,
    }),
);
const percentFormat = perLocale(
  (tag) => new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 2 }),
);
const timeFormat = perLocale(
  (tag) => new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit' }),
);
const dateTimeFormat = perLocale(
  (tag) =>
    new Intl.DateTimeFormat(tag, {
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
    }),
);
const wibFormat = perLocale(
  (tag) =>
    new Intl.DateTimeFormat(tag, {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      timeZone: 'Asia/Jakarta',
    }),
);

export function number(n: number): string {
  return numberFormat().format(n);
}

/** Whole rupiah: "Rp 85.000" in Indonesian, "Rp 85,000" in English. */
export function rupiah(n: number): string {
  const text = rupiahFormat().format(n);
  // Engines disagree on the space after the symbol; a narrow one that does not break looks best.
  return text.replace(/^(-?)Rp\s*/, '$1Rp\u00a0');
}

/** `value` as settings have it: 11 → "11%". */
export function percent(value: number): string {
  return percentFormat().format(value / 100);
}

/** "14.05" or "14:05", in the reader's time zone. */
export function time(ms: number): string {
  return timeFormat().format(ms);
}

/** "2 Mei, 14.05". */
export function dateTime(ms: number): string {
  return dateTimeFormat().format(ms);
}

/** "26 Nov 2026, 19.30 WIB": the same for everybody, on paper and in messages to others. */
export function wib(ms: number): string {
  return `${wibFormat().format(ms)} WIB`;
}

/** Time left as "m:ss", or "h:mm:ss" from an hour on. Rounds up, so that 0:00 means over. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}
