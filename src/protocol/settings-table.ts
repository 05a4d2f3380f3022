import { BOOKING_SETTINGS } from './settings-booking.js';
import { LINK, type ListSetting, type Setting, type Words } from './settings-kinds.js';
import { ORDER_SETTINGS } from './settings-order.js';

/** A page of the shop elsewhere, under the name that it has in both languages. */
const linkTo = (name: string) => ({
  ...LINK,
  label: { id: name, en: name },
  help: {
    id: `Alamat https halaman ${name} tokomu. Kosongkan bila tidak ada; tautannya tampil ke penonton.`,
    en: `The https address of the shop's ${name} page, or empty. Viewers see the link.`,
  },
});

const text = (maxLength: number, label: Words, help: Words) =>
  ({ type: 'text', form: 'line', maxLength, default: '', label, help }) as const;

/**
 * Every setting of a shop, one entry each, in the order in which the console shows them. The schemas, the defaults (of
 * TypeScript and of Lua), the rules in viewers' snapshots, the console's fields and the table in README.md are made
 * from it.
 */
export const SETTINGS = {
  order: ORDER_SETTINGS,
  booking: BOOKING_SETTINGS,
  socialMedia: {
    facebook: linkTo('Facebook'),
    instagram: linkTo('Instagram'),
    tiktok: linkTo('TikTok'),
    twitter: linkTo('Twitter'),
    telegram: linkTo('Telegram'),
  },
  marketplace: {
    tokopedia: linkTo('Tokopedia'),
    shopee: linkTo('Shopee'),
    blibli: linkTo('Blibli'),
    lazada: linkTo('Lazada'),
    bukalapak: linkTo('Bukalapak'),
  },
  bankAccounts: {
    type: 'list',
    maxRows: 10,
    default: [],
    label: { id: 'Rekening bank', en: 'Bank accounts' },
    help: {
      id: 'Rekening tujuan transfer yang tampil ke pembeli saat membayar.',
      en: 'The accounts that buyers see when they pay by bank transfer.',
    },
    row: { id: 'Rekening {n}', en: 'Account {n}' },
    fields: {
      bank: text(
        40,
        { id: 'Bank', en: 'Bank' },
        { id: 'Nama bank, misalnya BCA.', en: 'Name of the bank, such as BCA.' },
      ),
      number: text(
        40,
        { id: 'Nomor rekening', en: 'Account number' },
        { id: 'Seperti tertulis di buku tabungan.', en: 'As the bank writes it.' },
      ),
      holder: text(
        100,
        { id: 'Atas nama', en: 'Account holder' },
        { id: 'Nama pemilik rekening.', en: 'Name of the owner of the account.' },
      ),
    },
  },
} as const satisfies Record<string, Readonly<Record<string, Setting>> | ListSetting>;

export type SettingsTab = keyof typeof SETTINGS;

export const SETTINGS_TABS: Readonly<Record<SettingsTab, Words>> = {
  order: { id: 'Pesanan', en: 'Orders' },
  booking: { id: 'Booking', en: 'Booking' },
  socialMedia: { id: 'Social Media', en: 'Social Media' },
  marketplace: { id: 'Marketplace', en: 'Marketplace' },
  bankAccounts: { id: 'Rekening', en: 'Bank accounts' },
};

export interface SettingEntry {
  /** As issues name it: `order.ppnPercent`, `bankAccounts`. */
  readonly path: string;
  readonly tab: SettingsTab;
  readonly setting: Setting;
}

export const SETTING_ENTRIES: readonly SettingEntry[] = Object.entries(SETTINGS).flatMap(
  ([key, value]): SettingEntry[] => {
    const tab = key as SettingsTab;
    if (isSetting(value)) return [{ path: tab, tab, setting: value }];
    return Object.entries(value).map(([name, setting]) => ({
      path: `${tab}.${name}`,
      tab,
      setting,
    }));
  },
);

function isSetting(value: Readonly<Record<string, Setting>> | ListSetting): value is ListSetting {
  return typeof value.type === 'string';
}

export type SettingValue = number | boolean | string | readonly object[];

/** Values by path as sections: `order.ppnPercent` → `{ order: { ppnPercent } }`. */
export function nestSettings(
  values: Iterable<readonly [path: string, value: SettingValue]>,
): Record<string, unknown> {
  const sections: Record<string, Record<string, SettingValue>> = {};
  const whole: Record<string, SettingValue> = {};
  for (const [path, value] of values) {
    const [section = '', name] = path.split('.');
    if (name === undefined) whole[section] = value;
    else sections[section] = { ...sections[section], [name]: value };
  }
  return { ...sections, ...whole };
}

/** The other way: the value at a path, undefined where a patch does not name it. */
export function settingAt(settings: object, path: string): SettingValue | undefined {
  let value: unknown = settings;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  return value as SettingValue | undefined;
}
