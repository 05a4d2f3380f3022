import { readFile } from 'node:fs/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { encode } from 'uqr';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HostOrder, Page as List } from '../../src/protocol/http.js';
import { type Host, host, newShop } from '../support/host.js';
import { buyer } from '../support/orders.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { card, listen, openLive, sees, sheet, shelf } from './viewer-page.js';

let redis: RedisServer;
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

/** As long as a name may be, and nowhere to break it. */
const LONG = 'Kemeja'.repeat(10);
const NARROW = { width: 320, height: 640 };

async function onlyOrder(api: Host): Promise<HostOrder> {
  const [order] = (await api.get<List<HostOrder>>('/orders')).items;
  if (!order) throw new Error('there is no order');
  return order;
}

describe('an order, from the tap to the parcel', () => {
  it('by transfer: account, amount and code to copy, claimed, confirmed, packed, sent with a number, invoice', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.patch('/shop', { name: 'Toko Sari' });
    await api.settings({
      order: {
        recipient: 'address',
        ppnPercent: 11,
        pricesIncludePpn: true,
        shippingFee: 12_000,
        uniqueTransferCode: true,
        paymentTerms: 'Bayar hari ini juga.\nTerima kasih.',
      },
      booking: { expiryPenaltyPerItem: 2 },
      bankAccounts: [{ bank: 'BCA', number: '0123456789', holder: 'Sari Dewi' }],
    });
    const { live } = await shelf(api, { [LONG]: { stock: 3, price: 100_000 } });
    const place = { shop, liveId: live.liveId };
    const { page, complaints } = await openLive(browser, server, place, {
      as: 'wati',
      viewport: NARROW,
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const problems: string[] = [];
    const look = async () => {
      problems.push(...(await seriousProblems(page, ['.sheet'])));
      const over =
        'Math.max(...[...document.querySelectorAll(".sheet-content, .sheet-foot, html")].map((e) => e.scrollWidth - e.clientWidth))';
      expect(await page.evaluate(over)).toBeLessThanOrEqual(0);
    };
    const open = sheet(page);
    await card(page, LONG)
      .getByRole('button', { name: `Keep ${LONG}` })
      .click();
    await page.getByRole('button', { name: /^Keranjang: \d/ }).click();
    await sees(open, 'Harga sudah termasuk PPN 11%. Ditambah saat checkout: Ongkos kirim Rp');
    await sees(open, 'Kalau waktunya habis, barangnya dilepas dan reputasimu turun 2.');
    for (const part of ['.row-cancel', '.row .countdown', '.sheet-foot .sum-line strong']) {
      const box = await open.locator(part).boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= NARROW.width, part).toBe(true);
    }
    await look();
    await open.getByRole('button', { name: 'Checkout' }).click();
    await open.getByLabel('Nama penerima').fill('Wati');
    await open.getByLabel('Nomor HP').fill('0812 3456 7890');
    await open.getByLabel('Alamat lengkap').fill('Jl. Kenanga 7');
    await open.getByRole('radio', { name: /^Transfer bank/ }).check();
    await look();
    await open.getByRole('button', { name: /^Buat pesanan · Rp\s112\.000$/ }).click();

    await sees(open, 'Sari Dewi');
    const { orderId, code, payment } = await onlyOrder(api);
    const amount = payment?.amount ?? 0;
    expect(amount).toBeGreaterThan(112_000);
    await sees(open, 'kode unik');
    await sees(open, 'Bayar hari ini juga.');
    for (const [button, text] of [
      ['Salin nomor BCA', '0123456789'],
      ['Salin jumlah', String(amount)],
      ['Salin kode pesanan', code],
    ] as const) {
      await open.getByRole('button', { name: button }).click();
      await sees(open.getByRole('button', { name: button }), 'Tersalin');
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(text);
    }
    const proof = open.getByRole('link', { name: 'Kirim bukti lewat WhatsApp' });
    const words = new URL((await proof.getAttribute('href')) ?? '').searchParams.get('text');
    expect(words).toMatch(
      new RegExp(`^Halo Toko Sari, saya Wati .*pesanan ${code} \\(${LONG} × 1\\)`),
    );
    await look();
    await open.getByRole('button', { name: 'Saya sudah transfer' }).click();
    await sees(open, 'Kamu sudah bilang transfer');
    expect((await onlyOrder(api)).payment?.claimedAt).toBeGreaterThan(0);

    // The phone dropped the page while its reader was in the bank's app.
    await page.reload();
    await sees(open, 'Kamu sudah bilang transfer');
    const heard = await listen(page);
    await api.post(`/orders/${orderId}/confirm-payment`);
    await sees(open, 'Lunas!');
    const step = open.locator('[aria-current="step"]');
    await sees(step, 'Disiapkan');
    await api.patch(`/orders/${orderId}`, { fulfilment: 'packed' });
    await sees(step, 'Dikemas');
    await api.patch(`/orders/${orderId}`, { fulfilment: 'shipped', tracking: 'JNE0042' });
    await sees(step, 'Dikirim');
    await sees(open, 'JNE0042');
    // It is all on the sheet: nothing lies over it, and a screen reader hears of it.
    expect(await heard()).toContain(`Pesanan ${code}: Dikemas.`);
    expect(await page.locator('.toast').count()).toBe(0);
    await look();

    await open.getByRole('button', { name: 'Lihat dan cetak nota' }).click();
    await sees(open, /Nota INV\.\d{4}\.000001/);
    await look();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.page').isVisible()).toBe(false);
    expect(await open.getByRole('button', { name: 'Cetak' }).isVisible()).toBe(false);
    expect(await open.locator('.invoice').isVisible()).toBe(true);
    await page.emulateMedia({ media: 'screen' });
    await open.getByRole('button', { name: `Pesanan ${code}` }).click();
    await open.getByRole('button', { name: 'Pesanan', exact: true }).click();
    await sees(open.getByRole('listitem'), /Dikirim · Nomor resi JNE0042 · Nota INV/);
    await look();
    await api.post(`/orders/${orderId}/refund`, { restock: true, requestId: 'r1' });
    await sees(open.getByRole('listitem'), 'Akan dikembalikan');
    await open.getByRole('button', { name: `Lihat pesanan ${code}` }).click();
    await sees(open, 'Penjual membatalkan pesanan yang sudah dibayar.');
    // Until it has really been sent.
    await sees(open, 'Penjual akan mengembalikan uangmu.');
    const { items: owed } = await api.get<List<{ refundId: string }>>('/refunds');
    await api.post(`/refunds/${owed[0]?.refundId}/done`, { requestId: 'r2' });
    await sees(open, 'Dana dikembalikan');
    await look();
    expect(problems).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('keeps sums, countdown and the next step in sight with text at 200 %, and in landscape', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.settings({
      order: { ppnPercent: 11, shippingFee: 12_000, serviceFee: 2_000 },
      booking: { expiryPenaltyPerItem: 2 },
    });
    const { live } = await shelf(api, { [LONG]: { stock: 3, price: 1_250_000 } });
    const place = { shop, liveId: live.liveId };
    const { page } = await openLive(browser, server, place, {
      as: 'wati',
      reducedMotion: 'reduce',
    });
    const open = sheet(page);
    const inSight = async (part: Locator) => {
      await part.waitFor();
      // A sheet comes in from 60 px below, for one frame even where the reader wants no motion.
      await page.evaluate('Promise.all(document.getAnimations().map((one) => one.finished))');
      const box = await part.boundingBox();
      const { width, height } = page.viewportSize() ?? NARROW;
      const isInside =
        box !== null &&
        box.x >= 0 &&
        box.y >= 0 &&
        box.x + box.width <= width &&
        box.y + box.height <= height;
      expect(isInside, `${part} at ${JSON.stringify(box)}`).toBe(true);
    };
    await card(page, LONG)
      .getByRole('button', { name: `Keep ${LONG}` })
      .click();
    const cart = page.getByRole('button', { name: /^Keranjang: \d/ });
    await cart.waitFor();
    await page.evaluate('document.documentElement.style.fontSize = "200%"');
    await inSight(page.locator('.cart-bar .countdown'));
    await inSight(page.locator('.cart-sum strong'));
    await cart.click();
    await inSight(open.getByRole('button', { name: 'Checkout' }));
    await inSight(open.locator('.sheet-foot strong'));
    await open.getByRole('button', { name: 'Checkout' }).click();
    await inSight(open.getByRole('button', { name: /^Buat pesanan/ }));
    await inSight(open.getByRole('timer'));
    await page.evaluate('document.documentElement.style.fontSize = ""');
    await page.setViewportSize({ width: 740, height: 360 });
    await inSight(open.getByRole('button', { name: /^Buat pesanan/ }));
    await inSight(open.getByRole('timer'));
  });

  it('by QRIS: the code as a picture, and the order first in the bar once the cart is empty', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { live } = await shelf(api, { Rok: { stock: 3 } });
    const place = { shop, liveId: live.liveId };
    const { page, complaints } = await openLive(browser, server, place, { as: 'wati' });
    const open = sheet(page);
    await card(page, 'Rok').getByRole('button', { name: 'Keep Rok' }).click();
    await page.getByRole('button', { name: /^Keranjang: \d/ }).click();
    await open.getByRole('button', { name: 'Checkout' }).click();
    await open.getByRole('button', { name: /^Buat pesanan/ }).click();
    const download = page.waitForEvent('download');
    await open.getByRole('button', { name: 'Simpan QR' }).click();
    const { code, payment } = await onlyOrder(api);
    expect((await download).suggestedFilename()).toBe(`QRIS-${code}.png`);
    const saved = await readFile(await (await download).path());
    expect(await codeIn(page, saved)).toEqual(encode(payment?.qrString ?? '', QR).data);
    await page.evaluate(`{
      navigator.canShare = ({ files }) => files.length === 1;
      navigator.share = async ({ files: [{ name, type, size }] }) => { window.shared = { name, type, size }; };
    }`);
    await open.getByRole('button', { name: 'Bagikan QR' }).click();
    const shared = { name: `QRIS-${code}.png`, type: 'image/png', size: saved.length };
    await expect.poll(() => page.evaluate('window.shared')).toEqual(shared);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: `Bayar ${code}` }).click();
    await open.getByRole('img', { name: /^Kode QRIS/ }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('stands though the gateway is away: another try, or a transfer instead', async () => {
    const away = await startServer({
      redisUrl: redis.url,
      PAYMENTS: 'midtrans',
      MIDTRANS_SERVER_KEY: 'a-key-that-nobody-asks-for',
      MIDTRANS_BASE_URL: 'http://127.0.0.1:9',
    });
    const shop = newShop();
    const { live } = await shelf(host(away, shop), { Rok: { stock: 3 } });
    const place = { shop, liveId: live.liveId };
    const { page } = await openLive(browser, away, place, { as: 'wati' });
    const open = sheet(page);
    await card(page, 'Rok').getByRole('button', { name: 'Keep Rok' }).click();
    await page.getByRole('button', { name: /^Keranjang: \d/ }).click();
    await open.getByRole('button', { name: 'Checkout' }).click();
    await open.getByRole('button', { name: /^Buat pesanan/ }).click();
    await sees(open, 'Kode QR belum bisa dibuat.');
    await open.getByRole('button', { name: 'Buat kode QR baru' }).click();
    await sees(open, 'Layanan pembayaran sedang tidak menjawab.');
    await open.getByRole('button', { name: 'Bayar dengan transfer bank saja' }).click();
    await sees(open, 'Jumlah yang ditransfer');
  });

  it('older than the newest 20 is read when asked for, and follows what becomes of it', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { live, items } = await shelf(api, { Rok: { stock: 30 } });
    const { liveId } = live;
    const stage = { live, liveId, items, itemId: items[0]?.itemId ?? '' };
    const wati = await buyer(server, shop, stage, 'wati');
    const oldest = await wati.buy();
    for (let i = 0; i < 21; i++) await wati.buy();
    await api.post(`/orders/${oldest.orderId}/confirm-payment`);
    const { page, complaints } = await openLive(browser, server, { shop, liveId }, { as: 'wati' });
    const open = sheet(page);
    await page.getByRole('button', { name: /^Pesanan/ }).click();
    const rows = open.getByRole('listitem');
    await rows.nth(19).waitFor();
    expect(await rows.count()).toBe(20);
    await open.getByRole('button', { name: 'Lihat pesanan yang lebih lama' }).click();
    await rows.nth(21).waitFor();
    expect(await rows.count()).toBe(22);
    expect(await open.getByRole('button', { name: /lebih lama/ }).count()).toBe(0);
    await open.getByRole('button', { name: `Lihat pesanan ${oldest.code}` }).click();
    await sees(open, 'Lunas!');
    await api.patch(`/orders/${oldest.orderId}`, { fulfilment: 'shipped', tracking: 'JNE123' });
    await sees(open, 'JNE123');
    expect(complaints).toEqual([]);
  });

  it('is followed by a second tab that stood at the same checkout', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { live } = await shelf(api, { Rok: { stock: 3 } });
    const place = { shop, liveId: live.liveId };
    const { page } = await openLive(browser, server, place, { as: 'wati' });
    await card(page, 'Rok').getByRole('button', { name: 'Keep Rok' }).click();
    await page.getByRole('button', { name: /^Keranjang: \d/ }).click();
    await sheet(page).getByRole('button', { name: 'Checkout' }).click();
    const second = await page.context().newPage();
    await second.goto(page.url());
    await second.getByRole('button', { name: /^Keranjang: \d.*Lanjutkan checkout/ }).click();
    await sees(sheet(second), 'Selesaikan dalam');
    await sheet(page)
      .getByRole('button', { name: /^Buat pesanan/ })
      .click();
    await sheet(second)
      .getByRole('img', { name: /^Kode QRIS/ })
      .waitFor();
    await second.getByRole('button', { name: 'Tutup', exact: true }).click();
    await second.getByRole('button', { name: /^Akun/ }).click();
    await sheet(second).getByRole('button', { name: 'Keluar' }).click();
    await sheet(page).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Masuk untuk keep' }).waitFor();
  });
});

const QR = { ecc: 'M', border: 0 } as const;

/** The dark modules of the code in a picture, whatever is written below it. */
async function codeIn(page: Page, png: Buffer): Promise<boolean[][]> {
  return (await page.evaluate(`(async () => {
    const bytes = Uint8Array.from(atob('${png.toString('base64')}'), (one) => one.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const pen = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    pen.drawImage(picture, 0, 0);
    const { data, width, height } = pen.getImageData(0, 0, picture.width, picture.height);
    const isDark = (x, y) => data[(y * width + x) * 4] < 128;
    const all = (n) => Array.from({ length: n }, (_, i) => i);
    const top = all(height).find((y) => all(width).some((x) => isDark(x, y)));
    const row = all(width).filter((x) => isDark(x, top));
    const [left, right] = [row[0], row.at(-1) + 1];
    // The corner's frame is seven modules wide.
    const module = all(width).find((x) => !isDark(left + x, top)) / 7;
    const middles = all(Math.round((right - left) / module)).map((n) => Math.floor((n + 0.5) * module));
    return middles.map((y) => middles.map((x) => isDark(left + x, top + y)));
  })()`)) as boolean[][];
}
