import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '../../src/protocol/order.js';
import { viewer } from '../support/client.js';
import { type Host, host, newShop } from '../support/host.js';
import { orderOf } from '../support/orders.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { openConsole, show, shows } from './console-page.js';
import { book, order, startedLive } from './console-stage.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  server = await startServer({ redisUrl: (await startRedis()).url });
  browser = await launchBrowser();
});

/** So many buyers, each with so many orders by transfer. */
async function transfers(api: Host, buyers: number, each: number): Promise<Order[]> {
  const { live, shirt } = await startedLive(api, { shirt: buyers * each, skirt: 1 });
  const placed = await Promise.all(
    Array.from({ length: buyers }, async (_, n) => {
      const one = await viewer(server, api.shop, `buyer${n}`);
      const orders: Order[] = [];
      for (let i = 0; i < each; i += 1) {
        await book(one, live, shirt, 1);
        orders.push(await order(one, 'bank_transfer'));
      }
      return orders;
    }),
  );
  return placed.flat();
}

const search = (page: Page) => page.locator('input[name="q"]');
const line = (page: Page, { orderId }: Order) => page.locator(`.lines [data-order="${orderId}"]`);

describe('transfers', () => {
  it('are confirmed by keyboard, 50 at once, in far less than five minutes', async () => {
    const api = host(server, newShop());
    await api.settings({ order: { uniqueTransferCode: true } });
    const orders = await transfers(api, 10, 5);
    const { page, complaints } = await openConsole(browser, server, api.shop, {
      at: 'orders?status=transfer',
    });
    await page.locator('.order-line').nth(49).waitFor();
    const begun = Date.now();
    // As from a bank statement: amount, Enter, amount, Enter …
    await search(page).focus();
    for (const { payment } of orders.slice(0, 10)) {
      await page.keyboard.type(`Rp${payment?.amount.toLocaleString('id-ID')},00`);
      await page.locator('.order-line').nth(1).waitFor({ state: 'detached' });
      await page.keyboard.press('Enter');
    }
    await shows(page.locator('.choice-bar > p'), /^10 dipilih/);
    // And the others row by row.
    await page.keyboard.press('ArrowDown');
    for (let row = 0; row < 50; row += 1) {
      const isChosen = await page.locator('.row-check').nth(row).isChecked();
      if (!isChosen) await page.keyboard.press('Space');
      await page.keyboard.press('ArrowDown');
    }
    await shows(page.locator('.choice-bar > p'), /^50 dipilih/);
    await page.keyboard.press('Enter');
    const total = orders.reduce((sum, { payment }) => sum + (payment?.amount ?? 0), 0);
    await shows(page.locator('.big-money'), `Rp\u00a0${total.toLocaleString('id-ID')}`);
    await page.keyboard.press('Enter');
    await shows(page.locator('.confirm-summary'), /^50 pesanan lunas/);
    await page.keyboard.press('Enter');
    await shows(page.locator('.list-foot'), 'Tidak ada transfer yang menunggu.');
    expect(Date.now() - begun).toBeLessThan(60_000);
    expect(await api.get('/orders?status=paid&limit=200')).toMatchObject({
      items: { length: 50 },
    });
    expect(complaints).toEqual([]);
  });

  it('that are claimed come first, and orders of one amount are distinguished', async () => {
    const api = host(server, newShop());
    const [first, second] = await transfers(api, 2, 1);
    if (!first || !second) throw new Error('no orders');
    const late = await viewer(server, api.shop, second.viewerId);
    await late.ask('order:transferred', { orderId: second.orderId });
    const { page } = await openConsole(browser, server, api.shop, {
      at: 'orders?status=transfer',
      viewport: { width: 320, height: 700 },
    });
    await shows(page.locator('.order-line').first(), /Bilang sudah transfer/);
    await shows(
      line(page, first).locator('.transfer-same'),
      `Jumlahnya sama dengan ${second.code}`,
    );
    await search(page).fill(first.code.toLowerCase());
    await line(page, second).waitFor({ state: 'detached' });
    await search(page).fill('');
    await page.locator('.row-check').first().focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Enter');
    await shows(page.locator('.dialog .alarm'), /jumlah yang sama/);
    expect(await seriousProblems(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
  });

  it('confirmed by two hosts at once are one effect and no storm of errors', async () => {
    const api = host(server, newShop());
    const orders = await transfers(api, 3, 1);
    const at = 'orders?status=transfer';
    const ani = (await openConsole(browser, server, api.shop, { at })).page;
    const budi = (await openConsole(browser, server, api.shop, { at })).page;
    for (const page of [ani, budi]) {
      await page
        .getByLabel(/^Pilih pesanan/)
        .nth(2)
        .waitFor();
      await page.locator('.row-check').first().focus();
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Enter');
    }
    await ani.getByRole('button', { name: 'Ya, sudah masuk semua' }).click();
    await shows(ani.locator('.confirm-summary'), /^3 pesanan lunas/);
    await budi.locator('.order-line').first().waitFor({ state: 'detached' });
    await budi.getByRole('button', { name: 'Ya, sudah masuk semua' }).click();
    await shows(
      budi.locator('.confirm-summary'),
      /^0 pesanan lunas[\s\S]*sudah dikonfirmasi sebelumnya/,
    );
    for (const { orderId } of orders) {
      expect((await orderOf(api, orderId)).status).toBe('paid');
    }
    const { items } = await api.get<{ items: { invoiceNumber: string }[] }>('/orders');
    expect(new Set(items.map((paid) => paid.invoiceNumber)).size).toBe(3);
  });

  it('that somebody else confirms leave the selection, with a message', async () => {
    const api = host(server, newShop());
    const [one] = await transfers(api, 1, 1);
    if (!one) throw new Error('no order');
    const { page } = await openConsole(browser, server, api.shop, { at: 'orders?status=transfer' });
    await page.locator('.row-check').first().check();
    await api.post(`/orders/${one.orderId}/confirm-payment`);
    await shows(
      page.locator('.choice-news'),
      `${one.code} baru saja lunas, jadi tidak dipilih lagi.`,
    );
    expect(await page.locator('.choice-bar').count()).toBe(0);
  });
});

describe('the list of orders', () => {
  it('finds by code and name through the server, by way of shipping, and keeps that in the address', async () => {
    const api = host(server, newShop());
    const [one, two] = await transfers(api, 2, 1);
    if (!one || !two) throw new Error('no orders');
    await api.post(`/orders/${one.orderId}/confirm-payment`);
    const { page } = await openConsole(browser, server, api.shop, { at: 'orders' });
    await line(page, one).waitFor();
    await search(page).fill(two.code);
    await line(page, one).waitFor({ state: 'detached' });
    expect(page.url()).toContain(`q=${two.code}`);
    await search(page).fill('buyer0');
    await line(page, one).waitFor();
    await line(page, two).waitFor({ state: 'detached' });
    await search(page).fill('');
    await page.getByLabel('Pengiriman').selectOption('packed');
    await shows(page.locator('.list-foot'), 'Tidak ada pesanan seperti itu.');
    await show(page, 'orders?status=paid');
    await page.locator('.row-check').first().check();
    await page.getByRole('button', { name: 'Tandai dikemas (1)' }).click();
    await shows(line(page, one).locator('.line-name'), /Dikemas/);
    expect((await orderOf(api, one.orderId)).fulfilment).toBe('packed');
  });
});
