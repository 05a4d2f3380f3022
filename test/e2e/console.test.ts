import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { viewer } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { launchBrowser } from './browser.js';
import { bucket, openConsole, PHONE, shows, total } from './console-page.js';
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

describe('the cockpit', () => {
  it('starts a live by a key and follows bookings as they come, lapse and are cancelled', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { live, shirt } = await scheduledLive(api);
    const { page, complaints } = await openConsole(browser, server, shop);
    await shows(page.locator('.live-status'), 'Terjadwal');
    await page.keyboard.press('s');
    await shows(page.locator('.live-status'), 'Sedang live');

    const sari = await viewer(server, shop, 'sari');
    await sari.ask('live:join', { shopId: shop, liveId: live.liveId });
    await shows(total(page, 'audience'), '1');
    const booking = await book(sari, live, shirt, 3);
    await shows(total(page, 'available'), '12');
    await shows(total(page, 'booked'), '3');
    await shows(bucket(page, 'available'), '7');

    const row = page.locator(`[data-booking="${booking.bookingId}"]`);
    await shows(row.locator('.booking-viewer'), /Viewer sari[\s\S]*★ 100/);
    await shows(row.locator('.booking-time'), /^1[45]:\d\d$/);
    await row.getByRole('button', { name: /Batalkan booking/ }).click();
    await page.getByRole('button', { name: 'Batalkan', exact: true }).click();
    await sari.next('booking:updated', (told) => told.booking.status === 'cancelled');
    await row.waitFor({ state: 'detached' });
    await shows(total(page, 'booked'), '0');
    expect((await api.viewer('sari'))?.reputation).toBe(100);

    await page.getByRole('button', { name: 'Terbaru' }).click();
    await shows(page.locator('.feed-row .badge').last(), 'booking');
    await shows(page.locator('.feed-row').first(), /batal$/);
    await shows(page.locator('.chart-legend'), /Di-book 3\s*Lepas 3\s*Dibayar 0/);
    expect(complaints).toEqual([]);
  });

  it('sorts who runs out of time first, and shows what lapses', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { live, shirt, skirt } = await startedLive(api);
    const first = await viewer(server, shop, 'first');
    const second = await viewer(server, shop, 'second');
    await book(first, live, shirt, 1);
    await api.settings({ booking: { bookingTimeoutMinutes: 0.05 } });
    const { page } = await openConsole(browser, server, shop);
    await book(second, live, skirt, 2);
    await shows(page.locator('.booking-row .booking-viewer').first(), /Viewer second/);
    await shows(total(page, 'booked'), '3');
    await second.next('booking:updated', (told) => told.booking.status === 'expired');
    await shows(total(page, 'booked'), '1');
    await shows(page.locator('.booking-row .booking-viewer').first(), /Viewer first/);
  });

  it('pins, changes price and restocks by keyboard, and viewers see it', async () => {
    const shop = newShop();
    const { live, skirt } = await startedLive(host(server, shop));
    const { page } = await openConsole(browser, server, shop);
    const watcher = await viewer(server, shop, 'watcher');
    await watcher.ask('live:join', { shopId: shop, liveId: live.liveId });
    await shows(page.locator('.selected-name'), 'A1 Kemeja Panjang / S');

    await page.keyboard.press('j');
    await shows(page.locator('.selected-name'), 'B1 Rok Plisket');
    await page.keyboard.press('p');
    await watcher.next('live:updated', (told) => told.live.pinnedItemId === skirt.itemId);
    await shows(page.locator('.item-row-current .badge'), 'Disematkan');

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

  it('closes an item after five seconds, unless it is undone or the page is left', async () => {
    const shop = newShop();
    const { live } = await startedLive(host(server, shop));
    const { page } = await openConsole(browser, server, shop);
    const watcher = await viewer(server, shop, 'watcher');
    await watcher.ask('live:join', { shopId: shop, liveId: live.liveId });
    await page.locator('.selected').waitFor();

    await page.keyboard.press('o');
    await shows(pendingOne(page).locator('p'), /Menutup Kemeja Panjang \/ S/);
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

  it('ends the live after five seconds, unless it is undone', async () => {
    const shop = newShop();
    const { live } = await startedLive(host(server, shop));
    const { page } = await openConsole(browser, server, shop);
    const watcher = await viewer(server, shop, 'watcher');
    await watcher.ask('live:join', { shopId: shop, liveId: live.liveId });
    await page.getByRole('button', { name: 'Akhiri live' }).click();
    await pendingOne(page).getByRole('button', { name: 'Urungkan' }).click();
    await pendingOne(page).waitFor({ state: 'detached' });
    const pressedAt = performance.now();
    await page.keyboard.press('s');
    await watcher.next('live:updated', (told) => told.live.status === 'ended');
    expect(performance.now() - pressedAt).toBeGreaterThan(UNDO_MS - TOLERANCE_MS);
    await shows(page.locator('.live-status'), 'Selesai');
  });

  it('is worked with a thumb on a phone', async () => {
    const shop = newShop();
    const { live, skirt, shirt } = await startedLive(host(server, shop));
    const { page } = await openConsole(browser, server, shop, { viewport: PHONE, hasTouch: true });
    const ana = await viewer(server, shop, 'ana');
    await ana.ask('live:join', { shopId: shop, liveId: live.liveId });
    await page.locator(`[data-item="${skirt.itemId}"]`).tap();
    await page.getByRole('button', { name: 'Sematkan' }).tap();
    await ana.next('live:updated', (told) => told.live.pinnedItemId === skirt.itemId);
    await book(ana, live, shirt, 2);
    await page.getByRole('button', { name: /^Booking/ }).tap();
    await shows(page.locator('.booking-viewer').first(), /Viewer ana/);
    await order(ana, 'bank_transfer');
    await page.getByRole('button', { name: /^Tindakan/ }).tap();
    await page.getByRole('button', { name: /Konfirmasi bayar/ }).tap();
    await page.getByRole('button', { name: 'Ya, sudah masuk' }).tap();
    await ana.next('order:updated', (told) => told.order.status === 'paid');
    await shows(total(page, 'sold'), '2');
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
    await page.getByRole('button', { name: 'Stok' }).press('Enter');
    await page.locator('.dialog').waitFor();
    expect(await page.locator('.dialog').count()).toBe(1);
    expect(await pendingOne(page).count()).toBe(0);
  });
});
