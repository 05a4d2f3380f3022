import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { viewer } from '../support/client.js';
import { type Host, host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { book } from './console-stage.js';
import { card, complaintsOf, DESKTOP, openLive, PHONE, sees, sheet, shelf } from './viewer-page.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

const SHIRT = 'Kemeja Panjang / S';

/** A shop with links, and a live with an item in each state: available, held by others, closed, sold. */
async function busyLive(): Promise<{ shop: string; liveId: string; api: Host }> {
  const shop = newShop();
  const api = host(server, shop);
  await api.settings({
    booking: { cancelPenaltyPerItem: 5 },
    order: { ppnPercent: 11 },
    socialMedia: { instagram: 'https://instagram.example/toko' },
    marketplace: { shopee: 'https://shopee.example/toko' },
  });
  const { live, items } = await shelf(api, {
    [SHIRT]: { stock: 20 },
    'Jilbab Voal': { stock: 1 },
    'Daster Batik': { stock: 4 },
    'Sandal Kulit': { stock: 0 },
  });
  const [shirt, scarf, dress] = items;
  if (!shirt || !scarf || !dress) throw new Error('the shelf is not full');
  await api.patch(`/lives/${live.liveId}`, { pinnedItemId: shirt.itemId });
  await api.patch(`/items/${dress.itemId}`, { open: false });
  await book(await viewer(server, shop, 'rival'), live, scarf, 1);
  return { shop, liveId: live.liveId, api };
}

/** What the page says on the way, in its two languages. */
const SAYS = {
  id: {
    mine: 'urutan ke-',
    cart: /^Keranjang: \d/,
    cancel: /^Batalkan booking/,
    costs: 'Reputasi turun 5',
    place: /^Buat pesanan/,
    qr: /^Kode QRIS/,
    orders: 'Pesanan',
    unpaid: 'Menunggu pembayaran',
    account: /^Akun/,
    history: 'Belum ada perubahan.',
  },
  en: {
    mine: 'number ',
    cart: /^Cart: \d/,
    cancel: /^Cancel the booking/,
    costs: 'falls by 5',
    place: /^Place the order/,
    qr: /^QRIS code/,
    orders: 'Orders',
    unpaid: 'Awaiting payment',
    account: /^Account/,
    history: 'No changes yet.',
  },
} as const;
type Language = keyof typeof SAYS;

/** Walks through every sheet of the page and looks at each with axe. */
async function problemsOnTheWay(page: Page, language: Language): Promise<string[]> {
  const say = SAYS[language];
  const problems = await seriousProblems(page);
  const look = async () => problems.push(...(await seriousProblems(page)));
  await card(page, SHIRT)
    .getByRole('button', { name: `Keep ${SHIRT}` })
    .click();
  await sees(card(page, SHIRT), say.mine);
  await look();
  await page.getByRole('button', { name: say.cart }).click();
  await sheet(page).getByRole('button', { name: say.cancel }).click();
  await sees(sheet(page), say.costs);
  await look();
  await sheet(page)
    .getByRole('button', { name: /^check ?out/i })
    .click();
  await sees(sheet(page), /PPN\)? 11%/);
  await look();
  await sheet(page).getByRole('button', { name: say.place }).click();
  await sheet(page).getByRole('img', { name: say.qr }).waitFor();
  await look();
  await sheet(page).getByRole('button', { name: say.orders, exact: true }).click();
  await sees(sheet(page).getByRole('listitem'), say.unpaid);
  await look();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: say.account }).click();
  await sees(sheet(page), say.history);
  await look();
  await page.keyboard.press('Escape');
  return problems;
}

const LOOKS: Record<
  string,
  { viewport: typeof PHONE; colorScheme: 'light' | 'dark'; language: Language }
> = {
  'a phone': { viewport: PHONE, colorScheme: 'light', language: 'id' },
  'the smallest phone': {
    viewport: { width: 320, height: 640 },
    colorScheme: 'dark',
    language: 'en',
  },
  'a phone on its side': {
    viewport: { width: 740, height: 360 },
    colorScheme: 'dark',
    language: 'id',
  },
  'a desktop': { viewport: DESKTOP, colorScheme: 'light', language: 'en' },
};

describe('the page of a live', () => {
  for (const [size, { viewport, colorScheme, language }] of Object.entries(LOOKS)) {
    it(`has nothing serious for axe, no complaint, no sideways scroll: ${size}, ${colorScheme}, ${language}`, async () => {
      const place = await busyLive();
      const localStorage = [{ name: 'livehold.locale', value: language }];
      const { page, complaints } = await openLive(browser, server, place, {
        as: 'sari',
        viewport,
        colorScheme,
        reducedMotion: 'reduce',
        storageState: { cookies: [], origins: [{ origin: server.url, localStorage }] },
      });
      const states = {
        id: ['Sedang di-keep, bisa lepas lagi', 'Ditutup', 'Habis'],
        en: ['All kept, may come back', 'Closed', 'Sold out'],
      }[language];
      for (const [n, name] of ['Jilbab Voal', 'Daster Batik', 'Sandal Kulit'].entries())
        await sees(card(page, name), states[n] ?? '');
      await page.getByRole('link', { name: 'Instagram' }).waitFor();
      expect(await problemsOnTheWay(page, language)).toEqual([]);
      const overflow = 'document.documentElement.scrollWidth - innerWidth';
      expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
    });
  }

  it('speaks Indonesian first and English when asked, and remembers; so does the theme', async () => {
    const place = await busyLive();
    const { page } = await openLive(browser, server, place, { as: 'sari', colorScheme: 'light' });
    await sees(card(page, SHIRT), /Rp\s85\.000[\s\S]*Tersedia 20/);
    await page.getByRole('button', { name: /^Akun/ }).click();
    await page.getByRole('button', { name: 'Switch to English' }).click();
    await page.keyboard.press('Escape');
    await sees(card(page, SHIRT), /Rp\s85,000[\s\S]*20 available/);
    await sees(card(page, 'Jilbab Voal'), 'All kept, may come back');
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('button', { name: 'Use the dark theme' }).click();
    await page.reload();
    await sees(card(page, SHIRT), '20 available');
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('button', { name: 'Ganti ke Bahasa Indonesia' }).click();
    await page.keyboard.press('Escape');
    await sees(card(page, SHIRT), 'Tersedia 20');
  });

  it('can be used by keyboard: focus goes into a sheet, stays there, and comes back', async () => {
    const place = await busyLive();
    const { page } = await openLive(browser, server, place, { as: 'sari' });
    await page.getByRole('button', { name: /^Akun/ }).focus();
    await page.keyboard.press('Enter');
    await sees(sheet(page), 'Belum ada perubahan.');
    const inside = 'document.activeElement.closest("[role=dialog]") !== null';
    for (let presses = 0; presses < 6; presses += 1) {
      expect(await page.evaluate(inside)).toBe(true);
      await page.keyboard.press(presses < 4 ? 'Tab' : 'Shift+Tab');
    }
    await page.keyboard.press('Escape');
    await sheet(page).waitFor({ state: 'detached' });
    await page.locator('.account-button:focus').waitFor();
  });

  it('takes the token out of the address bar, and a bad one away from the page', async () => {
    const { shop, liveId } = await busyLive();
    const { page } = await openLive(browser, server, { shop, liveId }, { as: 'sari' });
    expect(page.url()).toBe(`${server.url}/live/${shop}/${liveId}`);
    await page.goto('about:blank');
    await page.goto(`${server.url}/live/${shop}/${liveId}#token=not.a.token`);
    await sees(page.locator('.toast'), 'Sesi kamu habis.');
    await sees(card(page, SHIRT), 'Tersedia 20');
    await page.getByRole('button', { name: 'Masuk untuk keep' }).waitFor();
  });

  it('says so when there is no such live', async () => {
    const { shop } = await busyLive();
    const page = await browser.newPage();
    await page.goto(`${server.url}/live/${shop}/live_nowhere`);
    await page.getByRole('heading', { name: 'Live ini tidak ada' }).waitFor();
    await page.getByRole('link', { name: 'Lihat semua live' }).click();
    await page.getByRole('heading', { name: 'Sedang live sekarang' }).waitFor();
    await page.close();
  });
});

describe('the page of all lives', () => {
  it('lists the lives that are on, and leads to them', async () => {
    const { liveId, shop, api } = await busyLive();
    await api.patch('/shop', { name: `Toko ${shop}` });
    const context = await browser.newContext({ viewport: PHONE });
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(server.url);
    const link = page.getByRole('link').filter({ hasText: `Toko ${shop}` });
    await link.waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await link.click();
    await sees(card(page, SHIRT), 'Tersedia 20');
    expect(new URL(page.url()).pathname).toBe(`/live/${shop}/${liveId}`);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
