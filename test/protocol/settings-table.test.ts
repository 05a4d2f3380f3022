import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/protocol/default-settings.js';
import { RULE_PATHS, RulesSchema, SettingsSchema } from '../../src/protocol/settings.js';
import {
  nestSettings,
  SETTING_ENTRIES,
  type SettingValue,
  settingAt,
} from '../../src/protocol/settings-table.js';

/** Every text of a setting, those of its options and of its rows' fields too. */
function wordsIn(value: unknown): [label: string, id: string, en: string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]): [string, string, string][] =>
    typeof part?.id === 'string' ? [[key, part.id, part.en]] : wordsIn(part),
  );
}

describe('the table of settings', () => {
  it('has the defaults that clients rely on, and they are valid', () => {
    expect(SettingsSchema.parse(DEFAULT_SETTINGS)).toEqual(DEFAULT_SETTINGS);
    const none = (...names: string[]) => Object.fromEntries(names.map((name) => [name, '']));
    expect(DEFAULT_SETTINGS).toMatchObject({
      order: {
        ppnPercent: 0,
        maxItemQuantity: 0,
        totalItemCart: 0,
        checkoutTimeoutMinutes: 3,
        onlineCheckoutAutoExpireMinutes: 180,
        pricesIncludePpn: false,
        ppnBase: 'price',
        shippingFee: 0,
        serviceFee: 0,
        allowPickup: false,
        recipient: 'optional',
        maxUnpaidOrders: 0,
        uniqueTransferCode: false,
        paymentTerms: '',
      },
      booking: {
        bookingTimeoutMinutes: 15,
        cancelPenaltyPerItem: 0,
        paidRewardPerItem: 0,
        expiryPenaltyPerItem: 0,
        minReputation: 0,
        maxBookings: 0,
        freeCancelSeconds: 0,
        rebookCooldownSeconds: 0,
        waitlist: true,
        waitlistOfferMinutes: 5,
        guestsMayBook: true,
        recoveryPerDay: 0,
        tiers: [],
      },
      socialMedia: none('facebook', 'instagram', 'tiktok', 'twitter', 'telegram'),
      marketplace: none('tokopedia', 'shopee', 'blibli', 'lazada', 'bukalapak'),
      bankAccounts: [],
    });
  });

  it.each(SETTING_ENTRIES)('$path has its words in both languages', ({ setting }) => {
    const words = wordsIn(setting);
    expect(words.map(([key]) => key)).toEqual(expect.arrayContaining(['label', 'help']));
    for (const [key, id, en] of words) {
      // A help is sentences; a label is none.
      const form = key === 'help' ? /^\S.*\.$/ : /^\S(.*[^.\s])?$/;
      expect(id).toMatch(form);
      expect(en).toMatch(form);
    }
  });

  it('gives each rule a name of its own, and the rules their schema', () => {
    const names = RULE_PATHS.map((path) => path.split('.')[1]);
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(RulesSchema.shape)).toEqual(names);
  });

  it('says in the schemas what each setting does', () => {
    expect(SettingsSchema.shape.booking.shape.maxBookings.meta()).toMatchObject({
      title: 'Maximum bookings',
      description: expect.stringMatching(/^The most bookings /),
      'x-unit': 'bookings',
    });
  });

  it('turns sections into paths and back', () => {
    const values = SETTING_ENTRIES.map(({ path }): [string, SettingValue] => [
      path,
      settingAt(DEFAULT_SETTINGS, path) ?? '',
    ]);
    expect(nestSettings(values)).toEqual(DEFAULT_SETTINGS);
    expect(settingAt({ order: {} }, 'booking.maxBookings')).toBeUndefined();
  });
});
