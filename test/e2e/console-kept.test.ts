import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Settings } from '../../src/protocol/settings.js';
import { MidtransLookalike } from '../payments/midtrans-lookalike.js';
import { atEnd } from '../support/at-end.js';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { openConsole, PHONE, show, shows } from './console-page.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
  browser = await launchBrowser();
});

describe('settings that are not saved', () => {
  it('are still there after another page, a reload and a new sign-in, and are pointed out', async () => {
    const api = host(server, newShop());
    const { page, complaints } = await openConsole(browser, server, api.shop, {
      at: 'settings/order',
      viewport: PHONE,
    });
    await page.getByLabel('Ongkos kirim').fill('15.000');
    await page.getByRole('tab', { name: 'Rekening' }).click();
    await page.getByRole('button', { name: 'Tambah Rekening 1' }).click();
    await page.getByLabel('Bank', { exact: true }).fill('BCA');
    await show(page, 'viewers');
    await shows(page.locator('.toast'), /2 pengaturan belum disimpan\. Isianmu masih ada\./);
    await shows(page.locator('.nav-link', { hasText: 'Pengaturan' }), /ada yang belum disimpan/);

    // Somebody else changes another setting meanwhile: it is not put back.
    await api.settings({ order: { serviceFee: 2_000 } });
    const asked = page.waitForEvent('dialog');
    const reloading = page.reload();
    await (await asked).accept();
    await reloading;
    await show(page, 'settings/bankAccounts');
    await shows(page.locator('.settings-state'), '2 isian diubah');
    expect(await page.getByLabel('Bank', { exact: true }).inputValue()).toBe('BCA');
    await page.getByLabel('Nomor rekening').fill('123');
    await page.getByLabel('Atas nama').fill('Ani');

    // Nothing lies over the bar: the button takes the tap where it is seen.
    await page.getByRole('tab', { name: 'Booking' }).click();
    const button = page.getByRole('button', { name: 'Simpan perubahan' });
    const box = await button.boundingBox();
    if (box === null) throw new Error('the bar is not in sight');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    expect(y).toBeLessThan(PHONE.height);
    await page.mouse.click(x, y);
    await shows(page.locator('.settings-state'), 'Tidak ada yang berubah.');
    const { settings } = await api.get<{ settings: Settings }>('/settings');
    expect(settings.order).toMatchObject({ shippingFee: 15_000, serviceFee: 2_000 });
    expect(settings.bankAccounts).toEqual([{ bank: 'BCA', number: '123', holder: 'Ani' }]);
    await show(page, 'viewers');
    expect(await page.locator('.nav-link', { hasText: 'belum disimpan' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe('the account for QRIS', () => {
  it('is set, tested and removed, and its key is never shown', async () => {
    const midtrans = await MidtransLookalike.start({ retryDelaysMs: [] });
    atEnd(() => midtrans.close());
    const { page, complaints } = await openConsole(browser, server, newShop(), {
      at: 'settings/gateway',
    });
    await shows(page.locator('[data-gateway]'), /^Mode coba-coba/);
    await page.getByLabel('Server Key').fill('bad key');
    await page.getByRole('button', { name: 'Pakai kunci ini' }).click();
    await shows(page.locator('.field-error'), /tanpa spasi/);
    await page.getByLabel('Server Key').fill('SB-Mid-server-wrong');
    await page.getByLabel('Alamat lain').fill(midtrans.baseUrl);
    await page.getByRole('button', { name: 'Pakai kunci ini' }).click();
    await shows(page.locator('[data-gateway]'), /^Akun Midtrans tokomu/);
    await page.getByRole('button', { name: 'Coba sambungan' }).click();
    await shows(page.locator('.toast').last(), /menolak kuncinya/);
    await page.getByLabel('Server Key').fill(midtrans.serverKey);
    await page.getByLabel('Alamat lain').fill(midtrans.baseUrl);
    await page.getByRole('button', { name: 'Pakai kunci ini' }).click();
    await shows(page.locator('.toast').last(), /Kunci disimpan/);
    await page.getByRole('button', { name: 'Coba sambungan' }).click();
    await shows(page.locator('.toast').last(), /Sambungan baik/);
    expect(await page.content()).not.toContain(midtrans.serverKey);
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Lepas akun' }).click();
    await page.getByRole('button', { name: 'Ya, lepas' }).click();
    await shows(page.locator('[data-gateway]'), /^Mode coba-coba/);
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
  });
});
