import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/protocol/default-settings.js';
import type { Settings } from '../../src/protocol/settings.js';
import { SETTING_ENTRIES, SETTINGS_TABS } from '../../src/protocol/settings-table.js';
import { viewer } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { openConsole, shows } from './console-page.js';
import { book, startedLive } from './console-stage.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

async function settingsOf(shop: string): Promise<Settings> {
  return (await host(server, shop).get<{ settings: Settings }>('/settings')).settings;
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Simpan perubahan' }).click();
}

describe('settings', () => {
  it('shows the tabs with the labels that sellers know, in their order, ours after them', async () => {
    const { page } = await openConsole(browser, server, newShop(), { at: 'settings' });
    const tabs = Object.entries(SETTINGS_TABS);
    // The settings are asked for when their page opens.
    await page.locator('.tab-panel label').first().waitFor();
    expect(await page.locator('.tab').allInnerTexts()).toEqual([
      ...tabs.map(([, { id }]) => id),
      'QRIS',
      'Webhook',
      'Toko & tim',
      'Riwayat',
    ]);
    expect(tabs.map(([, { id }]) => id).slice(0, 4)).toEqual(Object.keys(KNOWN_LABELS));
    for (const [tab, { id }] of tabs) {
      await page.getByRole('tab', { name: id }).click();
      await page.locator(`#tab-panel[aria-labelledby="tab-${tab}"]`).waitFor();
      const labels = await page.locator('.tab-panel label').allInnerTexts();
      expect(labels).toEqual(
        SETTING_ENTRIES.filter((entry) => entry.tab === tab && entry.setting.type !== 'list').map(
          ({ setting }) => setting.label.id,
        ),
      );
      const known = KNOWN_LABELS[id] ?? [];
      expect(labels.slice(0, known.length)).toEqual(known);
    }
    await page.getByRole('tab', { name: 'Booking' }).click();
    expect(await page.getByLabel('Booking Timeout').inputValue()).toBe('15');
    await page.getByRole('tab', { name: 'Pesanan' }).click();
    expect(await page.getByLabel('Checkout Timeout').inputValue()).toBe('3');
    expect(await page.getByLabel('Online Checkout Auto Expire').inputValue()).toBe('180');
  });

  it('saves only what was changed, and the change has its effect', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { live, shirt } = await startedLive(api);
    const { page } = await openConsole(browser, server, shop, { at: 'settings/order' });
    await page.getByLabel('PPN (%)').fill('11,5');
    // Changed elsewhere meanwhile: must not be put back by this form.
    await api.settings({ order: { maxItemQuantity: 2 } });
    await page.getByRole('button', { name: 'Simpan perubahan' }).click();
    await shows(page.locator('.toast'), /Pengaturan disimpan/);
    const { settings } = await api.get<{ settings: Settings }>('/settings');
    expect(settings.order).toMatchObject({ ppnPercent: 11.5, maxItemQuantity: 2 });

    const citra = await viewer(server, shop, 'citra');
    const request = { liveId: live.liveId, itemId: shirt.itemId, quantity: 3 };
    const refused = await citra.emit('booking:create', { ...request, requestId: randomUUID() });
    expect(refused).toMatchObject({ ok: false, error: { code: 'MAX_ITEM_QUANTITY' } });
    await book(citra, live, shirt, 2);
    const { checkout } = await citra.ask('checkout:start', {});
    expect(checkout).toMatchObject({ ppnPercent: 11.5, subtotal: 170_000, ppn: 19_550 });
  });

  it('says beside the field what is wrong, in the tab where it is, and changes nothing', async () => {
    const shop = newShop();
    const { page } = await openConsole(browser, server, shop, { at: 'settings/order' });
    await page.getByLabel('PPN (%)').fill('101');
    await page.getByRole('tab', { name: 'Social Media' }).click();
    await page.getByLabel('Facebook').fill('http://facebook.com/toko');
    await page.getByRole('button', { name: 'Simpan perubahan' }).click();

    const ppn = page.getByLabel('PPN (%)');
    await shows(page.locator('.tab-panel .field-error'), /0 sampai 100/);
    expect(await ppn.getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator(':focus').getAttribute('name')).toBe('order.ppnPercent');
    const errorId = (await ppn.getAttribute('aria-describedby'))?.split(' ')[1];
    expect(await page.locator(`[id="${errorId}"]`).textContent()).toMatch(/0 sampai 100/);
    await page.getByRole('tab', { name: /Social Media/ }).click();
    await shows(page.locator('.tab-panel .field-error'), /https:\/\//);
    const { settings } = await host(server, shop).get<{ settings: Settings }>('/settings');
    expect(settings.order.ppnPercent).toBe(0);
    expect(settings.socialMedia.facebook).toBe('');
  });

  it('edits switches, choices and long texts, and saves those alone', async () => {
    const shop = newShop();
    const { page } = await openConsole(browser, server, shop, { at: 'settings/order' });
    await page.getByRole('switch', { name: 'Harga sudah termasuk PPN' }).click();
    await page.getByLabel('Dasar pengenaan PPN').selectOption('11/12 dari harga');
    await page.getByLabel('Ongkos kirim').fill('Rp 20.000');
    await page.getByLabel('Ketentuan pembayaran').fill('Transfer hari ini.\nKirim besok.');
    await page.getByRole('tab', { name: 'Booking' }).click();
    const waitlist = page.getByRole('switch', { name: 'Antrean' });
    expect(await waitlist.getAttribute('aria-checked')).toBe('true');
    await page.getByText('Antrean', { exact: true }).click();
    expect(await waitlist.getAttribute('aria-checked')).toBe('false');
    await shows(page.locator('.settings-state'), '5 isian diubah');
    await save(page);
    await shows(page.locator('.toast'), /Pengaturan disimpan/);
    expect(await settingsOf(shop)).toEqual({
      ...DEFAULT_SETTINGS,
      order: {
        ...DEFAULT_SETTINGS.order,
        pricesIncludePpn: true,
        ppnBase: '11/12',
        shippingFee: 20_000,
        paymentTerms: 'Transfer hari ini.\nKirim besok.',
      },
      booking: { ...DEFAULT_SETTINGS.booking, waitlist: false },
    });
  });

  it('adds, fills in and takes away bank accounts, up to ten', async () => {
    const shop = newShop();
    const { page } = await openConsole(browser, server, shop, { at: 'settings/bankAccounts' });
    const add = page.getByRole('button', { name: /^Tambah Rekening/ });
    const fill = async (index: number, bank: string, number: string, holder: string) => {
      await add.click();
      await page.locator(`input[name="bankAccounts.${index}.bank"]:focus`).waitFor();
      await page.keyboard.type(bank);
      const row = page.getByRole('group', { name: `Rekening ${index + 1}`, exact: true });
      await row.getByLabel('Nomor rekening').fill(number);
      await row.getByLabel('Atas nama').fill(holder);
    };
    await fill(0, 'BCA', '123 456', 'Sri Ayu');
    await fill(1, 'Mandiri', '987', ' ');
    await save(page);
    await shows(page.locator('.tab-panel .field-error'), /^Wajib diisi/);
    expect(await page.locator(':focus').getAttribute('name')).toBe('bankAccounts.1.holder');
    expect((await settingsOf(shop)).bankAccounts).toEqual([]);
    await page.keyboard.type('Budi');
    await save(page);
    await shows(page.locator('.toast'), /Pengaturan disimpan/);
    const mandiri = { bank: 'Mandiri', number: '987', holder: 'Budi' };
    expect((await settingsOf(shop)).bankAccounts).toMatchObject([{ bank: 'BCA' }, mandiri]);
    expect(await seriousProblems(page)).toEqual([]);

    await page.getByRole('button', { name: 'Hapus Rekening 1' }).click();
    await save(page);
    await shows(page.locator('.settings-state'), 'Tidak ada yang berubah.');
    expect((await settingsOf(shop)).bankAccounts).toEqual([mandiri]);
    for (let rows = 1; rows < 10; rows++) await add.click();
    expect(await add.isDisabled()).toBe(true);
  });

  it('says of a list what is wrong with it as a whole, and puts back what is saved', async () => {
    const shop = newShop();
    const tier = { belowReputation: 60, maxBookings: 2, bookingTimeoutMinutes: 0 };
    await host(server, shop).settings({ booking: { tiers: [tier] } });
    const { page } = await openConsole(browser, server, shop, { at: 'settings/booking' });
    await page.getByRole('button', { name: 'Tambah Tingkat 2' }).click();
    const second = page.getByRole('group', { name: 'Tingkat 2' });
    await second.getByLabel('Reputasi di bawah').fill('60');
    await save(page);
    await shows(page.locator('.setting-list > .field-error'), /tidak boleh sama dua kali/);
    await second.getByLabel('Reputasi di bawah').fill('tiga puluh');
    await save(page);
    await shows(second.locator('.field-error'), 'Isi angka bulat 0 sampai 100.');
    await second.getByLabel('Reputasi di bawah').fill('30');
    await second.getByLabel('Booking Timeout').fill('2,5');
    await save(page);
    await shows(page.locator('.settings-state'), 'Tidak ada yang berubah.');
    const stricter = { belowReputation: 30, maxBookings: 0, bookingTimeoutMinutes: 2.5 };
    expect((await settingsOf(shop)).booking.tiers).toEqual([tier, stricter]);
    await page.getByRole('button', { name: 'Hapus Tingkat 1' }).click();
    await page.getByRole('button', { name: 'Kembalikan isian' }).click();
    expect(await page.locator('.setting-row').count()).toBe(2);
    expect(await page.locator('[name="booking.tiers.0.belowReputation"]').inputValue()).toBe('60');
  });

  it('speaks English too', async () => {
    const { page } = await openConsole(browser, server, newShop(), { at: 'settings/booking' });
    await page.getByRole('button', { name: 'EN: Switch to English' }).click();
    const most = page.getByLabel('Maximum bookings');
    const help = await most.getAttribute('aria-describedby');
    await shows(
      page.locator(`[id="${help}"]`),
      /at once\. Never more than 200\. Default: 0 \(no limit\)\.$/,
    );
    await page.getByRole('tab', { name: 'Bank accounts' }).click();
    await page.getByRole('button', { name: 'Add Account 1' }).click();
    await page.getByLabel('Account holder').waitFor();
  });
});

const KNOWN_LABELS: Record<string, string[]> = {
  Pesanan: [
    'PPN (%)',
    'Max Item Quantity',
    'Total Item Cart',
    'Checkout Timeout',
    'Online Checkout Auto Expire',
  ],
  Booking: [
    'Booking Timeout',
    'Pinalti Reputasi per Barang dibatalkan',
    'Penambahan Reputasi per Barang berhasil dibayarkan',
    'Pinalti Reputasi per Barang habis waktu',
    'Reputasi minimum untuk booking',
  ],
  'Social Media': ['Facebook', 'Instagram', 'TikTok', 'Twitter', 'Telegram'],
  Marketplace: ['Tokopedia', 'Shopee', 'Blibli', 'Lazada', 'Bukalapak'],
};
