import type { Live } from './protocol/live.js';
import type { Settings } from './protocol/settings.js';
import type { Catalogue } from './services/catalogue.js';
import type { Shops } from './services/shops.js';
import type { Tokens } from './transports/identity.js';
import type { Services } from './transports/services.js';

const DEMO_SHOP = 'demo';

/** What docs/fairness.md recommends, and why; `npm run cheats` tries them. */
export const RECOMMENDED_SETTINGS = {
  order: {
    maxItemQuantity: 2,
    totalItemCart: 10,
    maxUnpaidOrders: 1,
    onlineCheckoutAutoExpireMinutes: 60,
  },
  booking: {
    bookingTimeoutMinutes: 10,
    cancelPenaltyPerItem: 5,
    paidRewardPerItem: 2,
    expiryPenaltyPerItem: 10,
    minReputation: 50,
    maxBookings: 10,
    freeCancelSeconds: 60,
    rebookCooldownSeconds: 900,
    recoveryPerDay: 10,
    tiers: [
      { belowReputation: 90, maxBookings: 2, bookingTimeoutMinutes: 5 },
      { belowReputation: 70, maxBookings: 1, bookingTimeoutMinutes: 3 },
    ],
  },
} satisfies { order: Partial<Settings['order']>; booking: Partial<Settings['booking']> };

const ITEMS = [
  { code: 'A1', sku: 'KMJ-PJG-S', name: 'Kemeja Panjang Linen / S', price: 129_000, stock: 10 },
  { code: 'A2', sku: 'KMJ-PJG-M', name: 'Kemeja Panjang Linen / M', price: 129_000, stock: 10 },
  { code: 'A3', sku: 'KMJ-PJG-L', name: 'Kemeja Panjang Linen / L', price: 129_000, stock: 6 },
  { code: 'B1', sku: 'TNK-BTK-M', name: 'Tunik Batik Parang / M', price: 185_000, stock: 4 },
  { code: 'B2', sku: 'TNK-BTK-L', name: 'Tunik Batik Parang / L', price: 185_000, stock: 4 },
  { code: 'C1', sku: 'HJB-VOAL-SAGE', name: 'Hijab Voal Premium / Sage', price: 49_000, stock: 25 },
  { code: 'C2', sku: 'HJB-VOAL-NAVY', name: 'Hijab Voal Premium / Navy', price: 49_000, stock: 25 },
  { code: 'D1', sku: 'TAS-ROTAN', name: 'Tas Rotan Bundar', price: 215_000, stock: 2 },
];

/** A shop to look at, with a live that is on; made only when the store has no shop at all. */
async function openDemoShop(shops: Shops, catalogue: Catalogue): Promise<Live | undefined> {
  const { items: known } = await shops.list({ limit: 1 });
  if (known.length === 0) await makeDemoShop(shops, catalogue);
  const demo = await shops.view(DEMO_SHOP).catch(() => undefined);
  return demo?.lives[0];
}

async function makeDemoShop(shops: Shops, catalogue: Catalogue): Promise<void> {
  await shops.ensure(DEMO_SHOP);
  await shops.rename(DEMO_SHOP, 'Toko Kemeja Kita');
  await shops.patchSettings(DEMO_SHOP, {
    ...RECOMMENDED_SETTINGS,
    order: { ...RECOMMENDED_SETTINGS.order, ppnPercent: 11, uniqueTransferCode: true },
    // Nobody's: a transfer can be tried to its end, and no money can go astray.
    bankAccounts: [{ bank: 'BCA', number: '000-000-0000', holder: 'Contoh, jangan ditransfer' }],
    socialMedia: {
      instagram: 'https://www.instagram.com/tokokemejakita',
      tiktok: 'https://www.tiktok.com/@tokokemejakita',
    },
    marketplace: {
      shopee: 'https://shopee.co.id/tokokemejakita',
      tokopedia: 'https://www.tokopedia.com/tokokemejakita',
    },
  });
  const itemIds: string[] = [];
  for (const item of ITEMS) {
    itemIds.push((await catalogue.createItem(DEMO_SHOP, item)).itemId);
  }
  const title = 'Live Malam: Kemeja & Tunik Baru';
  const { liveId } = await catalogue.createLive(DEMO_SHOP, { title, itemIds });
  const pinnedItemId = itemIds[0] ?? null;
  await catalogue.patchLive(DEMO_SHOP, liveId, { pinnedItemId });
  await catalogue.setLiveStatus(DEMO_SHOP, liveId, 'live');
}

/** What `npm start` prints: where the demo live is, and a link that signs the host in. */
export async function welcome(services: Services, tokens: Tokens, url: string): Promise<string> {
  const live = await openDemoShop(services.shops, services.catalogue);
  const hostToken = tokens.sign({ id: 'demo-host', shopId: DEMO_SHOP, role: 'host' }, '7d');
  const viewerPage = live ? `${url}/live/${DEMO_SHOP}/${live.liveId}` : `${url}/`;
  return [
    '',
    '  Livehold is up.',
    '',
    `  Viewer page    ${viewerPage}`,
    `  Host console   ${url}/host#token=${hostToken}`,
    `  API            ${url}/api/v1    (health: ${url}/healthz)`,
    '',
    '  Open the viewer page in two windows and book; watch the console. Ctrl-C stops everything.',
    '',
  ].join('\n');
}
