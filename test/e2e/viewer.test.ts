import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../src/protocol/http.js';
import type { Order } from '../../src/protocol/order.js';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { launchBrowser } from './browser.js';
import { card, listen, openItem, openLive, sees, sheet, shelf } from './viewer-page.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

const SHIRT = 'Kemeja Panjang / S';

describe('two viewers and one shirt', () => {
  it('book, sold out, release seen, rebook, check out, pay by QRIS, reputation', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.settings({
      booking: { cancelPenaltyPerItem: 5, paidRewardPerItem: 2 },
      order: { ppnPercent: 11 },
    });
    const { live, items } = await shelf(api, {
      [SHIRT]: { stock: 1, price: 85_000 },
      'Rok Plisket': { stock: 9 },
    });
    const place = { shop, liveId: live.liveId };
    const sari = await openLive(browser, server, place, { as: 'sari' });
    const wati = await openLive(browser, server, place, { as: 'wati' });
    const heardByWati = await listen(wati.page);

    await sees(card(wati.page, SHIRT), 'Tersedia 1');
    await card(sari.page, SHIRT)
      .getByRole('button', { name: `Keep ${SHIRT}` })
      .click();
    await sees(card(sari.page, SHIRT), 'urutan ke-1');
    await sees(card(sari.page, SHIRT).getByRole('timer'), /^1[45]:\d\d$/);
    await sees(card(wati.page, SHIRT), 'Sedang di-keep, bisa lepas lagi');

    await sari.page.getByRole('button', { name: /^Keranjang: 1 pcs/ }).click();
    await sheet(sari.page)
      .getByRole('button', { name: `Batalkan booking ${SHIRT}` })
      .click();
    await sees(sheet(sari.page), 'Reputasi turun 5: dari 100 menjadi 95.');
    await sheet(sari.page).getByRole('button', { name: 'Ya, batalkan 1' }).click();
    await sees(sheet(sari.page), 'Keranjang masih kosong');
    await sari.page.keyboard.press('Escape');
    await sari.page.getByRole('button', { name: 'Akun Viewer sari, reputasi 95' }).waitFor();

    await sees(card(wati.page, SHIRT), '+1 kembali!');
    await card(wati.page, SHIRT)
      .getByRole('button', { name: `Keep ${SHIRT}` })
      .click();
    await sees(card(wati.page, SHIRT), 'Punyamu · urutan ke-2');
    const heard = (await heardByWati()).join('\n');
    expect(heard).toContain('Punyamu, urutan ke-2: Kemeja Panjang / S');

    await wati.page.getByRole('button', { name: /^Keranjang: \d/ }).click();
    await sheet(wati.page).getByRole('button', { name: 'Checkout' }).click();
    await sees(sheet(wati.page).locator('.sum-line'), /PPN 11%\s*Rp\s9\.350/);
    await sheet(wati.page)
      .getByRole('button', { name: /^Buat pesanan · Rp\s94\.350$/ })
      .click();
    await sheet(wati.page)
      .getByRole('img', { name: /^Kode QRIS untuk pesanan/ })
      .waitFor();
    await sees(card(sari.page, SHIRT), 'Sedang di-keep, bisa lepas lagi');

    // Nobody touches the page any more: the bank tells the server, and the server tells the page.
    const [order] = (await api.get<Page<Order>>('/orders')).items;
    await fetch(`${server.url}/sandbox/qris/${order?.payment?.paymentId}/pay`, { method: 'POST' });
    await sees(sheet(wati.page), 'Lunas!');
    await sees(card(sari.page, SHIRT), 'Habis');

    await sari.page.getByRole('button', { name: 'Akun Viewer sari, reputasi 95' }).click();
    await sees(sheet(sari.page).getByRole('listitem'), /−5\s*Booking dibatalkan[\s\S]*100 → 95/);
    expect(await api.item(items[0]?.itemId ?? '')).toMatchObject({
      available: 0,
      booked: 0,
      allocated: 0,
      sold: 1,
    });
    expect((await api.audit()).problems).toEqual([]);
    expect([...sari.complaints, ...wati.complaints]).toEqual([]);
  });
});

describe('a guest', () => {
  it('signs in by name in the middle of booking, cancels a part, changes the way of paying, and rises again', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.settings({ booking: { cancelPenaltyPerItem: 5, paidRewardPerItem: 2 } });
    const { live, items } = await shelf(api, { [SHIRT]: { stock: 5 } });
    const { page, complaints } = await openLive(browser, server, { shop, liveId: live.liveId });

    const item = await openItem(page, SHIRT);
    await item.getByRole('button', { name: `Tambah jumlah ${SHIRT}` }).click();
    await item.getByRole('button', { name: `Keep 2 ${SHIRT}` }).click();
    await page.locator('input:focus').waitFor();
    await page.keyboard.press('Enter');
    await sees(sheet(page), 'Isi namamu dulu.');
    await sheet(page).getByRole('textbox', { name: 'Namamu' }).fill('Dewi Cimahi');
    await page.keyboard.press('Enter');
    await sees(card(page, SHIRT), 'Punyamu 2 · urutan ke-1');

    await page.getByRole('button', { name: /^Keranjang: 2 pcs/ }).click();
    await sheet(page)
      .getByRole('button', { name: `Batalkan booking ${SHIRT}` })
      .click();
    await sheet(page)
      .getByRole('button', { name: `Kurangi jumlah ${SHIRT}` })
      .click();
    await sheet(page).getByRole('button', { name: 'Ya, batalkan 1' }).click();
    await sees(sheet(page), /1 × Rp/);
    await sheet(page).getByRole('button', { name: 'Checkout' }).click();
    await sheet(page)
      .getByRole('radio', { name: /^Transfer bank/ })
      .check();
    await sheet(page)
      .getByRole('button', { name: /^Buat pesanan/ })
      .click();
    await sees(sheet(page), /Transfer tepat Rp\s85\.000 ke rekening yang diberikan penjual/);

    await sheet(page).getByRole('button', { name: 'Bayar dengan QRIS saja' }).click();
    await sheet(page)
      .getByRole('button', { name: 'Bayar sebagai aplikasi bank pelanggan' })
      .click();
    await sees(sheet(page), 'Lunas!');
    await sheet(page).getByRole('button', { name: 'Pesanan', exact: true }).click();
    await sees(sheet(page).getByRole('listitem'), 'Lunas');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Akun Dewi Cimahi, reputasi 97' }).click();
    await sees(sheet(page).getByRole('listitem'), /\+2\s*Pesanan dibayar[\s\S]*95 → 97/);

    // A reload is the same guest, and the back button of a phone closes a sheet before it leaves the live.
    await page.reload();
    await page.getByRole('button', { name: 'Akun Dewi Cimahi, reputasi 97' }).click();
    await page.goBack();
    await sheet(page).waitFor({ state: 'detached' });
    await sees(card(page, SHIRT), 'Tersedia 4');
    expect(await api.item(items[0]?.itemId ?? '')).toMatchObject({ available: 4, sold: 1 });
    expect(complaints).toEqual([]);
  });

  it('keeps a sheet that is opened while another closes, and leaves the live by one step back once all are closed', async () => {
    const shop = newShop();
    const { live } = await shelf(host(server, shop), { [SHIRT]: { stock: 5 } });
    const place = { shop, liveId: live.liveId };
    const { page, complaints } = await openLive(browser, server, place, { as: 'sari' });
    await page.getByRole('button', { name: /^Akun/ }).waitFor();
    await page.goto('about:blank');
    await page.goto(`${server.url}/live/${shop}/${live.liveId}`);
    await page.getByRole('button', { name: /^Akun/ }).waitFor();
    // A phone that is busy goes back long after it was asked to.
    await page.evaluate(`{
      const back = history.back.bind(history);
      history.back = () => void setTimeout(back, 400);
    }`);
    await page.evaluate(`new MutationObserver((_, watcher) => {
      if (document.querySelector('.sheet') === null) return;
      watcher.disconnect();
      window.pressed = document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    }).observe(document.body, { childList: true, subtree: true })`);
    await page.getByRole('button', { name: /^Akun/ }).click();
    await page.waitForFunction('pressed');
    await sheet(page).waitFor({ state: 'detached' });
    for (let times = 0; times < 2; times++) {
      await page.getByRole('button', { name: /^Akun/ }).click();
      await sees(sheet(page), 'Akun');
      await page.keyboard.press('Escape');
      await sheet(page).waitFor({ state: 'detached' });
    }
    await page.getByRole('button', { name: 'Keranjang masih kosong' }).click();
    await sheet(page).waitFor();
    await page.evaluate(() => new Promise((done) => setTimeout(done, 1_000)));
    await sees(sheet(page), 'Keranjang');
    await page.keyboard.press('Escape');
    await sheet(page).waitFor({ state: 'detached' });
    expect(page.url()).toContain(live.liveId);
    await page.goBack();
    await page.waitForURL('about:blank');
    expect(complaints).toEqual([]);
  });

  it('is shown why a booking is refused, in words', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.settings({ order: { maxItemQuantity: 2, totalItemCart: 3 } });
    const wanted = { [SHIRT]: { stock: 9 }, Rok: { stock: 9 }, Tas: { stock: 9 } };
    const { live, items } = await shelf(api, wanted);
    const place = { shop, liveId: live.liveId };
    const { page, complaints } = await openLive(browser, server, place, { as: 'sari' });
    const message = page.locator('.toast');
    const bag = card(page, 'Tas').getByRole('button').last();

    await card(page, SHIRT)
      .getByRole('button', { name: `Keep ${SHIRT}` })
      .click();
    await sees(card(page, SHIRT), 'urutan ke-1');
    const shirt = await openItem(page, SHIRT);
    // What the shop allows is all that can be asked for: one more.
    expect(await shirt.getByRole('button', { name: `Tambah jumlah ${SHIRT}` }).isDisabled()).toBe(
      true,
    );
    await shirt.getByRole('button', { name: `Keep ${SHIRT}` }).click();
    await sees(shirt, 'urutan ke-2');
    await shirt.getByRole('button', { name: 'Maks. 2' }).click({ force: true });
    await sees(message, 'Maksimal 2 untuk barang ini per orang.');
    await page.keyboard.press('Escape');

    await card(page, 'Rok').getByRole('button', { name: 'Keep Rok' }).click();
    await sees(card(page, 'Rok'), 'urutan ke-1');
    await sees(bag, 'Penuh');
    await bag.click({ force: true });
    await sees(message, 'Keranjang penuh, maksimal 3 pcs.');

    await api.patch(`/items/${items[2]?.itemId}`, { open: false });
    await sees(bag, 'Ditutup');
    await api.patch(`/items/${items[2]?.itemId}`, { open: true });
    await api.call('PATCH', '/viewers/sari', { status: 'restricted' });
    await sees(bag, 'Dibatasi');
    await bag.click({ force: true });
    await sees(message, 'Toko membatasi akun ini. Hubungi penjual.');
    await api.post(`/lives/${live.liveId}/end`);
    await sees(page.locator('.stage'), 'Live sudah selesai');
    await sees(bag, 'Selesai');
    expect(complaints).toEqual([]);
  });
});
