import { z } from 'zod';

/** Minutes > 0, decimals allowed (0.05 = 3 s), at most a week. */
const Minutes = z.number().positive().max(10_080);
/** Reputation points, whole, 0 to 100. */
const Points = z.int().min(0).max(100);
/** 0 = no limit. */
const Limit = z.int().min(0).max(1_000_000);
/** Percent with at most two decimals: it is kept as hundredths of a percent in money arithmetic. */
const Percent = z
  .number()
  .min(0)
  .max(100)
  .refine(
    (value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-9,
    'has at most two decimals',
  );

function isHttpsUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:' && !/\s/.test(text);
}

/** An `https:` address, or "" for none. Nothing else: these become links on the viewer's page. */
const Link = z
  .string()
  .max(2_048)
  .refine((text) => text === '' || isHttpsUrl(text), 'must be an https URL or empty');

/** An `https:` address of a picture or a page to embed. */
export const HttpsUrlSchema = z.string().max(2_048).refine(isHttpsUrl, 'must be an https URL');

const OrderSettingsSchema = z.strictObject({
  /** Tax on an order's subtotal, rounded half up to a whole rupiah. */
  ppnPercent: Percent,
  /** Most units of one item in a viewer's cart, and so in one order. */
  maxItemQuantity: Limit,
  /** Most units of all items together in a viewer's cart. */
  totalItemCart: Limit,
  /** How long a checkout stays open. */
  checkoutTimeoutMinutes: Minutes,
  /** How long an unpaid order lives, unless its payment has an expiry of its own (QRIS). */
  onlineCheckoutAutoExpireMinutes: Minutes,
});

export const BookingSettingsSchema = z.strictObject({
  /** How long a booking holds stock; the TTL of the hold. */
  bookingTimeoutMinutes: Minutes,
  /** Reputation taken for each unit that the viewer cancels. */
  cancelPenaltyPerItem: Points,
  /** Reputation given for each unit paid. */
  paidRewardPerItem: Points,
  /** Reputation taken for each unit left to time out, as a booking or as an unpaid order. */
  expiryPenaltyPerItem: Points,
  /** A viewer below this may watch but not book. */
  minReputation: Points,
});

export const SocialMediaSchema = z.strictObject({
  facebook: Link,
  instagram: Link,
  tiktok: Link,
  twitter: Link,
  telegram: Link,
});

export const MarketplaceSchema = z.strictObject({
  tokopedia: Link,
  shopee: Link,
  blibli: Link,
  lazada: Link,
  bukalapak: Link,
});

/** The four sections of a shop's settings. Sellers know them as Pesanan, Booking, Social Media, Marketplace. */
export const SettingsSchema = z.strictObject({
  order: OrderSettingsSchema,
  booking: BookingSettingsSchema,
  socialMedia: SocialMediaSchema,
  marketplace: MarketplaceSchema,
});
export type Settings = z.infer<typeof SettingsSchema>;

/** Any subset of the fields; an unknown or invalid one refuses the whole patch. */
export const SettingsPatchSchema = z.strictObject({
  order: OrderSettingsSchema.partial().optional(),
  booking: BookingSettingsSchema.partial().optional(),
  socialMedia: SocialMediaSchema.partial().optional(),
  marketplace: MarketplaceSchema.partial().optional(),
});
export type SettingsPatch = z.infer<typeof SettingsPatchSchema>;
