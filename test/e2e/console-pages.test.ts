import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Page as ListPage } from '../../src/protocol/http.js';
import type { ItemView } from '../../src/protocol/item.js';
import type { Live } from '../../src/protocol/live.js';
import type { Settings } from '../../src/protocol/settings.js';
import { viewer } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { launchBrowser } from './browser.js';
import { openConsole, show, shows } from './console-page.js';
import { book, startedLive } from './console-stage.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

describe('settings', () => {
  it('shows the four tabs with the labels that sellers know, in their order', async () => {
    const { page } = await openConsole(browser, server, newShop(), { at: 'settings' });
    const labels = async (tab: string) => {
      await page.getByRole('tab', { name: tab }).click();
      await page.locator(`#tab-panel[aria-labelledby="tab-${KEYS[tab]}"]`).waitFor();
      return page.locator('.tab-panel label').allInnerTexts();
    };
    for (const [tab, expected] of Object.entries(LABELS))
      expect(await labels(tab)).toEqual(expected);
    expect(await page.locator('.tab').allInnerTexts()).toEqual(Object.keys(LABELS));
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
});

describe('items and lives', () => {
  it('creates an item, refuses a code twice, edits, restocks and closes it', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { page } = await openConsole(browser, server, shop, { at: 'items' });
    const create = async (code: string, name: string) => {
      await page.getByRole('button', { name: 'Barang baru' }).click();
      await page.getByLabel('Kode').fill(code);
      await page.getByLabel('SKU').fill(`SKU-${name}`);
      await page.getByLabel('Nama').fill(name);
      await page.getByLabel('Harga (Rp)').fill('150.000');
      await page.getByLabel('Stok awal').fill('8');
      await page.getByRole('button', { name: 'Simpan' }).click();
    };
    await create('C1', 'Tas Kanvas');
    const line = page.locator('.item-line');
    await shows(line.locator('.line-price'), 'Rp\u00a0150.000');
    await create('C1', 'Tas Kulit');
    await shows(page.locator('.dialog .field-error'), /sudah dipakai/);
    await page.keyboard.press('Escape');

    await line.getByRole('button', { name: 'Ubah Tas Kanvas' }).click();
    await page.getByLabel('Nama').fill('Tas Selempang');
    await page.getByRole('button', { name: 'Simpan' }).click();
    await shows(line.locator('.line-name'), 'Tas Selempang');
    await line.getByRole('button', { name: /Stok ±/ }).click();
    await page.getByLabel('Tambah berapa').fill('-3');
    await page.getByRole('button', { name: 'Terapkan' }).click();
    await shows(line.locator('[data-bucket="available"]'), '5');
    await line.getByRole('button', { name: 'Terbuka: tutup Tas Selempang' }).click();
    await shows(line.locator('.toggle'), 'Ditutup');
    const { items } = await api.get<ListPage<ItemView>>('/items');
    expect(items).toMatchObject([{ name: 'Tas Selempang', available: 5, open: false }]);
  });

  it('creates a live and puts its items in order', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { shirt, skirt } = await startedLive(api);
    const { page } = await openConsole(browser, server, shop, { at: 'lives/new' });
    await page.getByLabel('Judul').fill('Live Senin');
    await page.getByLabel('Alamat video').fill('https://video.example/embed/1');
    for (const item of [shirt, skirt]) {
      await page.getByLabel('Tambah barang').selectOption(item.itemId);
    }
    await page.getByRole('button', { name: 'Naikkan Rok Plisket' }).click();
    await page.getByRole('button', { name: 'Simpan' }).click();
    await page.getByRole('heading', { name: 'Live Senin' }).waitFor();
    const { items } = await api.get<ListPage<Live>>('/lives');
    const made = items.find((live) => live.title === 'Live Senin');
    expect(made).toMatchObject({
      itemIds: [skirt.itemId, shirt.itemId],
      videoUrl: 'https://video.example/embed/1',
    });
    await page.getByRole('link', { name: 'Buka kokpit Live Senin' }).click();
    await shows(page.locator('.selected-name'), 'B1 Rok Plisket');
    expect(new URL(page.url()).hash).toBe(`#/cockpit/${made?.liveId}`);
  });
});

describe('viewers', () => {
  it('filters by reputation, shows the ledger, and restricts', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.settings({ booking: { cancelPenaltyPerItem: 30 } });
    const { live, shirt } = await startedLive(api);
    const eko = await viewer(server, shop, 'eko');
    const { bookingId } = await book(eko, live, shirt, 2);
    await eko.ask('booking:cancel', { bookingId });
    await book(await viewer(server, shop, 'fitri'), live, shirt, 1);

    const { page } = await openConsole(browser, server, shop, { at: 'viewers?min=0&max=50' });
    await shows(page.locator('.viewer-points'), '40');
    expect(await page.locator('.viewer-line').count()).toBe(1);
    await page.getByRole('button', { name: 'Riwayat reputasi Viewer eko' }).click();
    await shows(page.locator('.ledger-line'), /−60\s*Membatalkan booking[\s\S]*100 → 40/);
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Batasi Viewer eko' }).click();
    await shows(page.locator('.viewer-line .badge'), 'Dibatasi');
    const request = { liveId: live.liveId, itemId: shirt.itemId, quantity: 1 };
    const refused = await eko.emit('booking:create', { ...request, requestId: randomUUID() });
    expect(refused).toMatchObject({ ok: false, error: { code: 'VIEWER_RESTRICTED' } });
    await page.getByRole('button', { name: 'Cabut batasan Viewer eko' }).click();
    await shows(page.locator('.viewer-line .badge'), 'Aktif');
    await book(eko, live, shirt, 1);

    await page.getByLabel('Reputasi dari').fill('60');
    await page.getByRole('button', { name: 'Saring' }).click();
    await shows(page.locator('.filter .field-error'), /0 sampai 100/);
    await show(page, 'viewers?min=51&max=100');
    await shows(page.locator('.viewer-line .line-name'), /Viewer fitri/);
  });
});

const KEYS: Record<string, string> = {
  Pesanan: 'order',
  Booking: 'booking',
  'Social Media': 'socialMedia',
  Marketplace: 'marketplace',
};

const LABELS = {
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
