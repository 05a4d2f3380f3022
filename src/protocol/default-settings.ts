import type { Settings } from './settings.js';

/** What a new shop begins with. A file of its own, so that pages get the values without the schemas. */
export const DEFAULT_SETTINGS: Settings = {
  order: {
    ppnPercent: 0,
    maxItemQuantity: 0,
    totalItemCart: 0,
    checkoutTimeoutMinutes: 3,
    onlineCheckoutAutoExpireMinutes: 180,
  },
  booking: {
    bookingTimeoutMinutes: 15,
    cancelPenaltyPerItem: 0,
    paidRewardPerItem: 0,
    expiryPenaltyPerItem: 0,
    minReputation: 0,
  },
  socialMedia: { facebook: '', instagram: '', tiktok: '', twitter: '', telegram: '' },
  marketplace: { tokopedia: '', shopee: '', blibli: '', lazada: '', bukalapak: '' },
};
