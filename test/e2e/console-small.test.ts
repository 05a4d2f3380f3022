import type { Browser } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { viewer } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { launchBrowser } from './browser.js';
import { openConsole } from './console-page.js';
import { book, order, startedLive } from './console-stage.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

const SIZES = [320, 360].flatMap((width) => ['id', 'en'].map((language) => ({ width, language })));

for (const { width, language } of SIZES) {
  it(`has every page and every part of the cockpit in one line, whole: ${width} px, ${language}`, async () => {
    const shop = newShop();
    const { live, shirt } = await startedLive(host(server, shop));
    await host(server, shop).patch(`/items/${shirt.itemId}`, { price: 1_885_000 });
    const ani = await viewer(server, shop, 'ani');
    await book(ani, live, shirt, 1);
    await order(ani, 'bank_transfer');
    for (let n = 1; n < 10; n += 1) await book(ani, live, shirt, 1);
    const localStorage = [{ name: 'livehold.locale', value: language }];
    const { page } = await openConsole(browser, server, shop, {
      viewport: { width, height: 740 },
      storageState: { cookies: [], origins: [{ origin: server.url, localStorage }] },
    });
    await page.locator('.selected').waitFor();
    await host(server, shop).post('/comments', {
      liveId: live.liveId,
      source: 'tiktok',
      commentId: '1',
      authorId: 'fitri',
      authorName: 'Fitri',
      text: 'keep A1',
    });
    await page.locator('.cockpit-sections [data-value="comments"]').waitFor();
    await page.locator('[data-value="actions"] .segment-count').first().waitFor();

    // An amount stands whole beside its button.
    await page.locator('.cockpit-sections [data-value="actions"]').click();
    const money = page.locator('.todo-money');
    await money.waitFor();
    const overlap = await page.evaluate(`{
      const range = document.createRange();
      range.selectNodeContents(document.querySelector('.todo-money'));
      const button = document.querySelector('.todo-row .button').getBoundingClientRect();
      range.getBoundingClientRect().right - button.left;
    }`);
    expect(overlap).toBeLessThanOrEqual(0);
    expect(await money.evaluate((element) => element.offsetHeight)).toBeLessThan(36);

    const words = page.locator('.nav-word, .cockpit-sections .segment');
    const cut = await words.evaluateAll((all) =>
      all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent),
    );
    expect(cut).toEqual([]);
    for (const parts of ['.nav-link', '.cockpit-sections .segment']) {
      const boxes = await page.locator(parts).evaluateAll((all) =>
        all.map((one) => {
          const { left, top, right } = one.getBoundingClientRect();
          return { left, top, right };
        }),
      );
      expect(new Set(boxes.map(({ top }) => top)).size, `${parts} in one line`).toBe(1);
      expect(Math.min(...boxes.map(({ left }) => left))).toBeGreaterThanOrEqual(0);
      expect(Math.max(...boxes.map(({ right }) => right))).toBeLessThanOrEqual(width);
    }
  });
}

it('says no other name than the shop’s own, also before it is known', async () => {
  const shop = newShop();
  const api = host(server, shop);
  await startedLive(api);
  await api.patch('/shop', { name: 'Toko Kemeja Kita' });
  const { page } = await openConsole(browser, server, shop);
  const seen = await page.evaluate(`new Promise((resolve) => {
    const place = document.querySelector('.brand-shop');
    const texts = [];
    const look = () => {
      if (place.textContent !== '') texts.push(place.textContent);
      if (place.textContent.startsWith('Toko')) resolve(texts);
    };
    new MutationObserver(look).observe(place, { childList: true, characterData: true, subtree: true });
    look();
  })`);
  expect(seen).toEqual(['Toko Kemeja Kita']);
});

it('shows what is left in one piece, within its column, however many digits it has', async () => {
  const shop = newShop();
  await startedLive(host(server, shop), { shirt: 1_234, skirt: 12 });
  const { page } = await openConsole(browser, server, shop, {
    viewport: { width: 320, height: 740 },
  });
  const left = page.locator('.left dd');
  for (const [code, shown] of [
    ['A1', '1.234'],
    ['B1', '12'],
  ] as const) {
    await page.locator('.cockpit-sections [data-value="queue"]').click();
    await page.locator('.item-pick', { hasText: code }).click();
    await page.locator('.cockpit-sections [data-value="show"]').click();
    await left.filter({ hasText: shown }).waitFor();
    for (const [width, height] of [
      [320, 740],
      [360, 740],
      [740, 360],
    ] as const) {
      await page.setViewportSize({ width, height });
      const number = `{
        const place = document.querySelector('.left dd');
        const range = document.createRange();
        range.selectNodeContents(place);
        const digits = range.getBoundingClientRect();
        const column = place.closest('.left').getBoundingClientRect();
        ({ lines: new Set([...range.getClientRects()].map(({ top }) => top)).size, over: digits.right - column.right });
      }`;
      const { lines, over } = (await page.evaluate(number)) as { lines: number; over: number };
      expect({ lines, over: Math.max(0, over) }, `${shown} at ${width} px`).toEqual({
        lines: 1,
        over: 0,
      });
    }
  }
});
