import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { viewer } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { startNetwork } from '../support/network.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { spawnServer } from '../support/server-process.js';
import { until } from '../support/until.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { book } from './console-stage.js';
import { card, openItem, openLive, sees, sheet, shelf } from './viewer-page.js';

let redis: RedisServer;
let browser: Browser;

beforeAll(async () => {
  redis = await startRedis();
  browser = await launchBrowser();
});

const SHIRT = 'Kemeja Panjang / S';
const SKIRT = 'Rok Plisket';

/** A viewer's page over a network of its own that the test can spoil. */
async function overNetwork() {
  const server = await spawnServer({ redisUrl: redis.url });
  const network = await startNetwork(server);
  const shop = newShop();
  const api = host(server, shop);
  const { live, items } = await shelf(api, { [SHIRT]: { stock: 5 } });
  const place = { shop, liveId: live.liveId };
  const { page } = await openLive(browser, network, place, { as: 'sari' });
  await card(page, SHIRT)
    .getByRole('button', { name: `Keep ${SHIRT}` })
    .waitFor();
  return { server, network, api, itemId: items[0]?.itemId ?? '', page };
}

function buttonColour(page: Page): Promise<string> {
  const colour = "getComputedStyle(document.querySelector('.book-button')).backgroundColor";
  return page.evaluate(colour) as Promise<string>;
}

describe('a connection that breaks', { timeout: 90_000 }, () => {
  it('is shown, disables what cannot be done, and comes back by itself with the numbers of the API', async () => {
    const first = await spawnServer({ redisUrl: redis.url });
    const shop = newShop();
    const api = host(first, shop);
    const { live, items } = await shelf(api, { [SHIRT]: { stock: 5 }, [SKIRT]: { stock: 2 } });
    const place = { shop, liveId: live.liveId };
    const { page } = await openLive(browser, first, place, { as: 'sari' });
    await card(page, SHIRT)
      .getByRole('button', { name: `Keep ${SHIRT}` })
      .click();
    await sees(card(page, SHIRT), 'urutan ke-1');

    await first.kill('SIGKILL');
    await sees(page.getByRole('alert'), 'Koneksi terputus.');
    await sees(card(page, SKIRT).getByRole('button'), 'Terputus');
    await sees(card(page, SHIRT), 'urutan ke-1');
    expect(await seriousProblems(page)).toEqual([]);

    // The other server is on another port; what happens there is what this page missed.
    const elsewhere = await spawnServer({ redisUrl: redis.url });
    const wati = await viewer(elsewhere, shop, 'wati');
    for (const item of items) await book(wati, live, item, 2);
    const { port } = new URL(first.url);
    const told = sees(page.locator('.toast'), 'Tersambung lagi. Stok sudah terbaru.');
    await spawnServer({ redisUrl: redis.url, PORT: port });
    await told;
    await page.getByRole('alert').filter({ hasText: 'Koneksi' }).waitFor({ state: 'detached' });
    await sees(card(page, SKIRT), 'Sedang di-keep, bisa lepas lagi');
    await sees(card(page, SHIRT), 'urutan ke-1');
    const now = await Promise.all(items.map((item) => host(elsewhere, shop).item(item.itemId)));
    expect(now.map(({ available }) => available)).toEqual([2, 0]);
    const item = await openItem(page, SHIRT);
    await sees(item, 'Tersedia 2');
    await item.getByRole('button', { name: `Keep ${SHIRT}` }).click();
    await sees(item, 'urutan ke-3');
  });

  it('of the phone alone does the same, and a tap meanwhile books nothing later', async () => {
    const server = await spawnServer({ redisUrl: redis.url });
    const shop = newShop();
    const api = host(server, shop);
    const { live, items } = await shelf(api, { [SHIRT]: { stock: 5 } });
    const place = { shop, liveId: live.liveId };
    const { page } = await openLive(browser, server, place, { as: 'sari' });
    const button = card(page, SHIRT).getByRole('button').last();
    await button.waitFor();
    await page.context().setOffline(true);
    await sees(card(page, SHIRT).getByRole('button'), 'Terputus');
    await button.click({ force: true });
    const told = sees(page.locator('.toast'), 'Tersambung lagi.');
    await page.context().setOffline(false);
    await told;
    await sees(card(page, SHIRT), 'Tersedia 5');
    expect(await api.item(items[0]?.itemId ?? '')).toMatchObject({ available: 5, booked: 0 });
  });

  it('without a close is shown within 5 s, and a tap then fails at once and books nothing later', async () => {
    const { network, api, itemId, page } = await overNetwork();
    const item = card(page, SHIRT);
    const button = item.getByRole('button').last();
    const green = await buttonColour(page);
    network.freeze();
    const frozenAt = performance.now();
    await sees(page.getByRole('alert'), 'Koneksi terputus.');
    // 5 s, and what this test takes to see it.
    expect(performance.now() - frozenAt).toBeLessThan(5_500);
    await sees(button, 'Terputus');
    expect(await buttonColour(page)).not.toBe(green);
    await button.click({ force: true });
    await sees(page.locator('.toast'), 'Koneksi terputus. Coba lagi setelah tersambung.');
    const told = sees(page.locator('.toast'), 'Tersambung lagi.');
    network.thaw();
    await told;
    await sees(item, 'Tersedia 5');
    expect(await api.item(itemId)).toMatchObject({ available: 5, booked: 0 });
    expect(await item.getByText('urutan ke-').count()).toBe(0);
  });

  it('under a tap before anyone noticed makes the tap fail, and what it sent is refused when it arrives', async () => {
    const { server, network, api, itemId, page } = await overNetwork();
    const item = card(page, SHIRT);
    network.freeze();
    await item.getByRole('button', { name: `Keep ${SHIRT}` }).click();
    await sees(item.getByRole('button'), 'Sebentar…');
    await sees(page.locator('.toast'), 'Belum ada jawaban dari server.');
    network.thaw();
    await sees(page.locator('.toast'), 'Tersambung lagi.');
    await until('what was sent has arrived', async () => {
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      return metrics.includes('event="booking:create",outcome="VALIDATION"');
    });
    expect(await api.item(itemId)).toMatchObject({ available: 5, booked: 0 });
    await item.getByRole('button', { name: `Keep ${SHIRT}` }).click();
    await sees(item, 'urutan ke-1');
  });

  it('a store that stops answering under a booking does not make it two', async () => {
    const server = await spawnServer({ redisUrl: redis.url });
    const shop = newShop();
    const api = host(server, shop);
    const { live, items } = await shelf(api, { [SHIRT]: { stock: 5 } });
    const place = { shop, liveId: live.liveId };
    const { page } = await openLive(browser, server, place, { as: 'sari' });
    const keep = card(page, SHIRT).getByRole('button', { name: `Keep ${SHIRT}` });
    await keep.waitFor();
    redis.freeze();
    await keep.click();
    await sees(card(page, SHIRT).getByRole('button'), 'Sebentar…');
    expect(await card(page, SHIRT).getByText('urutan ke-').count()).toBe(0);
    redis.thaw();
    await sees(card(page, SHIRT), 'urutan ke-1');
    expect(await api.item(items[0]?.itemId ?? '')).toMatchObject({ available: 4, booked: 1 });
  });

  it('a server that dies under a booking does not lose it or make it two', async () => {
    const server = await spawnServer({ redisUrl: redis.url });
    const shop = newShop();
    const { live, items } = await shelf(host(server, shop), { [SHIRT]: { stock: 5 } });
    const place = { shop, liveId: live.liveId };
    const { page } = await openLive(browser, server, place, { as: 'sari' });
    const keep = card(page, SHIRT).getByRole('button', { name: `Keep ${SHIRT}` });
    await keep.waitFor();
    redis.freeze();
    await keep.click();
    await sees(card(page, SHIRT).getByRole('button'), 'Sebentar…');
    await server.kill('SIGKILL');
    await sees(card(page, SHIRT).getByRole('button'), 'Memastikan…');
    redis.thaw();
    const { port } = new URL(server.url);
    const next = await spawnServer({ redisUrl: redis.url, PORT: port });
    await sees(card(page, SHIRT), 'urutan ke-1');
    expect(await host(next, shop).item(items[0]?.itemId ?? '')).toMatchObject({
      available: 4,
      booked: 1,
    });
  });
});

describe('two tabs of one viewer', { timeout: 90_000 }, () => {
  it('agree on cart, checkout and orders', async () => {
    const server = await spawnServer({ redisUrl: redis.url });
    const shop = newShop();
    const { live } = await shelf(host(server, shop), { [SHIRT]: { stock: 5 } });
    const place = { shop, liveId: live.liveId };
    const left = await openLive(browser, server, place, { as: 'sari' });
    const right = await openLive(browser, server, place, { as: 'sari' });
    await card(left.page, SHIRT)
      .getByRole('button', { name: `Keep ${SHIRT}` })
      .click();
    await sees(card(right.page, SHIRT), 'urutan ke-1');

    for (const { page } of [left, right]) {
      await page.getByRole('button', { name: /^Keranjang: 1 pcs/ }).click();
      await sheet(page).getByRole('button', { name: 'Checkout' }).click();
      await sees(sheet(page), 'Selesaikan dalam');
    }
    await sheet(left.page)
      .getByRole('button', { name: /^Buat pesanan/ })
      .click();
    await sees(sheet(left.page), 'Menunggu pembayaran');
    // Led to the same order, not into a cart that is empty.
    await sees(sheet(right.page), 'Menunggu pembayaran');
    await right.page.keyboard.press('Escape');
    await right.page.getByRole('button', { name: 'Pesanan: 1 menunggu pembayaran' }).waitFor();
    expect([...left.complaints, ...right.complaints]).toEqual([]);
  });
});
