import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { card, openLive, sees, sheet, shelf, type ViewerPage } from './viewer-page.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

/** A guest who has just booked one. */
async function booksAs({ page }: ViewerPage, name: string): Promise<void> {
  await card(page, 'Rok').getByRole('button', { name: 'Keep Rok' }).click();
  await sheet(page).getByRole('textbox', { name: 'Namamu' }).fill(name);
  await page.keyboard.press('Enter');
  await sees(card(page, 'Rok'), /urutan ke-\d/);
}

describe('a guest’s account', () => {
  it('opens on another phone by a link that works once; who is signed in there already is asked', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { live } = await shelf(api, { Rok: { stock: 5 } });
    const place = { shop, liveId: live.liveId };
    const phone = await openLive(browser, server, place);
    await booksAs(phone, 'Dewi Cimahi');
    await phone.page.getByRole('button', { name: /^Keranjang: \d/ }).click();
    await sheet(phone.page).getByRole('button', { name: 'Checkout' }).click();
    await sheet(phone.page)
      .getByRole('button', { name: /^Buat pesanan/ })
      .click();
    await sheet(phone.page).getByRole('button', { name: 'Pesanan', exact: true }).click();
    const newLink = async (button: string) => {
      const field = sheet(phone.page).getByLabel('Link akunmu');
      const before = (await field.count()) > 0 ? await field.inputValue() : '';
      await sheet(phone.page).getByRole('button', { name: button }).click();
      await phone.page
        .locator(`input[aria-label="Link akunmu"]:not([value="${before}"])`)
        .waitFor();
      return field.inputValue();
    };
    const link = await newLink('Buat link');
    expect(await seriousProblems(phone.page, ['.sheet'])).toEqual([]);

    const tablet = await openLive(browser, server, place);
    await tablet.page.goto(link);
    await tablet.page.getByRole('button', { name: 'Akun Dewi Cimahi, reputasi 100' }).waitFor();
    expect(tablet.page.url()).not.toContain('claim');
    await tablet.page.getByRole('button', { name: /^Bayar [0-9A-Z]{6}/ }).waitFor();
    // Two devices of one viewer: what happens on one is seen on the other.
    await card(tablet.page, 'Rok').getByRole('button', { name: 'Keep Rok' }).click();
    await phone.page.keyboard.press('Escape');
    await sees(card(phone.page, 'Rok'), /urutan ke-2/);

    // What is passed on is the live, not the account that came by the link.
    await tablet.page.getByRole('button', { name: 'Bagikan live ini' }).click();
    await sheet(tablet.page).getByRole('img', { name: 'Kode QR live ini' }).waitFor();
    const shared = await sheet(tablet.page)
      .getByLabel('Link live ini', { exact: true })
      .inputValue();
    expect(shared).toBe(`${server.url}/live/${shop}/${live.liveId}`);
    expect(await seriousProblems(tablet.page, ['.sheet'])).toEqual([]);

    const stranger = await openLive(browser, server, place);
    await stranger.page.goto(link);
    await sees(stranger.page.locator('.toast'), 'Link ini sudah dipakai atau kedaluwarsa.');
    await booksAs(stranger, 'Wati');
    await phone.page.getByRole('button', { name: 'Akun Dewi Cimahi, reputasi 100' }).click();
    const second = await newLink('Buat link');
    await stranger.page.goto(second);
    await sees(stranger.page.locator('.toast'), 'Link ini membuka akun lain.');
    await stranger.page.getByRole('button', { name: 'Akun Wati, reputasi 100' }).waitFor();
    await stranger.page.getByRole('button', { name: 'Ganti akun' }).click();
    await stranger.page.getByRole('button', { name: 'Akun Dewi Cimahi, reputasi 100' }).waitFor();
    expect([...phone.complaints, ...tablet.complaints]).toEqual([]);
  });

  it('says what may be done at this reputation, why it moved, that a machine reckons it, and whom to contact', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.settings({
      booking: {
        maxBookings: 5,
        cancelPenaltyPerItem: 60,
        expiryPenaltyPerItem: 7,
        recoveryPerDay: 2,
        tiers: [{ belowReputation: 50, maxBookings: 1, bookingTimeoutMinutes: 5 }],
      },
    });
    const { live } = await shelf(api, { Rok: { stock: 5 } });
    const place = { shop, liveId: live.liveId };
    const { page, complaints } = await openLive(browser, server, place, { as: 'sari' });
    const open = sheet(page);
    await page.getByRole('button', { name: /^Akun/ }).click();
    await sees(open, 'Kamu boleh menyimpan 5 booking sekaligus, masing-masing 15 menit.');
    await sees(open, 'Tiap barang yang dibiarkan habis waktunya mengurangi 7.');
    // Who signs in at the shop's own site does so there on every device.
    expect(await open.getByRole('button', { name: 'Buat link' }).count()).toBe(0);
    await api.post('/viewers/sari/reputation', {
      delta: -60,
      reason: 'Salah alamat',
      requestId: '1',
    });
    await sees(open, 'Kamu boleh menyimpan 1 booking sekaligus, masing-masing 5 menit.');
    await sees(open, 'Ini lebih sedikit dari biasanya karena reputasimu.');
    await sees(open.getByRole('listitem'), /−60\s*Dikoreksi penjual\s*Salah alamat/);
    await sees(open, 'Reputasi dihitung otomatis');
    const link = await open
      .getByRole('link', { name: 'Sampaikan keberatan lewat WhatsApp' })
      .getAttribute('href');
    expect(decodeURIComponent(link ?? '')).toContain('(akun sari). Reputasi saya 40');
    expect(await seriousProblems(page, ['.sheet'])).toEqual([]);
    await open.getByRole('button', { name: 'Switch to English' }).click();
    await sees(open, 'You may hold 1 booking at once, each for 5 minutes.');
    await sees(open.getByRole('listitem'), 'Corrected by the seller');
    await api.call('PATCH', '/viewers/sari', { status: 'restricted' });
    await sees(open, 'The shop has restricted this account. Contact the seller.');
    expect(complaints).toEqual([]);
  });
});
