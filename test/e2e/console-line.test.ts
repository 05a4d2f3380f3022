import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ViewerClient, viewer } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { until } from '../support/until.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { bucket, openConsole, shows } from './console-page.js';
import { book, startedLive } from './console-stage.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

describe('who got the item, and who waits for it', () => {
  it('stand in order, with the called ones ticked for good', async () => {
    const shop = newShop();
    const { live, shirt } = await startedLive(host(server, shop), { shirt: 2, skirt: 1 });
    const ani = await viewer(server, shop, 'ani');
    const { bookingId } = await book(ani, live, shirt, 1);
    await book(await viewer(server, shop, 'budi'), live, shirt, 1);
    const wait = async (id: string, quantity: number): Promise<ViewerClient> => {
      const waiter = await viewer(server, shop, id);
      const request = { liveId: live.liveId, itemId: shirt.itemId, quantity, requestId: id };
      await waiter.ask('waitlist:join', request);
      return waiter;
    };
    await wait('citra', 1);
    const { page } = await openConsole(browser, server, shop);
    const winners = page.locator('[data-winner] .winner-name');
    const line = page.locator('.waiting-row .winner-name');
    await shows(winners.first(), 'Viewer ani');
    await shows(winners.last(), 'Viewer budi');
    await shows(line, 'Viewer citra');
    await wait('dewi', 2);
    await shows(line.nth(1), 'Viewer dewi');
    await shows(page.locator('.waiting-row').nth(1), /2\.[\s\S]*Viewer dewi[\s\S]*★ 100[\s\S]*2×/);
    await shows(bucket(page, 'waiting'), '2');
    await shows(page.locator('.item-waiting'), '2 antre');

    // By keyboard: Space is the focused tick's, and shows no next item.
    await page.locator('.selected .action').last().focus();
    const tick = page.getByLabel('Viewer ani sudah dipanggil');
    for (let presses = 0; presses < 8; presses += 1) {
      await page.keyboard.press('Tab');
      if (await tick.evaluate((one) => one === one.ownerDocument.activeElement)) break;
    }
    await page.keyboard.press(' ');
    expect(await tick.isChecked()).toBe(true);
    await shows(page.locator('.selected-name'), 'A1 Kemeja Panjang / S');
    await shows(page.locator('[data-uncalled]'), '1 belum dipanggil');
    await ani.ask('booking:cancel', { bookingId });
    await shows(winners.last(), 'Viewer citra');
    await shows(line, 'Viewer dewi');
    await shows(page.locator(`[data-winner="${bookingId}"]`), /Viewer ani[\s\S]*batal/);
    await page.getByRole('button', { name: 'Tambah stok 1' }).click();
    await shows(page.locator('.toast'), /Yang mengantre A1 dapat dulu: masih antre 1, tersedia 1/);
    await page.reload();
    await shows(winners.last(), 'Viewer citra');
    await shows(page.locator('[data-uncalled]'), '2 belum dipanggil');
    expect(await page.getByLabel('Viewer ani sudah dipanggil').isChecked()).toBe(true);
    expect(await page.getByLabel('Viewer budi sudah dipanggil').isChecked()).toBe(false);
  });
});

describe('a long list of who got it', () => {
  it('keeps the next to call in sight', async () => {
    const shop = newShop();
    const { live, shirt } = await startedLive(host(server, shop), { shirt: 40, skirt: 1 });
    const crowd = await Promise.all(
      Array.from({ length: 20 }, (_, n) => viewer(server, shop, `v${n}`)),
    );
    for (const who of crowd) await book(who, live, shirt, 1);
    const { page } = await openConsole(browser, server, shop);
    const row = (nth: number) => page.locator('.winner-list .winner').nth(nth);
    const list = page.locator('.winners .panel-list');
    /** How many rows stand above one in the part of the list that is in sight. */
    const rowsAbove = async (nth: number) => {
      const [at, top] = [await row(nth).boundingBox(), await list.boundingBox()];
      return at && top ? Math.round((at.y - top.y) / at.height) : undefined;
    };
    await row(19).waitFor();
    expect(await rowsAbove(0)).toBe(0);
    for (let nth = 0; nth < 8; nth += 1) await row(nth).getByRole('checkbox').check();
    await page.mouse.move(5, 5);
    await until('the list has moved on', async () => (await rowsAbove(8)) === 2);
    await page.reload();
    await until('it is where it was', async () => (await rowsAbove(8)) === 2);
  });
});

describe('booking for somebody', () => {
  it('takes a code and a name, and gives the link that opens their cart', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { skirt } = await startedLive(api, { shirt: 2, skirt: 3 });
    const { page } = await openConsole(browser, server, shop, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.locator('.selected').waitFor();
    await page.keyboard.press('b');
    await page.keyboard.press('Enter');
    await shows(page.locator('.dialog .field-error'), /Isi nama/);
    await page.keyboard.type('Bu Rina');
    expect(await page.getByLabel('Kode barang').inputValue()).toBe('A1');
    await page.getByLabel('Kode barang').fill('Z9');
    await page.getByLabel('Akun').fill('@rina.store');
    await page.keyboard.press('Enter');
    await shows(page.locator('.dialog .field-error'), /Tidak ada barang/);
    await page.getByLabel('Kode barang').fill('b1');
    await page.getByLabel('Jumlah').fill('4');
    await page.keyboard.press('Enter');
    await shows(page.locator('.dialog [role=alert]'), /tinggal 3/);
    await page.getByLabel('Jumlah').fill('2');
    await page.keyboard.press('Enter');
    await shows(
      page.locator('.dialog [role=status]').first(),
      /^2 × B1 Rok Plisket untuk Bu Rina, urutan 1/,
    );
    await page.locator('.dialog svg.qr[role=img]').waitFor();
    const share = await page
      .getByRole('link', { name: 'Kirim lewat WhatsApp' })
      .getAttribute('href');
    const url = await page.getByRole('textbox', { name: 'Tautan untuk Bu Rina' }).inputValue();
    expect(new URL(share ?? '').searchParams.get('text')).toContain(url);
    await page.getByRole('button', { name: 'Salin' }).click();
    await shows(page.getByRole('button', { name: 'Tautan disalin' }), /disalin/);
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(url);
    await page.getByRole('button', { name: 'Selesai' }).click();
    await shows(page.locator('.booking-row .booking-name'), 'Bu Rina');
    expect(await api.item(skirt.itemId)).toMatchObject({ booked: 2 });

    // The link signs Rina in on her own phone.
    const phone = await browser.newContext();
    const herPage = await phone.newPage();
    await herPage.goto(url);
    await herPage.getByText('Rok Plisket').first().waitFor();
    await shows(herPage.locator('body'), /2 ×|2×|2 pcs/);
    await phone.close();
  });
});

describe('comments from where the live is shown', () => {
  it('stand in the cockpit with what was booked for them, and lead to a booking by hand', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { live, shirt } = await startedLive(api, { shirt: 3, skirt: 1 });
    const { page } = await openConsole(browser, server, shop);
    await shows(bucket(page, 'available'), '3');
    const tabs = page.locator('.side-tabs');
    expect(await tabs.getByRole('button', { name: 'Komentar' }).count()).toBe(0);
    const comment = (commentId: string, authorName: string, text: string) => {
      const authorId = authorName.toLowerCase();
      const where = { liveId: live.liveId, source: 'tiktok', commentId };
      return api.post('/comments', { ...where, authorId, authorName, text });
    };
    await comment('1', 'Rini', 'keep A1 2 kak 🙏');
    await tabs.getByRole('button', { name: 'Komentar' }).click();
    const row = (id: string) => page.locator(`[data-comment="${id}"]`);
    await shows(row('1').locator('.comment-text'), 'keep A1 2 kak 🙏');
    await shows(row('1').locator('.badge'), 'A1 2× di-keep');
    await shows(bucket(page, 'booked'), '2');
    await comment('2', 'Tuti', 'mau A1 3pcs');
    await comment('2', 'Tuti', 'mau A1 3pcs');
    await shows(row('2').locator('.badge'), /^A1 (3× antre|ditolak)$/);
    expect(await row('2').count()).toBe(1);
    await comment('3', 'Wulan', 'A1 ready kak?');
    await shows(row('3').locator('.badge'), 'A1 tidak booking');

    await row('3').getByRole('button', { name: 'Booking untuk Wulan' }).click();
    expect(await page.getByRole('textbox', { name: 'Nama' }).inputValue()).toBe('Wulan');
    expect(await page.getByLabel('Akun').inputValue()).toBe('wulan');
    await page.getByRole('button', { name: 'Booking', exact: true }).last().click();
    await shows(page.locator('.dialog [role=status]').first(), /^1 × A1 .* untuk Wulan/);
    await page.getByRole('button', { name: 'Selesai' }).click();
    expect(await api.item(shirt.itemId)).toMatchObject({ booked: 3 });
    expect(await seriousProblems(page)).toEqual([]);
  });
});
