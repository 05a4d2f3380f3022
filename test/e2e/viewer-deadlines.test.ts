import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { signToken } from '../support/tokens.js';
import { launchBrowser } from './browser.js';
import { card, listen, openLive, PHONE, sees, sheet, shelf } from './viewer-page.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await startServer({ redisUrl: redis.url, SANDBOX_QRIS_MINUTES: '0.05' });
  browser = await launchBrowser();
});

/** Writes down what any countdown shows from now on. */
const NOTE_COUNTDOWNS = `{
  window.shown = new Set();
  const look = () => {
    for (const { textContent } of document.querySelectorAll('[role=timer]')) window.shown.add(textContent);
  };
  new MutationObserver(look).observe(document.body, { childList: true, characterData: true, subtree: true });
}`;

const SHIRT = 'Kemeja Panjang / S';

describe('what runs out', () => {
  it('a booking counts down, is announced once in its last minute, lapses and costs what the shop says', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.settings({ booking: { bookingTimeoutMinutes: 0.05, expiryPenaltyPerItem: 3 } });
    const { live } = await shelf(api, { [SHIRT]: { stock: 1 } });
    const place = { shop, liveId: live.liveId };
    const { page, complaints } = await openLive(browser, server, place, { as: 'sari' });
    const heard = await listen(page);

    await card(page, SHIRT)
      .getByRole('button', { name: `Keep ${SHIRT}` })
      .click();
    await sees(card(page, SHIRT).getByRole('timer'), /^0:0[123]$/);
    await sees(page.locator('.toast'), `Waktu booking habis, dilepas: ${SHIRT}`);
    // One after the other, in the one place for messages.
    await expect
      .poll(heard)
      .toContainEqual(expect.stringContaining('Reputasi −3, sekarang 97. Booking lewat waktu.'));
    await sees(card(page, SHIRT), 'Tersedia 1');
    await card(page, SHIRT).getByRole('timer').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Keranjang masih kosong' }).waitFor();
    const lastMinute = (await heard()).filter((text) => text.includes('Kurang dari satu menit'));
    expect(lastMinute).toEqual([`Kurang dari satu menit lagi: booking ${SHIRT}`]);
    expect(complaints).toEqual([]);
  });

  it('no countdown ever shows more than the whole time that was given', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const names = Array.from({ length: 8 }, (_, n) => `Rok ${n}`);
    const stock = Object.fromEntries(names.map((name) => [name, { stock: 1 }]));
    const { live } = await shelf(api, stock);
    const place = { shop, liveId: live.liveId };
    const { page, complaints } = await openLive(browser, server, place, { as: 'sari' });
    await page.evaluate(NOTE_COUNTDOWNS);
    // The first of them sets all countdowns going; the others come at any moment between two ticks.
    for (const name of names) {
      await card(page, name)
        .getByRole('button', { name: `Keep ${name}` })
        .click();
      await sees(card(page, name).getByRole('timer'), /^1[45]:\d\d$/);
    }
    await page.getByRole('button', { name: /^Keranjang: \d/ }).click();
    await sheet(page).getByRole('button', { name: 'Checkout' }).click();
    await sees(sheet(page).getByRole('timer').first(), /^[23]:\d\d$/);
    const shown = (await page.evaluate('[...window.shown]')) as string[];
    expect(shown).toContain('15:00');
    expect(shown.filter((time) => /^(15:0[1-9]|3:0[1-9])$/.test(time))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('nor does one by a clock that was told late what time it is', async () => {
    const shop = newShop();
    const { live } = await shelf(host(server, shop), { [SHIRT]: { stock: 1 } });
    const context = await browser.newContext({ viewport: PHONE, locale: 'id-ID' });
    atEnd(() => context.close());
    const page = await context.newPage();
    let lateMs = 500;
    await page.routeWebSocket(/socket\.io/, (ofPage) => {
      const ofServer = ofPage.connectToServer();
      ofServer.onMessage((message) => void setTimeout(() => ofPage.send(message), lateMs));
    });
    const token = signToken({ sub: 'sari', shop, role: 'viewer', name: 'Sari' });
    await page.goto(`${server.url}/live/${shop}/${live.liveId}#token=${token}`);
    await page.locator('html[data-state="current"]').waitFor();
    await page.evaluate(NOTE_COUNTDOWNS);
    lateMs = 0;
    await card(page, SHIRT)
      .getByRole('button', { name: `Keep ${SHIRT}` })
      .click();
    await sees(card(page, SHIRT).getByRole('timer'), /^14:5\d$/);
    expect(await page.evaluate('[...window.shown]')).not.toContain('15:01');
  });

  it('the last two minutes are red and buzz, and a cancel is free while the shop says so', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.settings({
      booking: { bookingTimeoutMinutes: 2.04, cancelPenaltyPerItem: 5, freeCancelSeconds: 600 },
    });
    const { live } = await shelf(api, { [SHIRT]: { stock: 1 }, Rok: { stock: 1 } });
    const place = { shop, liveId: live.liveId };
    const { page, complaints } = await openLive(browser, server, place, { as: 'sari' });
    await page.evaluate('window.buzzes = []; navigator.vibrate = (p) => window.buzzes.push(p) > 0');
    await card(page, SHIRT)
      .getByRole('button', { name: `Keep ${SHIRT}` })
      .click();
    await sees(page.locator('.cart-bar').getByRole('timer'), /^2:0[123]$/);
    expect(await page.locator('.cart-bar .countdown-urgent').count()).toBe(0);
    await sees(page.locator('.cart-bar .countdown-urgent'), /^(2:00|1:59)$/);
    await expect.poll(() => page.evaluate('window.buzzes')).toContainEqual([120, 80, 120]);
    await page.getByRole('button', { name: /^Keranjang: \d/ }).click();
    await sheet(page)
      .getByRole('button', { name: `Batalkan booking ${SHIRT}` })
      .click();
    await sees(sheet(page), /Tidak mengurangi reputasi, selama 9:\d\d lagi\./);
    await page.keyboard.press('Escape');
    await api.settings({ booking: { bookingTimeoutMinutes: 0.54 } });
    await card(page, 'Rok').getByRole('button', { name: 'Keep Rok' }).click();
    await sees(page.locator('.cart-bar .countdown-urgent'), /^0:3[012]$/);
    await sees(page.locator('.cart-bar .countdown-urgent'), /^0:(30|29)$/);
    const last = [200, 80, 200, 80, 200];
    await expect.poll(() => page.evaluate('window.buzzes.at(-1)')).toEqual(last);
    expect(complaints).toEqual([]);
  });

  it('a checkout that lapses puts the viewer back into the cart, with the booking still held', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.settings({ order: { checkoutTimeoutMinutes: 0.05 } });
    const { live } = await shelf(api, { [SHIRT]: { stock: 1 } });
    const place = { shop, liveId: live.liveId };
    const { page, complaints } = await openLive(browser, server, place, { as: 'sari' });
    await card(page, SHIRT)
      .getByRole('button', { name: `Keep ${SHIRT}` })
      .click();
    await page.getByRole('button', { name: /^Keranjang: \d/ }).click();
    await sheet(page).getByRole('button', { name: 'Checkout' }).click();
    await sees(sheet(page), 'Selesaikan dalam');
    await sees(page.locator('.toast'), 'Waktu checkout habis.');
    await sheet(page).getByRole('heading', { name: 'Keranjang' }).waitFor();
    await sees(sheet(page).getByRole('timer'), /^1[45]:\d\d$/);
    expect(complaints).toEqual([]);
  });

  it('an order whose QRIS payment lapses ends by itself and gives the stock back', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { live } = await shelf(api, { [SHIRT]: { stock: 1 } });
    const place = { shop, liveId: live.liveId };
    const { page, complaints } = await openLive(browser, server, place, { as: 'sari' });
    await card(page, SHIRT)
      .getByRole('button', { name: `Keep ${SHIRT}` })
      .click();
    await page.getByRole('button', { name: /^Keranjang: \d/ }).click();
    await sheet(page).getByRole('button', { name: 'Checkout' }).click();
    await sheet(page)
      .getByRole('button', { name: /^Buat pesanan/ })
      .click();
    await sees(sheet(page).getByRole('timer'), /^0:0[123]$/);
    await sees(sheet(page).getByRole('status'), 'Lewat batas bayar');
    await page.keyboard.press('Escape');
    await sees(card(page, SHIRT), 'Tersedia 1');
    expect(complaints).toEqual([]);
  });
});
