import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Page as ListPage } from '../../src/protocol/http.js';
import type { Live } from '../../src/protocol/live.js';
import { viewer } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { runMain, spawnServer } from '../support/server-process.js';
import { until } from '../support/until.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { bucket, DESKTOP, hostToken, openConsole, PHONE, show, shows } from './console-page.js';
import { book, order, startedLive } from './console-stage.js';

let redis: RedisServer;
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

/** A shop with something to show on every page. */
async function busyShop(): Promise<string> {
  const shop = newShop();
  const { live, shirt, skirt } = await startedLive(host(server, shop));
  const one = await viewer(server, shop, 'one');
  await book(one, live, shirt, 1);
  await order(one, 'bank_transfer');
  await book(await viewer(server, shop, 'two'), live, skirt, 2);
  await host(server, shop).settings({
    booking: { tiers: [{ belowReputation: 50, maxBookings: 2, bookingTimeoutMinutes: 5 }] },
    bankAccounts: [{ bank: 'BCA', number: '123 456 7890', holder: 'PT Kemeja Kita' }],
  });
  return shop;
}

const PAGES = [
  'cockpit',
  'items',
  'lives',
  'lives/new',
  'orders',
  'orders?status=transfer',
  'orders/refunds',
  'orders/notices',
  'viewers',
  'settings/order',
  'settings/booking',
  'settings/bankAccounts',
  'settings/gateway',
  'settings/team',
  'settings/changes',
];

describe('every page of the console', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of [['a desktop', DESKTOP] as const, ['a phone', PHONE] as const]) {
      it(`is accessible, fits and has nothing to complain of on ${size}, ${colorScheme}`, async () => {
        const shop = await busyShop();
        const options = { colorScheme, viewport };
        const { page, complaints } = await openConsole(browser, server, shop, options);
        const { items } = await host(server, shop).get<ListPage<Live>>('/lives');
        // There is no archive here: what would be read from it is said to be missing.
        const missing: string[] = [];
        page.on('response', (answer) => {
          if (answer.status() === 404) missing.push(new URL(answer.url()).pathname);
        });
        for (const at of [...PAGES, `lives/${items[0]?.liveId}?view=report`]) {
          await show(page, at);
          await settled(page);
          expect(await seriousProblems(page), `axe on ${at}`).toEqual([]);
          expect(await overflow(page), `${at} is too wide`).toBe(0);
        }
        expect(missing.filter((path) => !path.startsWith('/api/v1/reports/'))).toEqual([]);
        expect(complaints.filter((one) => !one.includes('status of 404'))).toEqual([]);
      });
    }
  }
});

describe('the cockpit with names of 60 letters', () => {
  for (const [language, width, height, font] of [
    ['id', 320, 740, '100%'],
    ['en', 390, 740, '200%'],
    ['id', 740, 360, '100%'],
    ['id', 1440, 900, '200%'],
  ] as const) {
    it(`keeps every button within ${width} × ${height} px at ${font} text, in ${language}`, async () => {
      const shop = newShop();
      const api = host(server, shop);
      const { live, shirt } = await startedLive(api, { shirt: 1, skirt: 1 });
      const imageUrl = 'https://127.0.0.1:1/gone.webp';
      const name = 'Kemejapanjang'.repeat(5).slice(0, 60);
      await api.patch(`/items/${shirt.itemId}`, { name, imageUrl });
      await api.patch(`/lives/${live.liveId}`, { pinnedItemId: shirt.itemId });
      const long = 'a'.repeat(60);
      await book(await viewer(server, shop, long), live, shirt, 1);
      const waiter = await viewer(server, shop, `b${long}`);
      const wish = { liveId: live.liveId, itemId: shirt.itemId, quantity: 1, requestId: '1' };
      await waiter.ask('waitlist:join', wish);
      const { page } = await openConsole(browser, server, shop, {
        viewport: { width, height },
      });
      if (language === 'en') await page.getByRole('button', { name: 'Switch to English' }).click();
      await page.locator('.waiting-row').waitFor();
      // A picture that is gone is the item's code instead; on its side a phone has no room for either.
      if (height > 480) await page.locator('.selected-picture .placeholder').waitFor();
      await page.evaluate(`document.documentElement.style.fontSize = '${font}'`);
      if (height < 480) {
        // While talking nobody scrolls: numbers, what is done to the item, and the way to the next.
        const lowest = await page
          .locator('.selected-actions, .left dd')
          .evaluateAll((all) => Math.max(...all.map((one) => one.getBoundingClientRect().bottom)));
        expect(lowest).toBeLessThanOrEqual(height);
      }
      const sections = width < 760 ? ['show', 'queue', 'bookings', 'actions'] : [undefined];
      for (const section of sections) {
        if (section) await page.locator(`.cockpit-sections [data-value="${section}"]`).click();
        expect(await overflow(page), `${section} is too wide`).toBe(0);
        expect(await seriousProblems(page), `axe on ${section}`).toEqual([]);
        const cut = await page.locator('.cockpit button:visible').evaluateAll((all, edge) => {
          const isCut = (one: (typeof all)[0]) => {
            const { left, right } = one.getBoundingClientRect();
            return left < 0 || right > edge || one.scrollWidth > one.clientWidth + 1;
          };
          return all.filter(isCut).map((one) => one.outerHTML);
        }, width);
        expect(cut).toEqual([]);
      }
    });
  }
});

/** What the page still waits for has come, and nothing moves. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  // The dot of a live that is on air blinks for ever.
  await page.evaluate(`Promise.all(
    document.getAnimations()
      .filter((one) => one.effect.getTiming().iterations !== Infinity)
      .map((one) => one.finished))`);
}

/** By how many pixels something sticks out to the side. */
async function overflow(page: Page): Promise<number> {
  const widths = await page.evaluate(
    '[document.documentElement, document.querySelector("main")].map((it) => it.scrollWidth - it.clientWidth)',
  );
  return Math.max(...(widths as number[]));
}

describe('signing in', () => {
  it('takes the token out of the address, keeps it over a reload, and forgets it on leaving', async () => {
    const shop = await busyShop();
    const { page } = await openConsole(browser, server, shop);
    await page.locator('.selected').waitFor();
    expect(page.url()).not.toContain('token');
    await page.reload();
    await page.locator('.selected').waitFor();
    await page.getByRole('button', { name: 'Keluar' }).click();
    await page.getByLabel('Kode masuk penjual').fill('not a token');
    await page.getByRole('button', { name: 'Masuk' }).click();
    await shows(page.locator('.field-error'), /bukan kode masuk/);
    await page.getByLabel('Kode masuk penjual').fill(hostToken(shop));
    await page.getByRole('button', { name: 'Masuk' }).click();
    await page.locator('.selected').waitFor();
  });

  it('sends back to the form who has a token that the server refuses', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const forged = `${hostToken('somewhere').split('.').slice(0, 2).join('.')}.forged`;
    await page.goto(`${server.url}/host#token=${forged}`);
    await shows(page.locator('.field-error'), /tidak berlaku lagi|kedaluwarsa/);
    await context.close();
  });
});

describe('languages', () => {
  it('speaks Indonesian first and English on demand, and remembers', async () => {
    const { page } = await openConsole(browser, server, await busyShop());
    const word = page.locator('.selected-stock dt').first();
    await shows(word, 'Tersedia');
    expect(await page.locator('html').getAttribute('lang')).toBe('id');
    await page.getByRole('button', { name: 'Switch to English' }).click();
    await shows(word, 'Available');
    await shows(page.locator('.nav-link').nth(5), 'Settings');
    await page.reload();
    await shows(word, 'Available');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await shows(page.locator('.selected-price'), 'Rp\u00a085,000');
  });
});

describe('a server that is killed', () => {
  it('is noticed, and its return brings fresh numbers', async () => {
    const shop = newShop();
    const first = await spawnServer({ redisUrl: redis.url });
    const { live, shirt } = await startedLive(host(server, shop));
    const { page } = await openConsole(browser, first, shop);
    await shows(bucket(page, 'available'), '10');
    await first.kill('SIGKILL');
    await page.locator('.connection-offline').waitFor();
    await shows(page.locator('.banner'), /terputus/);

    // Meanwhile, through another server.
    const rina = await viewer(server, shop, 'rina');
    await book(rina, live, shirt, 4);
    expect(await bucket(page, 'available').textContent()).toBe('10');
    await spawnServer({ redisUrl: redis.url, PORT: new URL(first.url).port });
    await page.locator('.connection-online').waitFor();
    await shows(bucket(page, 'available'), '6');
    await shows(page.locator('.booking-viewer'), /Viewer rina/);
    await page.locator('.banner').waitFor({ state: 'detached' });
    await shows(page.locator('.health'), /Stok & uang beres/);
  });
});

describe('data that is lost', () => {
  it('is shown to whoever has the console open, until it is accepted', async () => {
    const emptied = await startRedis();
    const own = await startServer({ redisUrl: emptied.url });
    const { page } = await openConsole(browser, own, newShop());
    await until('the store was seen', async () => (await fetch(`${own.url}/readyz`)).ok);
    await (await emptied.client()).flushAll();
    await shows(page.locator('.banner-bad'), /^Pukul .* data toko hilang/);
    expect(await seriousProblems(page)).toEqual([]);
    expect((await runMain('accept-loss', emptied.url)).code).toBe(0);
    await page.locator('.banner-bad').waitFor({ state: 'detached' });
  });
});
