import { RECOMMENDED_SETTINGS } from '../../src/demo.js';
import { DEFAULT_SETTINGS } from '../../src/protocol/default-settings.js';
import type { Settings, SettingsPatch } from '../../src/protocol/settings.js';
import type { EveningClock } from './clock.js';

/** A shop's settings, and who its viewers are. */
export interface Setup {
  name: string;
  settings: ShopRules;
  /** Honest viewers come as guests, or signed in by the shop. */
  honest: 'guests' | 'members';
}
type ShopRules = Pick<Settings, 'order' | 'booking'>;

const { order, booking } = DEFAULT_SETTINGS;
const recommended = {
  order: { ...order, ...RECOMMENDED_SETTINGS.order },
  booking: { ...booking, ...RECOMMENDED_SETTINGS.booking },
};

export const RECOMMENDED: Setup = { name: 'recommended', settings: recommended, honest: 'guests' };
export const SETUPS: Setup[] = [
  { name: 'default', settings: { order, booking }, honest: 'guests' },
  RECOMMENDED,
  {
    name: 'recommended, no guests',
    settings: { ...recommended, booking: { ...recommended.booking, guestsMayBook: false } },
    honest: 'members',
  },
];

const MINUTES = {
  order: ['checkoutTimeoutMinutes', 'onlineCheckoutAutoExpireMinutes'],
  booking: ['bookingTimeoutMinutes', 'waitlistOfferMinutes'],
} as const;
const SECONDS = ['freeCancelSeconds', 'rebookCooldownSeconds'] as const;

/** The settings with every duration as long as it is in the evening's own time. */
export function inEveningTime(given: ShopRules, clock: EveningClock): SettingsPatch {
  const patch = { order: { ...given.order }, booking: { ...given.booking } };
  for (const name of MINUTES.order) patch.order[name] = clock.minutes(given.order[name]);
  for (const name of MINUTES.booking) patch.booking[name] = clock.minutes(given.booking[name]);
  for (const name of SECONDS) patch.booking[name] = clock.seconds(given.booking[name]);
  patch.booking.tiers = given.booking.tiers.map((tier) => ({
    ...tier,
    bookingTimeoutMinutes: clock.minutes(tier.bookingTimeoutMinutes),
  }));
  return patch;
}
