import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { viewer } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { launchBrowser } from './browser.js';
import { bucket, openConsole, PHONE, shows } from './console-page.js';
import { book, order, scheduledLive, startedLive } from './console-stage.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

/** How long a command that can be undone waits before it is sent. */
const UNDO_MS = 5_000;
/** Clocks of the browser and of this process are read at different moments. */
const TOLERANCE_MS = 250;

const pendingOne = (page: Page) => page.locator('.pending-one');

/** A picture of several megapixels that compresses badly, as a camera gives it. */
async function cameraPhoto(page: Page) {
  const base64 = await page.evaluate(`new Promise((resolve) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [2400, 1800];
    const context = canvas.getContext('2d');
    const data = context.createImageData(2400, 1800);
    let seed = 1;
    for (let i = 0; i < data.data.length; i++) {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      data.data[i] = i % 4 === 3 ? 255 : ((i / 9600) & 127) + ((seed >> 16) & 127);
    }
    context.putImageData(data, 0, 0);
    resolve(canvas.toDataURL('image/jpeg', 0.92).split(',')[1]);
  })`);
  const buffer = Buffer.from(String(base64), 'base64');
  return { name: 'IMG_0001.jpg', mimeType: 'image/jpeg', buffer };
}

describe('the cockpit', () => {
  it('starts a live and follows bookings as they come, are cancelled and held again', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.settings({ booking: { cancelPenaltyPerItem: 5 } });
    const { live, shirt } = await scheduledLive(api);
    const { page, complaints } = await openConsole(browser, server, shop);
    await shows(page.locator('.live-status'), 'Terjadwal');
    await page.getByRole('button', { name: 'Mulai live' }).click();
    await shows(page.locator('.live-status'), 'Sedang live');

    const sari = await viewer(server, shop, 'sari');
    await sari.ask('live:join', { shopId: shop, liveId: live.liveId });
    await shows(page.locator('[data-total="audience"]'), '1');
    const booking = await book(sari, live, shirt, 3);
    await shows(bucket(page, 'available'), '7');
    await shows(bucket(page, 'booked'), '3');

    const row = page.locator(`[data-booking="${booking.bookingId}"]`);
    await shows(row.locator('.booking-viewer'), /Viewer sari[\s\S]*★ 100/);
    await shows(row.locator('.booking-time'), /^1[45]:\d\d$/);
    await row.getByRole('button', { name: /Batalkan booking/ }).click();
    await page.getByRole('button', { name: 'Batalkan', exact: true }).click();
    await sari.next('booking:updated', (told) => told.booking.status === 'cancelled');
    await shows(row.locator('.booking-time'), 'batal');
    await shows(bucket(page, 'booked'), '0');
    expect((await api.viewer('sari'))?.reputation).toBe(100);

    const again = await book(sari, live, shirt, 2);
    await sari.ask('booking:cancel', { bookingId: again.bookingId });
    const slip = page.locator(`[data-booking="${again.bookingId}"]`);
    await shows(slip.locator('.booking-viewer'), /★ 90/);
    await slip.getByRole('button', { name: /Keep lagi booking Kemeja/ }).click();
    await sari.next('booking:updated', (told) => told.booking.bookingId === again.bookingId);
    await shows(slip.locator('.booking-time'), /^1[45]:\d\d$/);
    await shows(slip.locator('.booking-viewer'), /★ 100/);
    await shows(bucket(page, 'booked'), '2');

    await book(await viewer(server, shop, 'taker'), live, shirt, 8);
    await row.getByRole('button', { name: /Keep lagi/ }).click();
    await shows(page.locator('.toast-bad'), /tinggal 0/);
    expect(complaints).toEqual([expect.stringContaining('409')]);
  });

  it('finds bookings by name and code, and shows who runs out of time first', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { live, shirt, skirt } = await startedLive(api);
    const first = await viewer(server, shop, 'first');
    const second = await viewer(server, shop, 'second');
    await book(first, live, shirt, 1);
    const { page } = await openConsole(browser, server, shop);
    const names = page.locator('.booking-row .booking-name');
    await shows(names, 'Viewer first');
    await api.settings({ booking: { bookingTimeoutMinutes: 0.05 } });
    await book(second, live, skirt, 2);
    await shows(names.first(), 'Viewer second');
    await page.getByRole('button', { name: 'Mau habis' }).click();
    await shows(names.first(), 'Viewer second');
    await second.next('booking:updated', (told) => told.booking.status === 'expired');
    await shows(names.first(), 'Viewer first');
    await page.getByRole('button', { name: 'Batal/habis' }).click();
    await shows(page.locator('.booking-list'), /habis waktu[\s\S]*Viewer second/);
    await page.getByRole('button', { name: 'Semua', exact: true }).click();
    await page.getByRole('searchbox').fill('a1');
    await shows(page.locator('.booking-state'), '1 booking');
    await shows(names, 'Viewer first');
    await page.getByRole('searchbox').fill('SECOND');
    await shows(names, 'Viewer second');
  });

  it('pins, changes price and restocks by keyboard, and viewers see it', async () => {
    const shop = newShop();
    const { live, shirt, skirt } = await startedLive(host(server, shop));
    const { page } = await openConsole(browser, server, shop);
    const watcher = await viewer(server, shop, 'watcher');
    await watcher.ask('live:join', { shopId: shop, liveId: live.liveId });
    await shows(page.locator('.selected-name'), 'A1 Kemeja Panjang / S');

    await page.keyboard.press('j');
    await shows(page.locator('.selected-name'), 'B1 Rok Plisket');
    await page.keyboard.press('p');
    await watcher.next('live:updated', (told) => told.live.pinnedItemId === skirt.itemId);
    await shows(page.locator('.item-row-current .badge'), 'Disematkan');
    await page.keyboard.press('p');
    await watcher.next('live:updated', (told) => told.live.pinnedItemId === null);
    await shows(page.locator('.item-list .next-up'), /Berikutnya\s*A1 Kemeja/);
    await page.keyboard.press(' ');
    await watcher.next('live:updated', (told) => told.live.pinnedItemId === shirt.itemId);
    // A button that was clicked has the focus, and Space means the next item all the same.
    await page.locator('.item-list .next-up').click();
    await watcher.next('live:updated', (told) => told.live.pinnedItemId === skirt.itemId);
    await shows(page.locator('.item-list .next-up'), 'Sudah barang terakhir');
    await page.getByRole('button', { name: 'Tambah stok 5' }).click();
    await shows(bucket(page, 'available'), '10');
    await page.locator('.toast').getByRole('button', { name: 'Urungkan' }).click();
    await shows(bucket(page, 'available'), '5');
    await page.keyboard.press(' ');
    await shows(page.locator('.selected-name'), 'B1 Rok Plisket');

    await page.keyboard.press('h');
    await page.keyboard.type('69.500');
    await page.keyboard.press('Enter');
    await watcher.next('item:updated', (told) => told.item.price === 69_500);
    await shows(page.locator('.selected-price'), 'Rp\u00a069.500');
    // Viewers can hear of the price before the dialog has its answer; a key would go to the dialog.
    await page.locator('.dialog').waitFor({ state: 'detached' });

    await page.keyboard.press('r');
    await page.getByRole('button', { name: '+10' }).click();
    await page.getByRole('button', { name: '+5', exact: true }).click();
    await page.getByRole('button', { name: 'Terapkan' }).click();
    await shows(bucket(page, 'available'), '20');
    await page.locator('.dialog').waitFor({ state: 'detached' });

    await page.keyboard.press('r');
    await page.keyboard.type('-21');
    await page.keyboard.press('Enter');
    await shows(page.locator('.dialog .field-error'), /tinggal 20/);
    await page.keyboard.press('Escape');
    await page.locator('.dialog').waitFor({ state: 'detached' });
    expect((await host(server, shop).item(skirt.itemId)).available).toBe(20);
  });

  it('takes no tap for an item that somebody else has just put on show', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { live, shirt, skirt } = await startedLive(api);
    const { page } = await openConsole(browser, server, shop);
    await page.locator(`[data-on-show="${shirt.itemId}"]`).waitFor();
    // In the page, for the tap must come as fast as a thumb that was on its way.
    await page.evaluate(`window.tapped = new Promise((resolve) => {
      new MutationObserver((_, observer) => {
        if (document.querySelector('[data-on-show="${skirt.itemId}"]') === null) return;
        observer.disconnect();
        document.querySelector('.action').click();
        resolve(true);
      }).observe(document.body, { subtree: true, childList: true });
    }); undefined`);
    await api.patch(`/lives/${live.liveId}`, { pinnedItemId: skirt.itemId });
    await page.evaluate('tapped');
    await shows(page.locator('.selected-name'), 'B1 Rok Plisket');
    await page.keyboard.press('r');
    await page.keyboard.type('2');
    await page.keyboard.press('Enter');
    await shows(bucket(page, 'available'), '7');
    expect((await api.item(shirt.itemId)).available).toBe(10);
  });

  it('adds an item with a photo from the camera while selling', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { live } = await startedLive(api);
    const { page, complaints } = await openConsole(browser, server, shop);
    const watcher = await viewer(server, shop, 'watcher');
    await watcher.ask('live:join', { shopId: shop, liveId: live.liveId });
    await page.locator('.selected').waitFor();
    const photo = await cameraPhoto(page);
    await page.keyboard.press('n');
    await page.keyboard.type('Gamis Anak / M');
    expect(await page.getByRole('textbox', { name: 'Kode' }).inputValue()).toBe('B2');
    await page.getByLabel('Harga (Rp)').fill('99.000');
    await page.getByLabel('Stok awal').fill('12');
    await page.getByLabel('Foto').setInputFiles(photo);
    await page.locator('.photo-preview').waitFor();
    await page.getByRole('button', { name: 'Simpan' }).click();
    const { item } = await watcher.next('item:updated', (told) => told.item.code === 'B2');
    await shows(page.locator('.selected-name'), 'B2 Gamis Anak / M');
    expect(item).toMatchObject({ price: 99_000, available: 12, sku: 'B2' });
    const kept = await fetch(server.url + item.imageUrl);
    expect(kept.headers.get('content-type')).toBe('image/webp');
    expect((await kept.arrayBuffer()).byteLength).toBeLessThanOrEqual(60 * 1_024);
    expect(photo.buffer.byteLength).toBeGreaterThan(1_000_000);

    // A code that is taken is said beside its field, and what is no picture is refused here.
    await page.keyboard.press('n');
    await page.keyboard.type('Kembar');
    await page.getByRole('textbox', { name: 'Kode' }).fill('b2');
    await page.getByLabel('Harga (Rp)').fill('1');
    await page.getByLabel('Stok awal').fill('1');
    const text = { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no picture') };
    await page.getByLabel('Foto').setInputFiles(text);
    await shows(page.locator('.dialog [role=alert]'), /tidak bisa dibaca/);
    expect(complaints).toEqual([]);
    await page.getByRole('button', { name: 'Simpan' }).click();
    await shows(page.locator('.dialog .field-error').first(), /sudah dipakai/);
  });

  it('closes an item after five seconds, unless it is undone or the page is left', async () => {
    const shop = newShop();
    const { live } = await startedLive(host(server, shop));
    const { page } = await openConsole(browser, server, shop);
    const watcher = await viewer(server, shop, 'watcher');
    await watcher.ask('live:join', { shopId: shop, liveId: live.liveId });
    await page.locator('.selected').waitFor();

    await page.keyboard.press('o');
    await shows(pendingOne(page).locator('p'), /Menutup A1/);
    await page.keyboard.press('z');
    await pendingOne(page).waitFor({ state: 'detached' });
    await page.keyboard.press('o');
    await pendingOne(page).waitFor();
    await page.reload();
    await page.locator('.selected').waitFor();

    // Had either of the two been sent after all, the news would come sooner than this third one's.
    const pressedAt = performance.now();
    await page.keyboard.press('o');
    await watcher.next('item:updated', (told) => !told.item.open);
    expect(performance.now() - pressedAt).toBeGreaterThan(UNDO_MS - TOLERANCE_MS);
    await shows(page.locator('.item-row-closed .badge'), 'Ditutup');
    await page.keyboard.press('o');
    await watcher.next('item:updated', (told) => told.item.open);
    expect(watcher.heard('item:updated')).toHaveLength(2);
  });

  it('ends the live by a button that is held, and opens it again', async () => {
    const shop = newShop();
    const { live } = await startedLive(host(server, shop));
    const { page } = await openConsole(browser, server, shop);
    const watcher = await viewer(server, shop, 'watcher');
    await watcher.ask('live:join', { shopId: shop, liveId: live.liveId });
    const end = page.getByRole('button', { name: 'Akhiri live' });
    await page.keyboard.press('s');
    await end.click();
    await shows(page.locator('.toast'), /Tahan tombolnya/);
    expect(watcher.heard('live:updated')).toEqual([]);
    await end.hover();
    await page.mouse.down();
    await watcher.next('live:updated', (told) => told.live.status === 'ended');
    await page.mouse.up();
    await shows(page.locator('.live-status'), 'Selesai');
    await page.getByRole('button', { name: 'Buka lagi' }).click();
    await page.locator('.dialog').getByRole('button', { name: 'Buka lagi' }).click();
    await watcher.next('live:updated', (told) => told.live.status === 'live');
    await shows(page.locator('.live-status'), 'Sedang live');
    // By keyboard; and by what can only click, which is asked back.
    await end.focus();
    await page.keyboard.down('Enter');
    await watcher.next('live:updated', (told) => told.live.status === 'ended');
    await page.keyboard.up('Enter');
    await page.getByRole('button', { name: 'Buka lagi' }).click();
    await page.locator('.dialog').getByRole('button', { name: 'Buka lagi' }).click();
    await end.waitFor();
    await end.evaluate('(button) => button.click()');
    await end.dispatchEvent('click');
    await page.locator('.dialog').getByRole('button', { name: 'Akhiri live' }).click();
    await shows(page.locator('.live-status'), 'Selesai');
  });

  it('is worked with a thumb on a phone', async () => {
    const shop = newShop();
    const { live, skirt, shirt } = await startedLive(host(server, shop));
    const { page } = await openConsole(browser, server, shop, { viewport: PHONE, hasTouch: true });
    const sections = page.locator('.cockpit-sections');
    const ana = await viewer(server, shop, 'ana');
    await ana.ask('live:join', { shopId: shop, liveId: live.liveId });
    await sections.getByRole('button', { name: 'Barang' }).tap();
    await page.locator(`[data-item="${skirt.itemId}"]`).tap();
    await sections.getByRole('button', { name: 'Tampil' }).tap();
    await page.getByRole('button', { name: 'Sematkan' }).tap();
    await ana.next('live:updated', (told) => told.live.pinnedItemId === skirt.itemId);
    const heights = await page
      .locator('.action')
      .evaluateAll((all) =>
        all.map((one) => (one as unknown as { offsetHeight: number }).offsetHeight),
      );
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(56);
    await book(ana, live, shirt, 2);
    await sections.getByRole('button', { name: /^Booking/ }).tap();
    await shows(page.locator('.booking-viewer').first(), /Viewer ana/);
    await order(ana, 'bank_transfer');
    await sections.getByRole('button', { name: /^Tindakan/ }).tap();
    await page.getByRole('button', { name: /Konfirmasi bayar/ }).tap();
    await page.getByRole('button', { name: 'Ya, sudah masuk' }).tap();
    await ana.next('order:updated', (told) => told.order.status === 'paid');
    expect((await host(server, shop).item(shirt.itemId)).sold).toBe(2);
    await page.getByRole('button', { name: 'Menu live' }).tap();
    await page.locator('.dialog').getByRole('button', { name: 'Akhiri live' }).hover();
    await page.mouse.down();
    await ana.next('live:updated', (told) => told.live.status === 'ended');
    await page.mouse.up();
  });

  it('keeps single keys off when they are switched off', async () => {
    const shop = newShop();
    await startedLive(host(server, shop));
    const { page } = await openConsole(browser, server, shop);
    await page.locator('.selected').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('switch', { name: 'Pintasan satu huruf' }).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('r');
    await page.keyboard.press('o');
    await page.getByRole('button', { name: 'Stok', exact: true }).press('Enter');
    await page.locator('.dialog').waitFor();
    expect(await page.locator('.dialog').count()).toBe(1);
    expect(await pendingOne(page).count()).toBe(0);
  });
});
