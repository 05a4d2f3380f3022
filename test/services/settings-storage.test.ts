import { beforeAll, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/protocol/default-settings.js';
import { RULE_PATHS, type SettingsPatch } from '../../src/protocol/settings.js';
import { settingAt } from '../../src/protocol/settings-table.js';
import { viewer } from '../support/client.js';
import { type Host, host } from '../support/host.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

let redis: RedisServer;
let servers: [TestServer, TestServer];

beforeAll(async () => {
  redis = await startRedis();
  const redisUrl = redis.url;
  servers = [await startServer({ redisUrl }), await startServer({ redisUrl })];
});

const CHANGED = {
  order: {
    pricesIncludePpn: true,
    ppnBase: '11/12',
    shippingFee: 20_000,
    serviceFee: 1_000_000_000,
    allowPickup: true,
    recipient: 'address',
    maxUnpaidOrders: 2,
    uniqueTransferCode: true,
    paymentTerms: 'Transfer hari ini juga.\n"true" 15 [] 🙏',
  },
  booking: {
    maxBookings: 3,
    freeCancelSeconds: 10,
    rebookCooldownSeconds: 0.5,
    waitlist: false,
    waitlistOfferMinutes: 0.05,
    guestsMayBook: false,
    recoveryPerDay: 5,
    tiers: [
      { belowReputation: 80, maxBookings: 0, bookingTimeoutMinutes: 5 },
      { belowReputation: 30, maxBookings: 1, bookingTimeoutMinutes: 0.5 },
    ],
  },
  bankAccounts: [
    { bank: 'BCA', number: '0123 456 789', holder: 'PT Kemeja "Kita"' },
    { bank: 'Mandiri', number: '137-00-1234567-8', holder: 'Sri Ayu' },
  ],
} satisfies SettingsPatch;

const WITH_CHANGES = {
  ...DEFAULT_SETTINGS,
  order: { ...DEFAULT_SETTINGS.order, ...CHANGED.order },
  booking: { ...DEFAULT_SETTINGS.booking, ...CHANGED.booking },
  bankAccounts: CHANGED.bankAccounts,
};

const byName = (settings: object) =>
  Object.fromEntries(RULE_PATHS.map((path) => [path.split('.')[1], settingAt(settings, path)]));

async function rulesOf(seller: Host, liveId: string) {
  const ani = await viewer(servers[1], seller.shop, 'ani');
  return (await ani.ask('live:join', { shopId: seller.shop, liveId })).rules;
}

it('keeps every kind as it was given, for every server', async () => {
  const seller = host(servers[0]);
  expect(await seller.settings(CHANGED)).toEqual(WITH_CHANGES);
  const { settings } = await host(servers[1], seller.shop).get<{ settings: unknown }>('/settings');
  expect(settings).toEqual(WITH_CHANGES);
});

it('replaces a list whole, and only the list that is named', async () => {
  const seller = host(servers[0]);
  await seller.settings(CHANGED);
  const [kept] = CHANGED.bankAccounts;
  expect(await seller.settings({ bankAccounts: kept ? [kept] : [] })).toMatchObject({
    bankAccounts: [kept],
    booking: { tiers: CHANGED.booking.tiers },
  });
  expect(await seller.settings({ bankAccounts: [], booking: { tiers: [] } })).toEqual({
    ...WITH_CHANGES,
    bankAccounts: [],
    booking: { ...WITH_CHANGES.booking, tiers: [] },
  });
});

it('gives viewers the rules that concern them, each with its type', async () => {
  const seller = host(servers[0]);
  const { liveId } = await seller.stage(1);
  expect(await rulesOf(seller, liveId)).toEqual(byName(DEFAULT_SETTINGS));
  await seller.settings(CHANGED);
  expect(await rulesOf(seller, liveId)).toEqual(byName(WITH_CHANGES));
  expect(Object.keys(byName(DEFAULT_SETTINGS))).toEqual(
    expect.arrayContaining(['bookingTimeoutMinutes', 'maxBookings', 'guestsMayBook', 'recipient']),
  );
});

it('has the defaults, in scripts too, where a shop of an earlier version stored nothing', async () => {
  const seller = host(servers[0]);
  const { liveId, itemId } = await seller.stage(1);
  const client = await redis.client();
  await client.del(`livehold:{${seller.shop}}:settings`);
  const { settings } = await seller.get<{ settings: unknown }>('/settings');
  expect(settings).toEqual(DEFAULT_SETTINGS);
  expect(await rulesOf(seller, liveId)).toEqual(byName(DEFAULT_SETTINGS));
  const budi = await viewer(servers[0], seller.shop, 'budi');
  const request = { liveId, itemId, quantity: 1, requestId: 'r1' };
  const { booking } = await budi.ask('booking:create', request);
  expect(booking.expiresAt - booking.createdAt).toBe(15 * 60_000);
});
