import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Page as ListPage } from '../../src/protocol/http.js';
import type { ItemView } from '../../src/protocol/item.js';
import type { Live } from '../../src/protocol/live.js';
import { viewer } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { seriousProblems } from './axe.js';
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

describe('items and lives', () => {
  it('creates an item, refuses a code twice, edits, restocks and closes it', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { page } = await openConsole(browser, server, shop, { at: 'items' });
    const create = async (code: string, name: string, sku = '') => {
      await page.getByRole('button', { name: 'Barang baru' }).click();
      await page.getByLabel('Kode').fill(code);
      await page.getByLabel('SKU').fill(sku);
      await page.getByLabel('Nama').fill(name);
      await page.getByLabel('Harga (Rp)').fill('150.000');
      await page.getByLabel('Stok awal').fill('8');
      await page.getByRole('button', { name: 'Simpan' }).click();
    };
    await create('C1', 'Tas Kanvas');
    const line = page.locator('.item-line');
    await shows(line.locator('.line-price'), 'Rp\u00a0150.000');
    await create('C1', 'Tas Kulit', 'TAS-KULIT');
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
    expect(items).toMatchObject([{ name: 'Tas Selempang', sku: 'C1', available: 5, open: false }]);

    // By their codes, however they came, and found by what is written on them.
    for (const code of ['C10', 'C2']) await create(code, `Dompet ${code}`);
    await shows(line.nth(2), /C10/);
    expect(await line.locator('b').allTextContents()).toEqual(['C1', 'C2', 'C10']);
    await page.getByLabel('Cari barang').fill('dompet c1');
    await shows(line, /C10/);
    await page.getByLabel('Cari barang').fill('sepatu');
    await page.getByText('Tidak ada barang yang cocok dengan “sepatu”.').waitFor();
  });

  it('leaves names their room on a tablet, and shows all tabs of the settings on a desktop', async () => {
    const shop = newShop();
    await startedLive(host(server, shop));
    const { page } = await openConsole(browser, server, shop, { at: 'lives' });
    await page.setViewportSize({ width: 780, height: 900 });
    await page.locator('.line-what').waitFor();
    const name = await page.evaluate('document.querySelector(".line-what").clientWidth');
    expect(name).toBeGreaterThanOrEqual(240);
    await page.setViewportSize({ width: 1_280, height: 900 });
    await show(page, 'settings');
    await page.locator('.settings .tabs').waitFor();
    const tabs = 'document.querySelector(".settings .tabs")';
    expect(await page.evaluate(`${tabs}.scrollWidth - ${tabs}.clientWidth`)).toBe(0);
  });

  it('creates a live and puts its items in order', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { shirt, skirt } = await startedLive(api);
    const { page } = await openConsole(browser, server, shop, { at: 'lives/new' });
    await page.getByLabel('Judul').fill('Live Senin');
    await page.getByLabel('Alamat video').fill('https://video.example/embed/1');
    await page.getByRole('button', { name: 'Tambah semua (2)' }).click();
    await shows(page.locator('.featured'), /^A1[\s\S]*B1/);
    await page.getByRole('button', { name: 'Keluarkan Rok Plisket' }).click();
    await page.getByLabel('Tambah barang').selectOption(skirt.itemId);
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
    await page.getByRole('button', { name: 'Rincian Viewer eko' }).click();
    await shows(page.locator('.ledger-line'), /−60\s*Membatalkan booking[\s\S]*100 → 40/);
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Batasi Viewer eko' }).click();
    await page.getByRole('button', { name: 'Ya, batasi' }).click();
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

  it('restricts and unrestricts, corrects with a reason, and shows what each may do', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const tiers = [{ belowReputation: 80, maxBookings: 2, bookingTimeoutMinutes: 5 }];
    await api.settings({ booking: { tiers } });
    const { live, shirt } = await startedLive(api);
    const gita = await viewer(server, shop, 'gita');
    await book(gita, live, shirt, 3);
    await viewer(server, shop, 'hani');

    const { page, complaints } = await openConsole(browser, server, shop, { at: 'viewers?q=gita' });
    await page.getByRole('button', { name: 'Rincian Viewer gita' }).click();
    const dialog = page.locator('.dialog').first();
    await shows(dialog, /Sampai 200 booking sekaligus, tiap booking di-keep 15 menit\./);
    await shows(dialog, /3× A1 Kemeja Panjang/);
    await page.getByRole('button', { name: 'Koreksi reputasi' }).click();
    await page.getByLabel('Poin').fill('-1000');
    await page.getByRole('button', { name: 'Terapkan' }).click();
    await shows(page.locator('.field-error'), /Tulis alasannya/);
    await page.getByLabel('Poin').fill('-30');
    await page.getByLabel('Alasan').fill('Menipu alamat');
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Terapkan' }).click();
    await shows(
      dialog.locator('.ledger-line'),
      /−30\s*Dikoreksi toko: Menipu alamat[\s\S]*100 → 70/,
    );
    await shows(dialog, /Maksimal 2 booking sekaligus, tiap booking di-keep 5 menit\. Tingkat/);
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Batasi Viewer gita' }).click();
    await page.getByRole('switch', { name: 'Lepaskan juga yang sedang di-keep' }).click();
    await page.getByRole('button', { name: 'Ya, batasi' }).click();
    await gita.next('booking:updated', (told) => told.booking.status === 'cancelled');
    expect(await api.item(shirt.itemId)).toMatchObject({ available: 10, booked: 0 });
    expect((await api.viewer('gita'))?.reputation).toBe(70);
    expect(complaints).toEqual([]);
  });
});
