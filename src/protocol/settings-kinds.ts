/** The kinds of settings. Plain data without zod, so that the console's page can draw its fields from it. */

/** A text in the two languages of the pages. */
export interface Words {
  readonly id: string;
  readonly en: string;
}

export const UNITS = {
  percent: { id: '%', en: '%' },
  minutes: { id: 'menit', en: 'minutes' },
  seconds: { id: 'detik', en: 'seconds' },
  points: { id: 'poin', en: 'points' },
  goods: { id: 'pcs', en: 'units' },
  bookings: { id: 'booking', en: 'bookings' },
  orders: { id: 'pesanan', en: 'orders' },
  rupiah: { id: 'rupiah', en: 'rupiah' },
} as const satisfies Record<string, Words>;

interface Described {
  readonly label: Words;
  /** What the setting does, in a sentence or two. */
  readonly help: Words;
}

interface Shown extends Described {
  /** Viewers get the value in the `rules` of their snapshot. */
  readonly viewers?: true;
}

export interface NumberSetting extends Shown {
  readonly type: 'number';
  readonly unit: keyof typeof UNITS;
  readonly min: number;
  readonly max: number;
  /** The value must be greater than `min`. */
  readonly aboveMin?: true;
  /** The most decimals. */
  readonly decimals: 0 | 2 | 'any';
  /** What 0 means, where it is more than the number. */
  readonly zero?: 'noLimit' | 'none' | 'everyone' | 'asShop';
  readonly default: number;
}

interface FlagSetting extends Shown {
  readonly type: 'flag';
  readonly default: boolean;
}

export interface ChoiceSetting extends Shown {
  readonly type: 'choice';
  readonly options: Readonly<Record<string, Words>>;
  readonly default: string;
}

export interface TextSetting extends Shown {
  readonly type: 'text';
  readonly maxLength: number;
  /** `line`: one line that is not blank; `lines`: any text, also none. */
  readonly form: 'line' | 'lines';
  readonly default: string;
}

interface LinkSetting extends Shown {
  readonly type: 'link';
  readonly maxLength: number;
  readonly default: '';
}

/** Rows of the same fields; a field's `default` is what the console puts into a new row. */
export interface ListSetting extends Described {
  readonly type: 'list';
  readonly maxRows: number;
  /** The field that no two rows may have the same. */
  readonly uniqueField?: string;
  readonly row: Words;
  readonly fields: Readonly<Record<string, NumberSetting | TextSetting>>;
  readonly default: readonly [];
}

export type Setting =
  | NumberSetting
  | FlagSetting
  | ChoiceSetting
  | TextSetting
  | LinkSetting
  | ListSetting;

export type ValueOf<S> = S extends { type: 'number' }
  ? number
  : S extends { type: 'flag' }
    ? boolean
    : S extends { type: 'choice'; options: infer Options }
      ? keyof Options & string
      : S extends { type: 'list'; fields: infer Fields }
        ? { -readonly [Name in keyof Fields]: ValueOf<Fields[Name]> }[]
        : string;

const NUMBER = { type: 'number', min: 0, decimals: 0 } as const;

export const PERCENT = { ...NUMBER, unit: 'percent', max: 100, decimals: 2 } as const;
/** At most a week; decimals allowed: 0.05 is three seconds. */
export const MINUTES_OR_NONE = {
  ...NUMBER,
  unit: 'minutes',
  max: 10_080,
  decimals: 'any',
} as const;
export const MINUTES = { ...MINUTES_OR_NONE, aboveMin: true } as const;
/** At most a week. */
export const SECONDS = {
  ...NUMBER,
  unit: 'seconds',
  max: 604_800,
  decimals: 'any',
  zero: 'none',
} as const;
export const POINTS = { ...NUMBER, unit: 'points', max: 100, zero: 'none' } as const;
export const LIMIT = { ...NUMBER, unit: 'goods', max: 1_000_000, zero: 'noLimit' } as const;
export const FEE = { ...NUMBER, unit: 'rupiah', max: 1_000_000_000, zero: 'none' } as const;
/** An `https:` address, or "" for none. */
export const LINK = { type: 'link', maxLength: 2_048, default: '' } as const;
