import { DEFAULT_SETTINGS } from '../../../../src/protocol/default-settings.js';
import type { Settings } from '../../../../src/protocol/settings.js';

export type Section = keyof Settings;
export const SECTIONS = ['order', 'booking', 'socialMedia', 'marketplace'] as const;

/** What a field holds: how it is read, which words say that it is wrong, and which unit stands beside it. */
export type FieldKind = 'percent' | 'limit' | 'minutes' | 'points' | 'threshold' | 'link';

export interface SettingField<S extends Section = Section> {
  section: S;
  name: string;
  /** As the server names it in its issues: `order.ppnPercent`. */
  path: string;
  kind: FieldKind;
  fallback: string | number;
}

/** In the order in which sellers know them. */
const ORDER: Record<Section, Record<string, FieldKind>> = {
  order: {
    ppnPercent: 'percent',
    maxItemQuantity: 'limit',
    totalItemCart: 'limit',
    checkoutTimeoutMinutes: 'minutes',
    onlineCheckoutAutoExpireMinutes: 'minutes',
  } satisfies Record<keyof Settings['order'], FieldKind>,
  booking: {
    bookingTimeoutMinutes: 'minutes',
    cancelPenaltyPerItem: 'points',
    paidRewardPerItem: 'points',
    expiryPenaltyPerItem: 'points',
    minReputation: 'threshold',
  } satisfies Record<keyof Settings['booking'], FieldKind>,
  socialMedia: {
    facebook: 'link',
    instagram: 'link',
    tiktok: 'link',
    twitter: 'link',
    telegram: 'link',
  } satisfies Record<keyof Settings['socialMedia'], FieldKind>,
  marketplace: {
    tokopedia: 'link',
    shopee: 'link',
    blibli: 'link',
    lazada: 'link',
    bukalapak: 'link',
  } satisfies Record<keyof Settings['marketplace'], FieldKind>,
};

export function fieldsOf(section: Section): SettingField[] {
  const defaults: Record<string, string | number> = DEFAULT_SETTINGS[section];
  return Object.entries(ORDER[section]).map(([name, kind]) => ({
    section,
    name,
    path: `${section}.${name}`,
    kind,
    fallback: defaults[name] ?? '',
  }));
}

export const ALL_FIELDS = SECTIONS.flatMap(fieldsOf);

export function settingValue(settings: Settings, field: SettingField): string | number {
  const section: Record<string, string | number> = settings[field.section];
  return section[field.name] ?? field.fallback;
}
