import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/protocol/default-settings.js';
import { SettingsSchema } from '../../src/protocol/settings.js';
import { viewer } from '../support/client.js';
import { type Host, host } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
});

const read = async (seller: Host) =>
  (await seller.get<{ settings: unknown }>('/settings')).settings;

const good = { order: { maxItemQuantity: 5 }, booking: { minReputation: 10 } };

const tier = (belowReputation: number) => ({
  belowReputation,
  maxBookings: 2,
  bookingTimeoutMinutes: 0.5,
});
const account = { bank: 'BCA', number: '123 456 7890', holder: 'PT Kemeja "Kita" 👕' };

const refused: [string, object][] = [
  ['one bad field among good ones', { booking: { minReputation: 10, cancelPenaltyPerItem: 101 } }],
  ['PPN below 0', { order: { ppnPercent: -0.01 } }],
  ['PPN over 100', { order: { ppnPercent: 100.01 } }],
  ['PPN with three decimals', { order: { ppnPercent: 1.005 } }],
  ['PPN as text', { order: { ppnPercent: '11' } }],
  ['a limit below 0', { order: { maxItemQuantity: -1 } }],
  ['half a unit', { order: { totalItemCart: 1.5 } }],
  ['no time at all', { booking: { bookingTimeoutMinutes: 0 } }],
  ['negative time', { order: { checkoutTimeoutMinutes: -3 } }],
  ['more than a week', { booking: { bookingTimeoutMinutes: 10_080.01 } }],
  ['a year for orders', { order: { onlineCheckoutAutoExpireMinutes: 525_600 } }],
  ['time as null', { booking: { bookingTimeoutMinutes: null } }],
  ['a penalty below 0', { booking: { cancelPenaltyPerItem: -1 } }],
  ['a penalty over 100', { booking: { cancelPenaltyPerItem: 101 } }],
  ['half a point', { booking: { expiryPenaltyPerItem: 0.5 } }],
  ['a reward over 100', { booking: { paidRewardPerItem: 101 } }],
  ['a minimum over 100', { booking: { minReputation: 101 } }],
  ['a script as link', { socialMedia: { facebook: 'javascript:alert(1)' } }],
  ['data as link', { marketplace: { shopee: 'data:text/html,x' } }],
  ['a link without https', { socialMedia: { tiktok: 'http://tiktok.com/@toko' } }],
  ['a link with a break', { socialMedia: { tiktok: 'https://x.example/\n<script>' } }],
  ['a link that is none', { marketplace: { lazada: 'lazada.example/toko' } }],
  ['a link as null', { marketplace: { lazada: null } }],
  ['a fee below 0', { order: { shippingFee: -1 } }],
  ['half a rupiah', { order: { serviceFee: 0.5 } }],
  ['a switch as number', { order: { pricesIncludePpn: 1 } }],
  ['a switch as text', { booking: { waitlist: 'false' } }],
  ['another PPN base', { order: { ppnBase: '10/12' } }],
  ['another kind of recipient', { order: { recipient: 'none' } }],
  ['terms of payment without end', { order: { paymentTerms: 'x'.repeat(1_001) } }],
  ['seconds below 0', { booking: { freeCancelSeconds: -1 } }],
  ['more than a week of seconds', { booking: { rebookCooldownSeconds: 604_801 } }],
  ['no time for a waiter', { booking: { waitlistOfferMinutes: 0 } }],
  ['more recovery than there is', { booking: { recoveryPerDay: 101 } }],
  ['six tiers', { booking: { tiers: [10, 20, 30, 40, 50, 60].map(tier) } }],
  ['two tiers of one threshold', { booking: { tiers: [tier(50), tier(20), tier(50)] } }],
  ['a tier that lacks a field', { booking: { tiers: [{ belowReputation: 50 }] } }],
  ['a tier with an unknown field', { booking: { tiers: [{ ...tier(50), name: 'x' }] } }],
  ['a tier over 100', { booking: { tiers: [tier(101)] } }],
  ['tiers by name', { booking: { tiers: { gold: tier(50) } } }],
  ['eleven accounts', { bankAccounts: Array.from({ length: 11 }, () => account) }],
  ['an account without a holder', { bankAccounts: [{ ...account, holder: ' ' }] }],
  ['an account number as number', { bankAccounts: [{ ...account, number: 1234567890 }] }],
  ['an account of a bank unseen', { bankAccounts: [{ ...account, bank: '\u200B\n' }] }],
  ['accounts as null', { bankAccounts: null }],
  ['an unknown field', { booking: { bookingTimeout: 5 } }],
  ['an unknown link', { socialMedia: { myspace: '' } }],
  ['an unknown section', { shipping: {} }],
  ['a section as a list', { booking: [] }],
  ['a section as null', { order: null }],
  ['own __proto__', JSON.parse('{"__proto__":{"booking":{}}}')],
  ['own __proto__ in a section', JSON.parse('{"booking":{"__proto__":{"minReputation":5}}}')],
];

describe('settings', () => {
  it('begin with the defaults', async () => {
    const settings = await read(host(server));
    expect(SettingsSchema.parse(settings)).toEqual(settings);
    expect(settings).toEqual(DEFAULT_SETTINGS);
  });

  it.each(refused)('refuse the whole patch with %s', async (_, bad) => {
    const seller = host(server);
    const rest = Object.entries(good).filter(([section]) => !Object.hasOwn(bad, section));
    for (const body of [bad, { ...Object.fromEntries(rest), ...bad }]) {
      const answer = await seller.call('PATCH', '/settings', body);
      expect(answer).toMatchObject({ status: 400, body: { error: { code: 'VALIDATION' } } });
    }
    expect(await read(seller)).toEqual(DEFAULT_SETTINGS);
  });

  it('change in exactly the fields named, at their bounds too', async () => {
    const seller = host(server);
    const links = { facebook: 'https://facebook.com/toko', telegram: 'https://t.me/toko' };
    const settings = await seller.settings({
      order: { ppnPercent: 11.55, maxItemQuantity: 3, totalItemCart: 0 },
      booking: { bookingTimeoutMinutes: 10_080, cancelPenaltyPerItem: 100, minReputation: 0 },
      socialMedia: links,
    });
    expect(settings).toEqual({
      ...DEFAULT_SETTINGS,
      order: { ...DEFAULT_SETTINGS.order, ppnPercent: 11.55, maxItemQuantity: 3 },
      booking: {
        ...DEFAULT_SETTINGS.booking,
        bookingTimeoutMinutes: 10_080,
        cancelPenaltyPerItem: 100,
      },
      socialMedia: { ...DEFAULT_SETTINGS.socialMedia, ...links },
    });
    expect(await read(seller)).toEqual(settings);
    expect(await seller.settings({})).toEqual(settings);
    expect(await seller.settings({ socialMedia: { facebook: '' } })).toMatchObject({
      socialMedia: { facebook: '', telegram: links.telegram },
    });
  });

  it('are each shop’s own', async () => {
    const [one, other] = [host(server), host(server)];
    await one.settings({ booking: { minReputation: 50 } });
    expect(await read(other)).toEqual(DEFAULT_SETTINGS);
  });

  it('show the filled links to everyone', async () => {
    const seller = host(server);
    const { live } = await seller.stage(1);
    await seller.settings({
      socialMedia: { instagram: 'https://instagram.com/toko' },
      marketplace: { tokopedia: 'https://tokopedia.com/toko' },
    });
    const response = await fetch(`${server.url}/api/v1/shops/${seller.shop}`);
    expect(await response.json()).toMatchObject({
      shop: {
        shopId: seller.shop,
        socialMedia: { instagram: 'https://instagram.com/toko' },
        marketplace: { tokopedia: 'https://tokopedia.com/toko' },
        lives: [live],
      },
    });
    const nowhere = await fetch(`${server.url}/api/v1/shops/nowhere`);
    expect(nowhere.status).toBe(404);
  });
});

describe('what the settings do to bookings', () => {
  async function opened() {
    const seller = host(server);
    const { liveId, items } = await seller.stage(100, 100);
    const ani = await viewer(server, seller.shop, 'ani');
    let requests = 0;
    const book = (quantity: number, item = 0) =>
      ani.emit('booking:create', {
        liveId,
        itemId: items[item]?.itemId ?? '',
        quantity,
        requestId: `r${++requests}`,
      });
    return { seller, ani, book, liveId, itemId: items[0]?.itemId ?? '' };
  }

  it('maxItemQuantity bounds one item in the cart, not in one booking alone', async () => {
    const { seller, ani, book } = await opened();
    await seller.settings({ order: { maxItemQuantity: 3 } });
    const first = await book(2);
    const over = { ok: false, error: { code: 'MAX_ITEM_QUANTITY', details: { limit: 3 } } };
    expect(await book(2)).toMatchObject(over);
    expect(await book(4, 1)).toMatchObject(over);
    expect((await book(1)).ok).toBe(true);
    expect((await book(3, 1)).ok).toBe(true);
    expect(await book(1)).toMatchObject(over);
    if (first.ok) await ani.ask('booking:cancel', { bookingId: first.data.booking.bookingId });
    expect((await book(2)).ok).toBe(true);
  });

  it('totalItemCart bounds all items together', async () => {
    const { seller, book } = await opened();
    await seller.settings({ order: { totalItemCart: 5 } });
    expect((await book(3)).ok).toBe(true);
    const over = { ok: false, error: { code: 'CART_FULL', details: { limit: 5 } } };
    expect(await book(3, 1)).toMatchObject(over);
    expect((await book(2, 1)).ok).toBe(true);
    expect(await book(1)).toMatchObject(over);
    await seller.settings({ order: { totalItemCart: 0 } });
    expect((await book(50)).ok).toBe(true);
  });

  it('limits hold against bookings sent at once', async () => {
    const { seller, book } = await opened();
    await seller.settings({ order: { maxItemQuantity: 3, totalItemCart: 5 } });
    const acks = await Promise.all(Array.from({ length: 40 }, (_, i) => book(1, i % 2)));
    expect(acks.filter((ack) => ack.ok)).toHaveLength(5);
  });

  it('bookingTimeoutMinutes is the life of a booking; deadlines already given stand', async () => {
    const { seller, ani, book } = await opened();
    const life = async () => {
      const ack = await book(1);
      if (!ack.ok) throw new Error(ack.error.code);
      return ack.data.booking.expiresAt - ack.data.booking.createdAt;
    };
    expect(await life()).toBe(15 * 60_000);
    await seller.settings({ booking: { bookingTimeoutMinutes: 0.05 } });
    expect(await life()).toBe(3_000);
    await seller.settings({ booking: { bookingTimeoutMinutes: 60 } });
    expect(await life()).toBe(60 * 60_000);
    const { bookings } = await ani.ask('me:get', {});
    expect(bookings.map((b) => b.expiresAt - b.createdAt)).toEqual([900_000, 3_000, 3_600_000]);
  });

  it('a change of stock or price does not touch a booking, and a part cancelled no deadline', async () => {
    const { seller, ani, book, itemId } = await opened();
    const ack = await book(3);
    if (!ack.ok) throw new Error(ack.error.code);
    await seller.patch(`/items/${itemId}`, { price: 99_999 });
    await seller.restock(itemId, 10);
    const { bookingId } = ack.data.booking;
    const { booking } = await ani.ask('booking:cancel', { bookingId, quantity: 1 });
    expect(booking).toEqual({ ...ack.data.booking, quantity: 2 });
    expect((await ani.ask('me:get', {})).bookings).toEqual([booking]);
  });

  it('the shortest time that may be set still books, and ends', async () => {
    const { seller, ani, book, itemId } = await opened();
    await seller.settings({ booking: { bookingTimeoutMinutes: 0.000_000_1 } });
    expect((await book(1)).ok).toBe(true);
    await ani.next('booking:updated', ({ booking }) => booking.status === 'expired');
    expect(await seller.item(itemId)).toMatchObject({ available: 100, booked: 0 });
  });

  it('a restricted viewer may watch, not book, until it is lifted', async () => {
    const { seller, ani, book, liveId } = await opened();
    expect((await book(1)).ok).toBe(true);
    await seller.patch('/viewers/ani', { status: 'restricted' });
    expect(await book(1)).toMatchObject({ ok: false, error: { code: 'VIEWER_RESTRICTED' } });
    const { me } = await ani.ask('live:join', { shopId: seller.shop, liveId });
    expect(me).toMatchObject({ status: 'restricted', bookings: [{ status: 'held' }] });
    await seller.patch('/viewers/ani', { status: 'active' });
    expect((await book(1)).ok).toBe(true);
  });
});
