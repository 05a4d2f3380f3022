/** The states of the viewer's page, as a viewer comes to them. */
import { Shop } from './shop.mjs';

/** @typedef {import('./camera.mjs').Camera} Camera */
/** @typedef {import('./camera.mjs').Look} Look */
/** @typedef {import('playwright-core').Page} Page */

const SHIRT = 'Tunik Batik Parang';
const BANKS = [{ bank: 'BCA', number: '123 456 7890', holder: 'Ani Lestari' }];
const COSTS = { cancelPenaltyPerItem: 5, expiryPenaltyPerItem: 10, paidRewardPerItem: 2 };

/** @type {Record<string, (camera: Camera) => Promise<void>>} */
export const VIEWER_SCENES = {
  async 'before and after'(camera) {
    const shop = await Shop.open(camera.url, { started: false });
    const page = await arrive(camera, shop, 'Sari');
    await camera.take(page, 'viewer-scheduled');
    await shop.api.call('POST /lives/:id/start', { params: { id: shop.liveId } });
    await row(page, SHIRT).getByRole('button', { name: /^Keep/ }).waitFor();
    await shop.api.call('POST /lives/:id/end', { params: { id: shop.liveId } });
    await page.getByText('Live sudah selesai').first().waitFor();
    await camera.take(page, 'viewer-ended');
    await leave(page, shop);
    const nowhere = await camera.page('/live/none/none');
    await nowhere.getByRole('heading', { name: 'Live ini tidak ada' }).waitFor();
    await camera.take(nowhere, 'viewer-no-such-live');
    await nowhere.context().close();
  },

  async watching(camera) {
    const shop = await Shop.open(camera.url);
    const page = await camera.page(shop.livePage);
    await page.locator('html[data-state="current"]').waitFor();
    await camera.take(page, 'viewer-watching');
    await page.getByRole('button', { name: 'Bagikan live ini' }).click();
    await page.locator('.sheet .qr').waitFor();
    await camera.take(page, 'viewer-share');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Masuk untuk keep' }).click();
    await page.getByRole('textbox', { name: 'Namamu' }).waitFor();
    await camera.take(page, 'viewer-sign-in');
    await leave(page, shop);
  },

  async buying(camera) {
    await buy(camera, 'viewer', {});
  },
  async 'buying on its side'(camera) {
    await buy(camera, 'viewer-side', { size: 'side' });
  },
  async 'buying on the smallest phone, dark, English, with large text'(camera) {
    await buy(camera, 'viewer-large', {
      size: 'smallest',
      theme: 'dark',
      language: 'en',
      font: '200%',
    });
  },
  async 'buying on a desktop, dark'(camera) {
    await buy(camera, 'viewer-desktop', { size: 'desktop', theme: 'dark' });
  },

  async transfer(camera) {
    const settings = {
      order: {
        ppnPercent: 11,
        uniqueTransferCode: true,
        recipient: /** @type {const} */ ('address'),
        shippingFee: 12_000,
        paymentTerms: 'Bayar hari ini juga, ya. Barang dikirim besok.',
      },
      bankAccounts: BANKS,
      booking: COSTS,
    };
    const shop = await Shop.open(camera.url, { settings });
    const page = await arrive(camera, shop, 'Sari');
    const sheet = page.getByRole('dialog');
    await keep(page, SHIRT);
    await page.getByRole('button', { name: /^Keranjang: / }).click();
    await sheet.getByRole('button', { name: 'Checkout' }).click();
    await sheet.getByRole('radio', { name: /^Transfer/ }).check();
    await sheet.getByRole('button', { name: /^Buat pesanan/ }).click();
    await sheet.getByText('Isi nama penerima.').waitFor();
    await camera.take(page, 'viewer-recipient-missing');
    await sheet.getByLabel('Nama penerima').fill('Sari Dewi');
    await sheet.getByLabel('Nomor HP').fill('0812 3456 7890');
    await sheet.getByLabel('Alamat lengkap').fill('Jl. Kenanga 7');
    await sheet.getByRole('button', { name: /^Buat pesanan/ }).click();
    await sheet.getByRole('button', { name: 'Saya sudah transfer' }).waitFor();
    await camera.take(page, 'viewer-transfer');
    await sheet.getByRole('button', { name: 'Saya sudah transfer' }).click();
    await sheet.getByText('Kamu sudah bilang transfer').waitFor();
    await camera.take(page, 'viewer-transfer-claimed');
    const { items } = await shop.api.call('GET /orders', {});
    const params = { id: items[0]?.orderId ?? '' };
    await shop.api.call('POST /orders/:id/confirm-payment', { params });
    const body = { fulfilment: /** @type {const} */ ('shipped'), tracking: 'JNE0042' };
    await shop.api.call('PATCH /orders/:id', { params, body });
    await sheet.getByText('JNE0042').waitFor();
    await camera.take(page, 'viewer-shipped');
    await sheet.getByRole('button', { name: 'Lihat dan cetak nota' }).click();
    await sheet
      .getByText(/^Nota INV/)
      .first()
      .waitFor();
    await camera.take(page, 'viewer-invoice');
    const refund = { restock: true, requestId: 'r' };
    await shop.api.call('POST /orders/:id/refund', { params, body: refund });
    await sheet.getByRole('button', { name: /^Pesanan / }).click();
    await sheet.getByText('Pengembalian dana').waitFor();
    await camera.take(page, 'viewer-refund');
    await sheet.getByRole('button', { name: 'Pesanan', exact: true }).click();
    await sheet.getByRole('listitem').first().waitFor();
    await camera.take(page, 'viewer-orders');
    await leave(page, shop);
  },

  async 'the line'(camera) {
    const shop = await Shop.open(camera.url, { settings: { booking: COSTS } });
    const rival = await shop.book('Rina', 'D1');
    await shop.book('Budi', 'B1', 2);
    const page = await arrive(camera, shop, 'Sari');
    await row(page, 'Tas Rotan')
      .getByRole('button', { name: /^Antre/ })
      .click();
    await page.getByText('Antrean ke-1').first().waitFor();
    await camera.take(page, 'viewer-waiting');
    await row(page, 'Tas Rotan').locator('.item-facts').click();
    await page.getByRole('button', { name: 'Keluar dari antrean' }).waitFor();
    await camera.take(page, 'viewer-item-waiting');
    await page.keyboard.press('Escape');
    await rival.cancelBooking(rival.me?.bookings[0]?.bookingId ?? '');
    await page
      .getByText(/^Giliranmu/)
      .first()
      .waitFor();
    await camera.take(page, 'viewer-turn');
    await leave(page, shop);
  },

  async barred(camera) {
    const settings = { booking: { minReputation: 50, ...COSTS } };
    const shop = await Shop.open(camera.url, { settings });
    const page = await arrive(camera, shop, 'Sari');
    const params = { id: 'sari' };
    await keep(page, SHIRT);
    await page.getByRole('button', { name: /^Akun/ }).click();
    await page.getByRole('dialog').getByText('Belum ada perubahan').waitFor();
    await camera.take(page, 'viewer-account');
    await page.keyboard.press('Escape');
    const body = { delta: -60, reason: 'Tiga kali tidak bayar', requestId: 'less' };
    await shop.api.call('POST /viewers/:id/reputation', { params, body });
    await row(page, 'Hijab').getByText('Reputasi').waitFor();
    await camera.take(page, 'viewer-low-reputation');
    await shop.api.call('PATCH /viewers/:id', {
      params,
      body: { status: 'restricted', release: true },
    });
    await row(page, 'Hijab').getByText('Dibatasi').waitFor();
    await camera.take(page, 'viewer-restricted');
    await page.getByRole('button', { name: /^Akun/ }).click();
    await page.getByRole('dialog').getByText('Toko membatasi').waitFor();
    await camera.take(page, 'viewer-account-restricted');
    await leave(page, shop);
  },

  async 'what runs out'(camera) {
    const settings = { booking: { bookingTimeoutMinutes: 0.2, ...COSTS } };
    const shop = await Shop.open(camera.url, { settings });
    const page = await arrive(camera, shop, 'Sari');
    await keep(page, SHIRT);
    await page.locator('.cart-urgent').waitFor();
    await camera.take(page, 'viewer-last-minute');
    await row(page, SHIRT).getByText('Tersedia').waitFor();
    await camera.take(page, 'viewer-lapsed');
    await leave(page, shop);
  },

  async offline(camera) {
    const shop = await Shop.open(camera.url);
    const page = await arrive(camera, shop, 'Sari');
    await keep(page, SHIRT);
    await page.context().setOffline(true);
    await page.getByRole('alert').getByText('Koneksi terputus').waitFor();
    await camera.take(page, 'viewer-offline');
    await page.setViewportSize({ width: 360, height: 640 });
    await camera.take(page, 'viewer-offline-small');
    await page.context().setOffline(false);
    await page.getByText('Tersambung lagi').first().waitFor();
    await camera.take(page, 'viewer-online-again');
    await leave(page, shop);
  },

  async 'many items'(camera) {
    const items = Array.from({ length: 50 }, (_, n) => ({
      code: `A${n + 1}`,
      name: `Gamis ${n + 1}`,
      price: 89_000 + n * 1_000,
      stock: n % 5,
    }));
    const shop = await Shop.open(camera.url, { items });
    const page = await arrive(camera, shop, 'Sari', { size: 'small' });
    await camera.take(page, 'viewer-many');
    await page.getByRole('button', { name: 'Cari barang' }).click();
    await page.keyboard.type('gamis 4');
    await page.locator('.item-name', { hasText: 'Gamis 41' }).waitFor();
    await camera.take(page, 'viewer-search');
    await page.getByRole('searchbox').fill('sepatu');
    await page.getByText('Tidak ada yang cocok').waitFor();
    await camera.take(page, 'viewer-search-nothing');
    await leave(page, shop);
  },
};

/**
 * From the row to the paid order, by QRIS. Found by their places, for it is walked in both languages.
 * @param {Camera} camera
 * @param {string} name
 * @param {Look} look
 */
async function buy(camera, name, look) {
  const settings = {
    order: { ppnPercent: 11, serviceFee: 2_000 },
    booking: { freeCancelSeconds: 60, ...COSTS },
  };
  const shop = await Shop.open(camera.url, { settings });
  await shop.book('Rina', 'D1');
  const page = await arrive(camera, shop, 'Sari', look);
  await camera.take(page, `${name}-arrived`);
  await row(page, 'Kemeja').locator('.item-facts').click();
  await page.locator('.sheet .book-button, .sheet .stepper').first().waitFor();
  await camera.take(page, `${name}-item`);
  await page.keyboard.press('Escape');
  await page.locator('.sheet').waitFor({ state: 'detached' });
  await row(page, SHIRT).locator('.book-button').click();
  await page.locator('.cart-full').waitFor();
  await camera.take(page, `${name}-booked`);
  await page.locator('.cart-full').click();
  await page.locator('.row-cancel').waitFor();
  await camera.take(page, `${name}-cart`);
  await page.locator('.row-cancel').click();
  await page.locator('.confirm').waitFor();
  await camera.take(page, `${name}-cancel`);
  await page.locator('.confirm .button').first().click();
  await page.locator('.sheet-foot .button-primary').click();
  await page.locator('.methods').waitFor();
  await camera.take(page, `${name}-checkout`);
  await page.locator('.sheet-foot .button-primary').click();
  await page.locator('.sheet .qr').waitFor();
  await camera.take(page, `${name}-qris`);
  const { items } = await shop.api.call('GET /orders', {});
  await fetch(`${camera.url}/sandbox/qris/${items[0]?.payment?.paymentId}/pay`, { method: 'POST' });
  await page.locator('.paid-mark').waitFor();
  await camera.take(page, `${name}-paid`);
  await leave(page, shop);
}

/**
 * @param {Camera} camera
 * @param {Shop} shop
 * @param {string} name
 * @param {Look} [look]
 */
async function arrive(camera, shop, name, look) {
  const page = await camera.page(await shop.pageOf(name), look);
  await page.locator('html[data-state="current"]').waitFor();
  await page.locator('.account-button').waitFor();
  return page;
}

/** @param {Page} page @param {string} name */
function row(page, name) {
  return page.locator('.item', { hasText: name });
}

/** @param {Page} page @param {string} name */
async function keep(page, name) {
  await row(page, name).locator('.book-button').click();
  await row(page, name).getByText('Punyamu').waitFor();
}

/** @param {Page} page @param {Shop} shop */
async function leave(page, shop) {
  await page.context().close();
  shop.close();
}
