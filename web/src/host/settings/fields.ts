import { DEFAULT_SETTINGS } from '../../../../src/protocol/default-settings.js';
import type { Settings } from '../../../../src/protocol/settings.js';

export const SECTIONS = ['order', 'booking', 'socialMedia', 'marketplace'] as const;
export type Section = (typeof SECTIONS)[number];

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
  },
  booking: {
    bookingTimeoutMinutes: 'minutes',
    cancelPenaltyPerItem: 'points',
    paidRewardPerItem: 'points',
    expiryPenaltyPerItem: 'points',
    minReputation: 'threshold',
  },
  socialMedia: {
    facebook: 'link',
    instagram: 'link',
    tiktok: 'link',
    twitter: 'link',
    telegram: 'link',
  },
  marketplace: {
    tokopedia: 'link',
    shopee: 'link',
    blibli: 'link',
    lazada: 'link',
    bukalapak: 'link',
  },
};

export function fieldsOf(section: Section): SettingField[] {
  const defaults = DEFAULT_SETTINGS[section] as Record<string, string | number>;
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
  const section = settings[field.section] as Record<string, string | number>;
  return section[field.name] ?? field.fallback;
}
