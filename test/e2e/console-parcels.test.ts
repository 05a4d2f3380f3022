import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '../../src/protocol/order.js';
import { viewer } from '../support/client.js';
import { type Host, host, newShop } from '../support/host.js';
import { refundsOf } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { openConsole, show, shows } from './console-page.js';
import { book, type ConsoleStage, startedLive } from './console-stage.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
  browser = await launchBrowser();
});

const RECIPIENT = {
  name: 'Siti Aminah',
  phone: '0812-3456-7890',
  address: 'Jl. Melati 5\nRT 02/RW 03',
  district: 'Coblong',
  city: 'Bandung',
  postalCode: '40132',
  note: 'Pagar biru',
};

/** An order by transfer, with a recipient and a note. */
async function placed(
  api: Host,
  stage: ConsoleStage,
  who: string,
  quantity = 1,
  delivery: 'ship' | 'pickup' = 'ship',
): Promise<Order> {
  const one = await viewer(server, api.shop, who);
  await book(one, stage.live, stage.shirt, quantity);
  const { checkout } = await one.ask('checkout:start', {});
  const { order } = await one.ask('order:place', {
    checkoutId: checkout.checkoutId,
    paymentMethod: 'bank_transfer',
    requestId: randomUUID(),
    delivery,
    recipient: RECIPIENT,
    note: 'Tolong bungkus kado',
  });
  return order;
}

async function paid(api: Host, stage: ConsoleStage, who: string, quantity = 1): Promise<Order> {
  const order = await placed(api, stage, who, quantity);
  await api.post(`/orders/${order.orderId}/confirm-payment`);
  return order;
}

/** Opens an order from the list. */
async function look(page: Page, order: Order): Promise<void> {
  await page.getByRole('button', { name: `Rincian pesanan ${order.code}` }).click();
}

/** Sizes of the pages as they would come out of the printer, in points. */
async function paper(page: Page): Promise<string[]> {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  return [...pdf.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]/g)].map(
    ([, width, height]) => `${Math.round(Number(width))}×${Math.round(Number(height))}`,
  );
}

const [A4, A6] = ['595×842', '298×420'];

describe('from transfer to parcel', () => {
  it('is one walk: claimed, confirmed, packed, label printed, shipped with a number, done', async () => {
    const api = host(server, newShop());
    await api.settings({
      order: { uniqueTransferCode: true },
      bankAccounts: [{ bank: 'BCA', number: '1234567890', holder: 'Toko Kita' }],
    });
    await api.patch('/shop', { name: 'Toko Kita' });
    const stage = await startedLive(api);
    const order = await placed(api, stage, 'siti');
    const siti = await viewer(server, api.shop, 'siti');
    const { page, complaints } = await openConsole(browser, server, api.shop, {
      at: 'orders?status=transfer',
    });
    await look(page, order);
    const dialog = page.locator('.dialog');
    await shows(dialog.locator('.address'), 'Jl. Melati 5\nRT 02/RW 03\nCoblong, Bandung 40132');
    const chat = await dialog.getByRole('link', { name: /WhatsApp/ }).getAttribute('href');
    const text = decodeURIComponent(chat ?? '');
    const amount = `Rp\u00a0${order.payment?.amount.toLocaleString('id-ID')}`;
    expect(text).toContain('https://wa.me/6281234567890?text=');
    for (const part of [order.code, amount, 'Toko Kita', 'BCA 1234567890', 'WIB']) {
      expect(text).toContain(part);
    }
    await siti.ask('order:transferred', { orderId: order.orderId });
    await shows(dialog.locator('.transfer-claimed'), /Bilang sudah transfer/);
    expect(await seriousProblems(page)).toEqual([]);

    await page.getByRole('button', { name: 'Konfirmasi bayar' }).click();
    await page.getByRole('button', { name: 'Ya, sudah masuk' }).click();
    await siti.next('order:updated', (told) => told.order.status === 'paid');
    await dialog.getByRole('button', { name: 'Dikemas', exact: true }).click();
    await siti.next('order:updated', (told) => told.order.fulfilment === 'packed');
    await dialog.getByLabel('Cetak').selectOption('label');
    await shows(page.locator('.label-address'), /Coblong, Bandung 40132/);
    await shows(page.locator('.label-codes'), order.code);
    await shows(page.locator('.label footer'), /Toko Kita/);
    expect(await paper(page)).toEqual([A6]);

    await page.getByRole('button', { name: 'Kembali' }).click();
    await show(page, 'orders');
    await look(page, order);
    await dialog.getByLabel('Nomor resi').fill('JNE 001');
    await dialog.getByLabel('Catatan toko').fill('Kado, pita merah');
    await dialog.getByRole('button', { name: 'Dikirim', exact: true }).click();
    const shipped = await siti.next('order:updated', (told) => told.order.fulfilment === 'shipped');
    expect(shipped.order.tracking).toBe('JNE 001');
    const sent = await dialog.getByRole('link', { name: /WhatsApp/ }).getAttribute('href');
    expect(decodeURIComponent(sent ?? '')).toContain('JNE 001');
    expect(await seriousProblems(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Selesai' }).click();
    await siti.next('order:updated', (told) => told.order.fulfilment === 'done');
    await page.keyboard.press('Escape');
    await look(page, order);
    expect(await dialog.getByLabel('Catatan toko').inputValue()).toBe('Kado, pita merah');
    expect(complaints).toEqual([]);
  });
});

describe('what is printed', () => {
  it('is an invoice with PPN, a packing slip and a label a buyer, and a picking list by item', async () => {
    const api = host(server, newShop());
    await api.settings({
      order: { ppnPercent: 12, ppnBase: '11/12', shippingFee: 10_000, uniqueTransferCode: true },
    });
    await api.patch('/shop', { name: 'Toko Kita' });
    const stage = await startedLive(api);
    const one = await paid(api, stage, 'siti', 2);
    const two = await paid(api, stage, 'siti', 1);
    const other = await paid(api, stage, 'budi', 1);
    const unpaid = await placed(api, stage, 'rina', 1);
    const { page, complaints } = await openConsole(browser, server, api.shop, { at: 'orders' });
    await page.locator('.order-line').nth(3).waitFor();
    await page.getByRole('button', { name: 'Pilih semua (maksimal 200)' }).click();
    const due = [one, two, other, unpaid].reduce(
      (sum, { payment }) => sum + (payment?.amount ?? 0),
      0,
    );
    const chosen = `4 dipilih, Rp\u00a0${due.toLocaleString('id-ID')}`;
    await shows(page.locator('.choice-bar p'), chosen);
    await page.locator('.choice-bar').getByLabel('Cetak').selectOption('invoice');

    await shows(page.locator('.print-note'), '1 pesanan belum lunas, jadi belum punya invoice.');
    expect(await page.locator('.invoice').count()).toBe(2);
    const budis = page.locator('.invoice', { hasText: other.code });
    await shows(
      budis.locator('tfoot'),
      /Subtotal\s+Rp\s85\.000\s+Dasar pengenaan PPN\s+Rp\s77\.917\s+PPN 12%\s+Rp\s9\.350\s+Ongkos kirim\s+Rp\s10\.000\s+Total\s+Rp\s104\.350/,
    );
    await shows(budis.locator('.sheet-facts'), /INV\.\d{4}\.000003[\s\S]*WIB/);
    const sitis = page.locator('.invoice', { hasText: one.code });
    await shows(sitis.locator('.sheet-grand'), /Total 2 pesanan\s+Rp\s303\.050/);
    expect(await paper(page)).toEqual([A4, A4]);
    expect(await seriousProblems(page)).toEqual([]);

    // Who has printed them marks them as packed.
    await page.getByRole('button', { name: 'Kembali' }).click();
    await shows(page.locator('.choice-bar p'), chosen);

    const ids = [one, two, other, unpaid].map((order) => order.orderId).join(',');
    await show(page, `print/slip?ids=${ids}`);
    await page.locator('.slip').nth(2).waitFor();
    const slip = page.locator('.slip', { hasText: one.code });
    await shows(slip, new RegExp(`${two.code}[\\s\\S]*Tolong bungkus kado`));
    await page.getByRole('switch', { name: 'Gabungkan per pembeli' }).click();
    await page.locator('.slip').nth(3).waitFor();

    await show(page, `print/picking?ids=${ids}`);
    await shows(page.locator('.picking tbody tr'), /^A1 Kemeja Panjang \/ S\s+SKU-A1\s+5\s/);
    await page.getByRole('button', { name: 'Switch to English' }).click();
    await shows(page.locator('.sheet-kind'), 'Picking list');
    await show(page, `print/label?ids=${ids}`);
    await page.locator('.label').nth(3).waitFor();
    expect(await paper(page)).toEqual([A6, A6, A6, A6]);

    // On the screen of a small phone it fits; on paper it is the same.
    await page.setViewportSize({ width: 320, height: 700 });
    for (const sheet of ['invoice', 'slip', 'label', 'picking']) {
      await show(page, `print/${sheet}?ids=${ids}`);
      await page.locator('.sheet').first().waitFor();
      const wide = await page.evaluate(
        'Math.max(document.documentElement.scrollWidth, document.querySelector("main").scrollWidth)',
      );
      expect({ sheet, wide }).toEqual({ sheet, wide: 320 });
    }
    expect(await paper(page)).toEqual([A4]);
    expect(complaints).toEqual([]);
  });
});

describe('refunds', () => {
  it('are opened from a paid order, and the red list goes down to zero', async () => {
    const api = host(server, newShop());
    const stage = await startedLive(api);
    const order = await paid(api, stage, 'siti', 2);
    const { page, complaints } = await openConsole(browser, server, api.shop, { at: 'orders' });
    await look(page, order);
    await page.getByRole('button', { name: 'Kembalikan dana' }).click();
    await page.getByRole('button', { name: 'Ya, kembalikan' }).click();
    await shows(page.locator('.nav-alarm').first(), '1');
    const dialog = page.locator('.dialog');
    await shows(dialog.locator('.badge-bad'), 'Perlu dikembalikan');
    await shows(dialog.locator('.alarm'), /^Masih ada uang yang harus dikembalikan/);
    expect((await api.item(stage.shirt.itemId)).available).toBe(10);
    await page.locator('.dialog').getByRole('link', { name: 'Pengembalian dana' }).click();
    const line = page.locator('.refund-line');
    await shows(line, /Toko membatalkan pesanan yang sudah lunas[\s\S]*Rp\s170\.000/);
    expect(await seriousProblems(page)).toEqual([]);

    await line.getByRole('button', { name: /^Sudah dikembalikan: Viewer siti/ }).click();
    await page.getByLabel('Catatan').fill('BCA, 26 November');
    await page.getByRole('button', { name: 'Ya, sudah dikirim' }).click();
    await shows(page.locator('.list-foot'), 'Tidak ada uang yang harus dikembalikan.');
    expect(await page.locator('.nav-alarm').count()).toBe(0);
    expect(await refundsOf(api, 'open')).toEqual([]);
    await page.getByRole('button', { name: 'Sudah dikembalikan' }).click();
    await shows(page.locator('.refund-line'), /oleh toko\s+BCA, 26 November/);
    await show(page, 'orders');
    await shows(page.locator('.order-line h2'), /Dana dikembalikan/);
    expect(complaints).toEqual([]);
  });
});
