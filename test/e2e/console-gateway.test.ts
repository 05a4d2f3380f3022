import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { signatureKey } from '../payments/midtrans-transactions.js';
import { viewer } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { Midtrans, startMidtransServer } from '../support/midtrans-server.js';
import { orderOf, paymentIdOf, refundsOf } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import type { TestServer } from '../support/server.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { openConsole, show, shows } from './console-page.js';
import { book, order, startedLive } from './console-stage.js';

let midtrans: Midtrans;
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  midtrans = await Midtrans.start();
  server = await startMidtransServer((await startRedis()).url, midtrans);
  browser = await launchBrowser();
});

/** An order with its QR on show, and the word of it come in. */
async function withQr() {
  const api = host(server, newShop());
  const { live, shirt } = await startedLive(api);
  const ani = await viewer(server, api.shop, 'ani');
  await book(ani, live, shirt, 1);
  const placed = await order(ani, 'qris');
  await midtrans.notifier.idle();
  return { api, ani, placed, paymentId: paymentIdOf(placed) };
}

describe('what the gateway says', () => {
  it('and nobody understands is listed, looked into and decided', async () => {
    const { api, ani, placed, paymentId } = await withQr();
    midtrans.payments.alsoInStatuses = { transaction_status: 'settlement_of_sorts' };
    await midtrans.settleUnnoticed(paymentId);
    const signed = signatureKey(paymentId, '200', '85000.00', midtrans.lookalike.serverKey);
    const notice = {
      order_id: paymentId,
      transaction_status: 'settlement',
      status_code: '200',
      gross_amount: '85000.00',
      signature_key: signed,
    };
    const told = await fetch(`${server.url}/api/v1/webhooks/midtrans`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(notice),
    });
    expect(told.status).toBe(200);

    const { page, complaints } = await openConsole(browser, server, api.shop, {
      at: 'orders/notices',
    });
    const line = page.locator('[data-notice]');
    await shows(line, /Perlu dilihat[\s\S]*settlement_of_sorts/);
    await line.getByRole('button', { name: 'Rincian' }).click();
    await shows(page.locator('.dialog h2').first(), `Pesanan ${placed.code}`);
    await page.keyboard.press('Escape');
    await line.getByRole('button', { name: /^Putuskan/ }).click();
    await page.getByRole('button', { name: 'Uangnya masuk' }).click();
    await page.getByLabel('Catatan').fill('Ada di dasbor');
    expect(await seriousProblems(page)).toEqual([]);
    await page.locator('.dialog-foot').getByRole('button', { name: 'Putuskan' }).click();
    await ani.next('order:updated', (heard) => heard.order.status === 'paid');
    await shows(page.locator('.list-foot'), 'Tidak ada kabar yang perlu dilihat.');
    await page.getByRole('button', { name: 'Semua kabar' }).click();
    await shows(line.first(), /Lunas[\s\S]*Diputuskan oleh toko: Ada di dasbor/);
    midtrans.payments.alsoInStatuses = {};
    expect(complaints).toEqual([]);
  });

  it('lets a refund be sent back through it', async () => {
    const { api, ani, placed, paymentId } = await withQr();
    midtrans.payments.settle(paymentId);
    await ani.next('order:updated', (heard) => heard.order.status === 'paid');
    const body = { restock: false, requestId: 'r1' };
    await api.post(`/orders/${placed.orderId}/refund`, body);
    const { page } = await openConsole(browser, server, api.shop, { at: 'orders/refunds' });
    await page.getByRole('button', { name: 'Kirim lewat penyedia pembayaran' }).click();
    await page.getByRole('button', { name: 'Ya, kirim' }).click();
    await shows(page.locator('.list-foot'), 'Tidak ada uang yang harus dikembalikan.');
    expect(await refundsOf(api)).toMatchObject([{ status: 'done', doneBy: 'gateway' }]);
    expect((await orderOf(api, placed.orderId)).status).toBe('refunded');
    await show(page, 'orders/refunds?status=done');
    await shows(page.locator('.refund-line'), /oleh penyedia pembayaran/);
  });
});
