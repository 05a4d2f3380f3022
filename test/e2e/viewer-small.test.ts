import type { Browser, Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { launchBrowser } from './browser.js';
import { card, openLive, PHONE, sees, sheet, shelf } from './viewer-page.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

const NAMES = {
  'of many words': 'Gamis Batik Parang Rusak Kualitas Premium Adem Busui Friendly',
  'in one run': 'KEMEJAPANJANGLENGANBATIKPARANGRUSAKKUALITASPREMIUMADEMBUSUIF',
};

/** How much of a text is in sight before it is cut, characters. */
function inSight(place: Locator): Promise<number> {
  return place.evaluate((element) => {
    const text = element.firstChild;
    const { bottom, right } = element.getBoundingClientRect();
    const range = element.ownerDocument.createRange();
    for (let end = text.length; end > 0; end -= 1) {
      range.setStart(text, end - 1);
      range.setEnd(text, end);
      const last = range.getBoundingClientRect();
      if (last.bottom <= bottom + 1 && last.right <= right + 1) return end;
    }
    return 0;
  });
}

describe('the message after a booking', () => {
  for (const [kind, name] of Object.entries(NAMES)) {
    it(`of a name ${kind} says the place in line first, and leaves the way back in sight`, async () => {
      const shop = newShop();
      const api = host(server, shop);
      await api.settings({ booking: { freeCancelSeconds: 60 } });
      const { live, items } = await shelf(api, { [name]: { stock: 3 }, Rok: { stock: 3 } });
      await api.patch(`/lives/${live.liveId}`, { pinnedItemId: items[1]?.itemId });
      const place = { shop, liveId: live.liveId };
      const { page } = await openLive(browser, server, place, { as: 'sari', viewport: PHONE });
      await card(page, name)
        .getByRole('button', { name: `Keep ${name}` })
        .click();
      const message = page.locator('.toast');
      const said = `Punyamu, urutan ke-1: ${name.slice(0, 15)}`;
      await sees(message.locator('p'), said);
      expect(await inSight(message.locator('p'))).toBeGreaterThanOrEqual(said.length);
      const box = await message.boundingBox();
      const back = await message.getByRole('button', { name: 'Batalkan' }).boundingBox();
      if (!box || !back) throw new Error('there is no way back');
      expect(back.x).toBeGreaterThanOrEqual(box.x);
      expect(back.x + back.width).toBeLessThanOrEqual(box.x + box.width);
      expect(box.x + box.width).toBeLessThanOrEqual(PHONE.width);
      // And over nothing that can be bought.
      const below = await page.locator('.stage-button').boundingBox();
      expect(box.y + box.height).toBeLessThanOrEqual(below?.y ?? 0);
      await message.getByRole('button', { name: 'Batalkan' }).click();
      await sees(card(page, name), 'Tersedia 3');
    });
  }
});

/** What of the open sheet sticks out to the side. */
function tooWide(page: Page): Promise<string[]> {
  return page.locator('.sheet-content *').evaluateAll((all) => {
    const edge = (all[0]?.closest('.sheet')?.clientWidth ?? 0) + 1;
    const isOut = (one: (typeof all)[0]) => one.getBoundingClientRect().right > edge;
    return all.filter(isOut).map((one) => one.outerHTML.slice(0, 100));
  });
}

it('shows all of the way to a paid order on 320 px with text at 200 %', async () => {
  const shop = newShop();
  const api = host(server, shop);
  await api.settings({ order: { ppnPercent: 11 }, booking: { freeCancelSeconds: 60 } });
  const { live } = await shelf(api, { Kemeja: { stock: 2, price: 1_850_000 } });
  const place = { shop, liveId: live.liveId };
  const viewport = { width: 320, height: 640 };
  const { page } = await openLive(browser, server, place, { as: 'sari', viewport });
  await page.evaluate("document.documentElement.style.fontSize = '200%'");
  const skip = await page.getByRole('link', { name: 'Langsung ke barang' }).boundingBox();
  expect((skip?.y ?? 0) + (skip?.height ?? 0)).toBeLessThanOrEqual(0);

  // The last row comes out from under the bar.
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
  await card(page, 'Kemeja').getByRole('button', { name: 'Keep Kemeja' }).click();
  const message = page.locator('.toast');
  await sees(message, 'Punyamu');
  expect(await inSight(message.locator('p'))).toBeGreaterThanOrEqual('Punyamu, urutan ke-1'.length);
  await page.getByRole('button', { name: /^Keranjang: \d/ }).click();
  await sheet(page).getByRole('button', { name: 'Batalkan booking Kemeja' }).waitFor();
  // One word, and so in one line.
  const broken = `{
    const word = document.createRange();
    word.selectNodeContents(document.querySelector('.row-cancel'));
    word.getClientRects().length;
  }`;
  expect(await page.evaluate(broken)).toBe(1);
  expect(await tooWide(page)).toEqual([]);
  await sheet(page).getByRole('button', { name: 'Checkout' }).click();
  await sees(sheet(page), 'Selesaikan dalam');
  expect(await tooWide(page)).toEqual([]);
  await sheet(page)
    .getByRole('button', { name: /^Buat pesanan/ })
    .click();
  await sheet(page)
    .getByRole('img', { name: /^Kode QRIS/ })
    .waitFor();
  expect(await tooWide(page)).toEqual([]);
});

it('leaves amounts whole and uncovered on 320 px, and says all of what is wrong with the network', async () => {
  const shop = newShop();
  const { live } = await shelf(host(server, shop), { Kalung: { stock: 2, price: 12_215_000 } });
  const place = { shop, liveId: live.liveId };
  const viewport = { width: 320, height: 640 };
  const { page } = await openLive(browser, server, place, { as: 'sari', viewport });
  await card(page, 'Kalung').getByRole('button', { name: 'Keep Kalung' }).click();
  await page.getByRole('button', { name: /^Keranjang: \d/ }).click();
  await sheet(page).getByRole('button', { name: 'Checkout' }).click();
  await sheet(page)
    .getByRole('radio', { name: /^Transfer/ })
    .check();
  await sheet(page)
    .getByRole('button', { name: /^Buat pesanan/ })
    .click();
  await sees(sheet(page), 'Jumlah yang ditransfer');
  await page.keyboard.press('Escape');
  const amount = page.locator('.cart-sum strong');
  await sees(amount, '12.215.000');
  await sees(page.locator('.cart-button').getByRole('timer'), /^2:59:\d\d$/);
  const gap = `{
    const range = document.createRange();
    range.selectNodeContents(document.querySelector('.cart-sum strong'));
    const time = document.querySelector('.cart-button .countdown').getBoundingClientRect();
    time.left - range.getBoundingClientRect().right;
  }`;
  expect(await page.evaluate(gap)).toBeGreaterThanOrEqual(0);
  await page.getByRole('button', { name: /^Pesanan: 1/ }).click();
  const inList = sheet(page).locator('.order-foot strong');
  await sees(inList, '12.215.000');
  // In one line.
  expect(await inList.evaluate((element) => element.offsetHeight)).toBeLessThan(30);
  await page.keyboard.press('Escape');
  await page.context().setOffline(true);
  const banner = page.locator('.slot-banner p');
  await sees(banner, 'Koneksi terputus.');
  const words = 'Koneksi terputus. Stok di layar mungkin sudah berubah.';
  expect(await inSight(banner)).toBe(words.length);
});
