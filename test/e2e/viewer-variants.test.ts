import type { Browser } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { card, openItem, openLive, sees, shelf } from './viewer-page.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

it('variants are one row with a chip each, and a row is found by name, by code and by being one’s own', async () => {
  const shop = newShop();
  const api = host(server, shop);
  const skirts = Array.from({ length: 12 }, (_, n) => [`Rok ${n + 1}.`, { stock: 5 }]);
  const { live, items } = await shelf(api, {
    'Kemeja / S': { stock: 5 },
    'Kemeja / M': { stock: 0 },
    ...Object.fromEntries(skirts),
    'Kemeja / L': { stock: 3 },
  });
  await api.patch(`/lives/${live.liveId}`, { pinnedItemId: items[0]?.itemId });
  const place = { shop, liveId: live.liveId };
  const { page, complaints } = await openLive(browser, server, place, { as: 'sari' });
  const shirt = card(page, 'Kemeja');
  const rows = page.locator('.item');
  const stage = page.locator('.stage');
  // Those below the fold are drawn after those that are seen first.
  await expect.poll(() => rows.count()).toBe(13);

  // No size is anybody's until they say which.
  await sees(shirt, '3 pilihan · Tersedia 8');
  await sees(shirt.getByRole('button').nth(1), 'Pilih');
  await shirt.getByRole('button', { name: /^L A15 · 3/ }).click();
  await shirt.getByRole('button', { name: 'Keep Kemeja / L' }).click();
  await sees(shirt, 'Punyamu · urutan ke-1');
  await sees(shirt.getByRole('button', { name: /^L/ }), 'A15 · 2');
  await shirt.getByRole('button', { name: /^M A2 · habis/ }).click();
  await shirt.getByRole('button', { name: 'Antre Kemeja / M' }).waitFor();
  await stage.getByRole('button', { name: 'Keep Kemeja / S' }).waitFor();

  // A size picked on the stage stays while another one of the same thing is on show.
  await stage.getByRole('button', { name: /^M A2/ }).click();
  await stage.getByRole('button', { name: 'Antre Kemeja / M' }).waitFor();
  await api.patch(`/lives/${live.liveId}`, { pinnedItemId: items[14]?.itemId });
  await api.patch(`/items/${items[0]?.itemId}`, { price: 99_000 });
  await sees(stage, 'Antre');
  expect(await seriousProblems(page)).toEqual([]);

  await page.getByRole('button', { name: 'Punyaku' }).click();
  await expect.poll(() => rows.count()).toBe(1);
  await sees(rows, 'Kemeja');
  await page.getByRole('navigation', { name: 'Langsung ke kode' }).getByText('A14').click();
  await page.locator('.item:focus', { hasText: 'Rok 12.' }).waitFor();
  expect(await rows.count()).toBe(13);
  await page.getByRole('button', { name: 'Cari barang' }).click();
  await page.keyboard.type('a15');
  await expect.poll(() => rows.count()).toBe(1);
  const item = await openItem(page, 'Kemeja');
  await sees(item, 'A2 · M');
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox').fill('sepatu');
  await sees(page.locator('.items-empty'), 'Tidak ada yang cocok.');
  await page.getByRole('button', { name: 'Tampilkan semua' }).click();
  await expect.poll(() => rows.count()).toBe(13);
  expect(complaints).toEqual([]);
});
