import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Page as ListPage } from '../../src/protocol/http.js';
import type { Order } from '../../src/protocol/order.js';
import { untilArchived } from '../archive/compare.js';
import { anyDatabase } from '../archive/databases.js';
import { viewer } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { bucket, openConsole, show, shows, total } from './console-page.js';
import { book, order, startedLive } from './console-stage.js';

let redis: RedisServer;
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const [url, started] = await Promise.all([anyDatabase(), startRedis()]);
  redis = started;
  server = await startServer({ redisUrl: redis.url, DATABASE_URL: url });
  browser = await launchBrowser();
});

/** What wants the seller, beside the bookings. */
const toDo = (page: Page) =>
  page
    .locator('.side-tabs')
    .getByRole('button', { name: /^Tindakan/ })
    .click();

describe('money in the console', () => {
  it('confirms a bank transfer, and the goods are sold', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.settings({ order: { ppnPercent: 11 }, booking: { paidRewardPerItem: 0 } });
    const { live, shirt } = await startedLive(api);
    const { page, complaints } = await openConsole(browser, server, shop);
    const budi = await viewer(server, shop, 'budi');
    await book(budi, live, shirt, 2);
    const placed = await order(budi, 'bank_transfer');
    await shows(bucket(page, 'allocated'), '2');
    await toDo(page);
    const row = page.locator(`.todo [data-order="${placed.orderId}"]`);
    await shows(row.locator('.todo-money'), 'Rp\u00a0188.700');

    await row.getByRole('button', { name: 'Konfirmasi bayar Viewer budi' }).click();
    await shows(page.locator('.big-money'), 'Rp\u00a0188.700');
    await page.getByRole('button', { name: 'Ya, sudah masuk' }).click();
    await budi.next('order:updated', (told) => told.order.status === 'paid');
    await row.waitFor({ state: 'detached' });
    await shows(bucket(page, 'sold'), '2');
    await untilArchived(redis, shop);
    await show(page, `lives/${live.liveId}?view=report`);
    await shows(total(page, 'paid'), 'Rp\u00a0188.700');
    await shows(page.locator('.chart-legend'), /Di-book 2\s*Lepas 0\s*Dibayar 2$/);
    await shows(page.locator('tbody tr'), /^A1 Kemeja Panjang \/ S\s+2\s+0\s+2\s+Rp\u00a0170.000$/);
    await shows(page.locator('[data-fact="buyers"]'), '1');
    await shows(page.locator('[data-fact="time"]'), 'separuh dalam 1 mnt, 9 dari 10 dalam 1 mnt');
    await show(page, 'lives?view=periods');
    await shows(
      page.locator('[data-period]'),
      /^\d{4}-\d\d-\d\d\s+1\s+Rp\u00a0188.700\s+Rp\u00a00\s+2\s+0\s+0$/,
    );
    await page.locator('.uplot canvas').waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('asks for the very amount that was to be transferred, and warns when another expects the same', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.settings({ order: { uniqueTransferCode: true } });
    const { live, shirt } = await startedLive(api);
    const buy = async (name: string) => {
      const buyer = await viewer(server, shop, name);
      await book(buyer, live, shirt, 1);
      return order(buyer, 'bank_transfer');
    };
    const unique = await buy('ani');
    await api.settings({ order: { uniqueTransferCode: false } });
    const [one, other] = [await buy('budi'), await buy('citra')];
    const { page } = await openConsole(browser, server, shop);
    await toDo(page);
    const ask = (name: string) =>
      page.getByRole('button', { name: `Konfirmasi bayar Viewer ${name}` }).click();
    await ask('ani');
    const amount = unique.payment?.amount ?? 0;
    await shows(page.locator('.big-money'), `Rp\u00a0${amount.toLocaleString('id-ID')}`);
    const dialog = page.locator('.dialog');
    await shows(dialog, new RegExp(`sudah termasuk kode unik Rp\\s${amount - unique.total}$`, 'm'));
    expect(await dialog.locator('.alarm').count()).toBe(0);
    await page.getByRole('button', { name: 'Belum', exact: true }).click();
    await ask('budi');
    await shows(dialog.locator('.alarm'), new RegExp(`^Jumlahnya sama dengan ${other.code}\\.`));
    await page.getByRole('button', { name: 'Ya, sudah masuk' }).click();
    await dialog.waitFor({ state: 'detached' });
    await ask('citra');
    await shows(page.locator('.big-money'), /85.000/);
    expect(await dialog.locator('.alarm').count()).toBe(0);
    expect((await api.get<{ order: Order }>(`/orders/${one.orderId}`)).order.status).toBe('paid');
  });

  it('finds transfers by amount in the cockpit, confirms several, and keeps their places meanwhile', async () => {
    const shop = newShop();
    const { live, shirt, skirt } = await startedLive(host(server, shop));
    const { page } = await openConsole(browser, server, shop);
    await toDo(page);
    const amounts: [string, typeof shirt, number][] = [
      ['ani', shirt, 1],
      ['budi', skirt, 1],
      ['citra', shirt, 2],
    ];
    for (const [name, item, quantity] of amounts) {
      const buyer = await viewer(server, shop, name);
      await book(buyer, live, item, quantity);
      await order(buyer, 'bank_transfer');
    }
    const rows = page.locator('.todo-row');
    await shows(page.locator('#todo-title .count'), '3');
    await rows.nth(2).waitFor();
    await page.locator('.todo').getByRole('searchbox').fill('170.000');
    await shows(rows, /Viewer citra/);
    await rows.getByRole('checkbox').check();
    await page.locator('.todo').getByRole('searchbox').fill('');
    await rows.filter({ hasText: 'Viewer ani' }).getByRole('checkbox').check();
    await shows(page.locator('.todo-foot p'), /^2 dipilih, Rp\u00a0255.000/);
    await page.getByRole('button', { name: 'Konfirmasi 2 transfer' }).click();
    await page.getByRole('button', { name: 'Ya, sudah masuk semua' }).click();
    await shows(page.locator('.dialog'), /2 pesanan lunas/);
    await page.getByRole('button', { name: 'Selesai' }).click();
    await page.mouse.move(5, 5);
    await shows(rows, /Viewer budi/);
    expect(await rows.count()).toBe(1);

    // Somebody else confirms it while the pointer is on it: it stays where it was.
    await rows.first().hover();
    const api = host(server, shop);
    const { items } = await api.get<ListPage<Order>>('/orders?status=awaiting_payment');
    await api.post(`/orders/${items[0]?.orderId}/confirm-payment`);
    await shows(rows.first(), /Viewer budi[\s\S]*beres/);
    await page.mouse.move(5, 5);
    await rows.first().waitFor({ state: 'detached' });
  });

  it('shows money that came too late in red', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.settings({ order: { onlineCheckoutAutoExpireMinutes: 0.01 } });
    const { live, shirt } = await startedLive(api, { shirt: 1, skirt: 1 });
    const slow = await viewer(server, shop, 'slow');
    await book(slow, live, shirt, 1);
    const late = await order(slow, 'bank_transfer');
    await slow.next('order:updated', (told) => told.order.status === 'expired');
    await book(await viewer(server, shop, 'quick'), live, shirt, 1);

    const { page } = await openConsole(browser, server, shop, { at: 'orders?status=expired' });
    await page.locator(`.order-line[data-order="${late.orderId}"]`).getByRole('button').click();
    await page.getByRole('button', { name: 'Uang masuk terlambat' }).click();
    await page.getByRole('button', { name: 'Ya, sudah masuk' }).click();
    await slow.next('order:updated', (told) => told.order.status === 'needs_refund');
    await shows(page.locator('.dialog .badge-bad'), 'Perlu dikembalikan');
    await page.keyboard.press('Escape');
    await show(page, 'cockpit');
    await toDo(page);
    const row = page.locator(`.todo-refund[data-order="${late.orderId}"]`);
    await shows(row.locator('.todo-why'), 'Perlu dikembalikan');
    await shows(page.locator('.nav-alarm'), '1');
  });

  it('lists orders by status as they change, cancels without a penalty, and gives a table of them', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.settings({ booking: { cancelPenaltyPerItem: 10 } });
    const { live, shirt } = await startedLive(api);
    const { page } = await openConsole(browser, server, shop, {
      at: 'orders?status=awaiting_payment',
    });
    await shows(page.locator('.list-foot'), 'Tidak ada pesanan seperti itu.');
    const dewi = await viewer(server, shop, 'dewi');
    await book(dewi, live, shirt, 1);
    const placed = await order(dewi, 'qris');
    const line = page.locator(`.order-line[data-order="${placed.orderId}"]`);
    await shows(line.locator('.line-name'), /Viewer dewi[\s\S]*Menunggu bayar/);

    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Unduh CSV' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('pesanan.csv');
    expect(await readFile(await download.path(), 'utf8')).toContain(placed.orderId);

    await line.getByRole('button').click();
    await page.getByRole('button', { name: 'Batalkan pesanan' }).click();
    await page.getByRole('button', { name: 'Ya, batalkan' }).click();
    await dewi.next('order:updated', (told) => told.order.status === 'cancelled');
    await line.waitFor({ state: 'detached' });
    expect((await api.viewer('dewi'))?.reputation).toBe(100);
    expect((await api.item(shirt.itemId)).available).toBe(10);
  });
});
