import type { Browser, Locator } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { HostOrder, Page as List } from '../../src/protocol/http.js';
import type { SettingsPatch } from '../../src/protocol/settings.js';
import { type Host, host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { card, openLive, sees, sheet, shelf, type ViewerPage } from './viewer-page.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

const SHIRT = 'Kemeja Panjang / S';

interface Scene extends ViewerPage {
  api: Host;
  /** The checkout, as a place to look at. */
  till: Locator;
}

/** A viewer at the checkout of one shirt. */
async function atCheckout(order: SettingsPatch['order']): Promise<Scene> {
  const shop = newShop();
  const api = host(server, shop);
  await api.settings({ order, booking: { expiryPenaltyPerItem: 3 } });
  const { live } = await shelf(api, { [SHIRT]: { stock: 5 } });
  const seen = await openLive(browser, server, { shop, liveId: live.liveId }, { as: 'sari' });
  await toCheckout(seen);
  return { ...seen, api, till: sheet(seen.page) };
}

async function toCheckout({ page }: ViewerPage): Promise<void> {
  await card(page, SHIRT)
    .getByRole('button', { name: `Keep ${SHIRT}` })
    .click();
  await page.getByRole('button', { name: /^Keranjang: \d/ }).click();
  await sheet(page).getByRole('button', { name: 'Checkout' }).click();
  await sees(sheet(page), 'Selesaikan dalam');
}

function placing(till: Locator, label = 'Buat pesanan'): Locator {
  return till.getByRole('button', { name: new RegExp(`^${label}`) });
}

async function placed(api: Host): Promise<HostOrder[]> {
  return (await api.get<List<HostOrder>>('/orders')).items;
}

describe('who gets the parcel', () => {
  it('is asked as the shop wants it, said what is wrong beside its field, kept over a reload, and remembered', async () => {
    const scene = await atCheckout({ recipient: 'address', shippingFee: 12_000 });
    const { page, till, api, complaints } = scene;
    await sees(till, 'Kalau waktunya habis, barangnya dilepas dan reputasimu turun 3.');
    const phone = till.getByLabel('Nomor HP');
    expect(await phone.getAttribute('inputmode')).toBe('tel');
    expect(await till.getByLabel('Alamat lengkap').getAttribute('autocomplete')).toBe(
      'street-address',
    );
    await placing(till).click();
    await sees(till, 'Isi nama penerima.');
    await sees(till, 'Isi alamat: jalan, nomor, RT/RW.');
    await page.locator('input[name="name"]:focus').waitFor();
    expect(await seriousProblems(page)).toEqual([]);

    await till.getByLabel('Nama penerima').fill('Sari 🌸 Dewi');
    await till.getByLabel('Alamat lengkap').fill('Jl. Melati 5'.repeat(400));
    for (const [number, wrong] of [
      ['112', 'Nomornya terlalu pendek.'],
      ['nol delapan', 'Nomor HP hanya berisi angka.'],
      ['0812', 'Nomornya terlalu pendek.'],
    ] as const) {
      await phone.fill(number);
      await placing(till).click();
      await sees(till, wrong);
    }
    await sees(till, 'Terlalu panjang: 4.800 huruf, maksimal 500.');
    await till.getByLabel('Alamat lengkap').fill('Jl. Melati 5\nRT 03/RW 02 🏠');
    await phone.fill('0812345');
    await placing(till).click();
    await sees(till, 'Nomor ini tidak dikenal. Periksa lagi angkanya.');
    await page.locator('input[name="phone"]:focus').waitFor();

    await till.getByLabel('Kode pos').fill('40511');
    await till.getByLabel('Catatan untuk penjual').fill('Bungkus kado, ya');
    await page.reload();
    await sees(till, 'Selesaikan dalam');
    await phone.fill('0812-3456-7890');
    await placing(till).click();
    await sees(till, 'Bayar dalam');
    const [order] = await placed(api);
    expect(order).toMatchObject({
      recipient: {
        name: 'Sari 🌸 Dewi',
        phone: '+6281234567890',
        address: 'Jl. Melati 5\nRT 03/RW 02 🏠',
        postalCode: '40511',
      },
      note: 'Bungkus kado, ya',
      total: 97_000,
    });

    await page.keyboard.press('Escape');
    await toCheckout(scene);
    await sees(till.locator('.recipient-line'), 'Sari 🌸 Dewi');
    await placing(till).click();
    await sees(till, 'Bayar dalam');
    expect((await placed(api))[0]?.recipient).toEqual(order?.recipient);
    expect(complaints).toEqual([]);
  });

  it('is nobody’s business where the shop does not ask, and is asked after all if it begins to', async () => {
    const { page, till, api } = await atCheckout({ recipient: 'optional' });
    await sees(till, 'Belum diisi. Boleh dikosongkan.');
    await till.getByRole('button', { name: 'Isi', exact: true }).click();
    await till.getByLabel('Kota / kabupaten').fill('Cimahi');
    await placing(till).click();
    await sees(till, 'Isi nomor HP yang bisa dihubungi.');
    await till.getByLabel('Kota / kabupaten').fill('');
    await api.settings({ order: { recipient: 'contact' } });
    await placing(till).click();
    await sees(till, 'Isi nama penerima.');
    await page.locator('input[name="name"]:focus').waitFor();
    await till.getByLabel('Nama penerima').fill('Sari');
    await till.getByLabel('Nomor HP').fill('+65 8123 4567');
    await placing(till).click();
    await sees(till, 'Bayar dalam');
    expect((await placed(api))[0]?.recipient).toEqual({ name: 'Sari', phone: '+6581234567' });
  });

  it('picks the order up: contact alone, no shipping fee, and the address is still remembered', async () => {
    const scene = await atCheckout({
      recipient: 'address',
      shippingFee: 12_000,
      allowPickup: true,
    });
    const { page, till, api } = scene;
    await till.getByLabel('Nama penerima').fill('Sari');
    await till.getByLabel('Nomor HP').fill('081234567890');
    await till.getByLabel('Alamat lengkap').fill('Jl. Melati 5');
    await till.getByRole('button', { name: /Rp\s97\.000$/ }).waitFor();
    await till.getByRole('radio', { name: /^Ambil sendiri/ }).check();
    await till.getByRole('button', { name: /Rp\s85\.000$/ }).waitFor();
    await till.getByLabel('Alamat lengkap').waitFor({ state: 'detached' });
    await placing(till).click();
    await sees(till, 'Bayar dalam');
    expect((await placed(api))[0]).toMatchObject({
      delivery: 'pickup',
      total: 85_000,
      recipient: { name: 'Sari', phone: '+6281234567890' },
    });
    await page.keyboard.press('Escape');
    await toCheckout(scene);
    await sees(till.locator('.recipient-line'), 'Jl. Melati 5');
  });

  it('can be filled in by keyboard alone, in English', async () => {
    const { page, till, api } = await atCheckout({ recipient: 'address' });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Akun/ }).click();
    await page.getByRole('button', { name: 'Switch to English' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Cart: 1 unit.*Back to checkout/ }).press('Enter');
    await placing(till, 'Place the order').press('Enter');
    await sees(till, 'Fill in the recipient’s name.');
    await page.locator('input[name="name"]:focus').waitFor();
    await page.keyboard.type('Sari');
    await page.keyboard.press('Tab');
    await page.keyboard.type('12');
    await placing(till, 'Place the order').press('Enter');
    await sees(till, 'The number is too short.');
    await page.locator('input[name="phone"]:focus').waitFor();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('081234567890');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Jl. Melati 5');
    for (const name of ['district', 'city', 'postalCode', 'note', 'orderNote']) {
      await page.keyboard.press('Tab');
      await page.locator(`[name="${name}"]:focus`).waitFor();
    }
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await sees(till, 'Amount to transfer');
    expect((await placed(api))[0]?.recipient?.address).toBe('Jl. Melati 5');
  });

  it('costs nothing to take what is free: no way of paying, paid at once', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { live } = await shelf(api, { [SHIRT]: { stock: 5, price: 0 } });
    const seen = await openLive(browser, server, { shop, liveId: live.liveId }, { as: 'sari' });
    await toCheckout(seen);
    expect(await sheet(seen.page).getByRole('radio').count()).toBe(0);
    await sheet(seen.page).getByRole('button', { name: 'Buat pesanan · gratis' }).click();
    await sees(sheet(seen.page), 'Lunas!');
  });
});
