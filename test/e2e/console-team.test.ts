import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { viewer } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { until } from '../support/until.js';
import { Receiver } from '../webhooks/receiver.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { openConsole, PHONE, show, shows } from './console-page.js';
import { book, order, startedLive } from './console-stage.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redisUrl = (await startRedis()).url;
  server = await startServer({ redisUrl, WEBHOOK_ALLOW_PRIVATE: 'true' });
  browser = await launchBrowser();
});

/** Makes a link on the owner's screen; answers what its QR code says. */
async function invite(page: Page, name: string, role: 'Pembantu' | 'Pemilik'): Promise<string> {
  await show(page, 'settings/team');
  await page.getByLabel('Nama', { exact: true }).fill(name);
  await page.getByRole('button', { name: role, exact: true }).click();
  await page.getByRole('button', { name: 'Buat tautan masuk' }).click();
  await page.locator('.dialog .qr path').waitFor();
  const url = await page.getByLabel('Tautan', { exact: true }).inputValue();
  expect(await seriousProblems(page)).toEqual([]);
  await page.getByRole('button', { name: 'Selesai' }).click();
  return url;
}

/** Opens a link on a phone that nobody is signed in on. */
async function onPhone(url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: PHONE });
  atEnd(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

describe('signing in without a terminal', () => {
  it('is a QR code for the phone: a helper runs the night, and nothing that is the owner’s', async () => {
    const api = host(server, newShop());
    const { live, shirt } = await startedLive(api);
    const rina = await viewer(server, api.shop, 'rina');
    await book(rina, live, shirt, 1);
    const placed = await order(rina, 'bank_transfer');
    const { page, complaints } = await openConsole(browser, server, api.shop);
    const url = await invite(page, 'Sari', 'Pembantu');

    const phone = await onPhone(url);
    expect(phone.url()).not.toContain('link=');
    await phone.getByRole('button', { name: 'Masuk di perangkat ini' }).click();
    await phone.locator('.connection-online').waitFor();
    await shows(phone.locator('.top-bar .badge').first(), 'Pembantu');
    await show(phone, 'settings/order');
    await shows(
      phone.locator('.settings-foot'),
      'Hanya pemilik toko yang bisa mengubah pengaturan.',
    );
    expect(await phone.getByLabel('PPN (%)').isDisabled()).toBe(true);
    expect(await phone.getByRole('tab', { name: 'Toko & tim' }).count()).toBe(0);
    await show(phone, 'orders/refunds');
    await shows(phone.locator('.page-note'), 'Hanya pemilik toko yang melihat pengembalian dana.');
    await show(phone, 'orders?status=transfer');
    await phone.getByRole('button', { name: `Rincian pesanan ${placed.code}` }).click();
    await phone.getByRole('button', { name: 'Konfirmasi bayar' }).click();
    await phone.getByRole('button', { name: 'Ya, sudah masuk' }).click();
    const refund = phone.getByRole('button', { name: 'Kembalikan dana' });
    await refund.waitFor();
    expect(await refund.isDisabled()).toBe(true);

    // The link has worked once; the owner sees who is in, and puts them out.
    const again = await onPhone(url);
    await again.getByRole('button', { name: 'Masuk di perangkat ini' }).click();
    await shows(again.locator('.field-error'), /sudah dipakai/);
    await show(page, 'cockpit');
    await show(page, 'settings/team');
    await shows(page.locator('.team-line'), /Sari\s+Pembantu\s+Masuk .* diundang Host/);
    await page.getByRole('button', { name: 'Keluarkan Sari' }).click();
    await page.getByRole('button', { name: 'Ya, keluarkan' }).click();
    await shows(page.locator('.settings-panel'), /Belum ada yang diundang/);
    await page.getByRole('tab', { name: 'Riwayat' }).click();
    const done = page.locator('.change-line');
    await shows(done.first(), /^Host Mengeluarkan anggota tim/);
    await shows(done.nth(1), /^Sari Mengonfirmasi pembayaran/);
    expect(await seriousProblems(page)).toEqual([]);
    await phone.reload();
    await phone.getByLabel('Kode masuk penjual').waitFor();
    expect(complaints).toEqual([]);
  });

  it('makes an owner of a second device, and gives the shop its name', async () => {
    const api = host(server, newShop());
    const { page } = await openConsole(browser, server, api.shop);
    const phone = await onPhone(await invite(page, 'HP Bu Ani', 'Pemilik'));
    await phone.getByRole('button', { name: 'Masuk di perangkat ini' }).click();
    await phone.locator('.connection-online').waitFor();
    await show(phone, 'settings/team');
    await phone.getByLabel('Nama toko').fill('Toko Bu Ani');
    await phone.getByRole('button', { name: 'Simpan nama' }).click();
    await shows(phone.locator('.brand-shop'), 'Toko Bu Ani');
    const { liveId, itemId } = await api.stage(1);
    await api.patch(`/lives/${liveId}`, { pinnedItemId: itemId, title: 'Live Jumat' });
    await api.settings({ order: { ppnPercent: 11 } });
    await show(phone, 'settings/changes');
    const done = phone.locator('.change-line');
    await shows(done.first(), /Mengubah pengaturan.*PPN \(%\)/s);
    await shows(done.nth(1), /Mengubah live Live Jumat.*judul, barang yang disematkan/s);
    expect(await seriousProblems(phone)).toEqual([]);
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
  });
});

describe('webhooks of the shop', () => {
  it('are added, looked into, sent again, switched off and on, given a new secret and removed', async () => {
    const api = host(server, newShop());
    const receiver = await Receiver.start();
    const { page, complaints } = await openConsole(browser, server, api.shop, {
      at: 'settings/webhooks',
    });
    await page.getByLabel('Alamat', { exact: true }).fill(receiver.url);
    await page.getByRole('button', { name: 'Booking & antrean' }).click();
    await page.getByRole('button', { name: 'Semua', exact: true }).click();
    await page.getByRole('button', { name: 'Tambah webhook' }).click();
    const secret = page.getByLabel('Rahasia', { exact: true });
    expect(await secret.inputValue()).toMatch(/^whsec_/);
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sudah kusimpan' }).click();
    const line = page.locator('[data-webhook]');
    await shows(line.locator('.badge'), 'Aktif');

    await startedLive(api);
    await receiver.next('live.started');
    const taken = receiver.got.length;
    await line.getByRole('button', { name: /^Kiriman/ }).click();
    const dialog = page.locator('.dialog');
    const attempt = dialog.locator('[data-delivery="ok"]', { hasText: 'live.started' });
    await until('the attempt is shown', async () => {
      await dialog.getByRole('button', { name: 'Muat ulang' }).click();
      return (await attempt.count()) === 1;
    });
    await shows(attempt.locator('.badge'), 'HTTP 204');
    expect(await seriousProblems(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Kirim ulang semuanya' }).click();
    await until('it is sent again', () => receiver.got.length >= 2 * taken);
    await dialog.getByRole('button', { name: 'Tutup', exact: true }).last().click();

    await line.getByRole('button', { name: /^Matikan/ }).click();
    await shows(line.locator('.badge'), 'Mati');
    await line.getByRole('button', { name: /^Nyalakan/ }).click();
    await shows(line.locator('.badge'), 'Aktif');
    await line.getByRole('button', { name: /^Ganti rahasia/ }).click();
    await shows(dialog, /Rahasia lama masih berlaku/);
    await page.getByRole('button', { name: 'Sudah kusimpan' }).click();
    await line.getByRole('button', { name: /^Hapus/ }).click();
    await page.getByRole('button', { name: 'Ya, hapus' }).click();
    await shows(page.locator('.settings-panel'), /Belum ada webhook/);
    expect(complaints).toEqual([]);
  });

  it('are shown on a phone, with what is wrong with an address', async () => {
    const api = host(server, newShop());
    const { page } = await openConsole(browser, server, api.shop, {
      at: 'settings/webhooks',
      viewport: PHONE,
    });
    await page.getByLabel('Alamat', { exact: true }).fill('ftp://toko.example');
    await page.getByRole('button', { name: 'Tambah webhook' }).click();
    await shows(page.locator('.settings-panel .field-error'), /Isi alamat https/);
    await api.post('/webhooks', { url: `https://${'sistem-toko.'.repeat(12)}example/hook` });
    await show(page, 'cockpit');
    await show(page, 'settings/webhooks');
    await page.locator('[data-webhook]').waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
  });
});
