import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Page as Rows } from '../../src/protocol/http.js';
import type { Viewer } from '../../src/protocol/viewer.js';
import { viewer } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { book } from './console-stage.js';
import { card, listen, openItem, openLive, sees, sheet, shelf } from './viewer-page.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

const SHIRT = 'Kemeja Panjang';
const SKIRT = 'Rok Plisket';

describe('the line for what is sold out', () => {
  it('is joined by a tap, moves up, leads to a turn with its own deadline, and is left or lost in words', async () => {
    const shop = newShop();
    const api = host(server, shop);
    const { live, items } = await shelf(api, { [SHIRT]: { stock: 1 }, [SKIRT]: { stock: 2 } });
    const [shirt] = items;
    if (!shirt) throw new Error('the shelf is empty');
    const rival = await viewer(server, shop, 'rival');
    const held = await book(rival, live, shirt, 1);
    const place = { shop, liveId: live.liveId };
    const sari = await openLive(browser, server, place, { as: 'sari' });
    const dewi = await openLive(browser, server, place);
    const heard = await listen(sari.page);

    await sees(card(sari.page, SHIRT), 'Sedang di-keep, bisa lepas lagi');
    await card(sari.page, SHIRT)
      .getByRole('button', { name: `Antre ${SHIRT}` })
      .click();
    await sees(card(sari.page, SHIRT).getByRole('button'), 'Antrean ke-1');
    expect(await heard()).toHaveLength(1);
    await sees(
      sari.page.locator('.toast'),
      `Kamu antre. Begitu giliranmu, kami tahan 5 menit: ${SHIRT}`,
    );
    expect(await seriousProblems(sari.page)).toEqual([]);

    // Who has not signed in is asked to, and is in line then.
    await card(dewi.page, SHIRT)
      .getByRole('button', { name: `Antre ${SHIRT}` })
      .click();
    await sheet(dewi.page).getByRole('textbox', { name: 'Namamu' }).fill('Dewi');
    await dewi.page.keyboard.press('Enter');
    await sees(card(dewi.page, SHIRT).getByRole('button'), 'Antrean ke-2');

    await rival.ask('booking:cancel', { bookingId: held.bookingId });
    await sees(card(sari.page, SHIRT), 'Giliranmu · urutan ke-2');
    await sees(card(sari.page, SHIRT).getByRole('timer'), /^(5:00|4:\d\d)$/);
    await sees(sari.page.locator('.cart-bar').getByRole('timer'), /^(5:00|4:\d\d)$/);
    // At once, in the place of what it ends.
    expect(await sari.page.locator('.toast').getByText('Kamu antre').count()).toBe(0);
    await sees(
      sari.page.locator('.toast'),
      `Giliranmu! Bayar sebelum waktunya habis: 1 × ${SHIRT}`,
    );
    expect(await seriousProblems(sari.page)).toEqual([]);
    await sees(card(dewi.page, SHIRT).getByRole('button'), 'Antrean ke-1');

    const item = await openItem(dewi.page, SHIRT);
    await sees(item, 'kami tahan 5 menit supaya kamu sempat bayar');
    expect(await seriousProblems(dewi.page)).toEqual([]);
    await item.getByRole('button', { name: 'Keluar dari antrean' }).click();
    await item.getByRole('button', { name: `Antre ${SHIRT}` }).click();
    await sees(item, 'Antrean ke-1.');
    await dewi.page.keyboard.press('Escape');
    const [guest] = (await api.get<Rows<Viewer>>('/viewers?q=Dewi')).items;
    await api.call('PATCH', `/viewers/${guest?.viewerId}`, { status: 'restricted', release: true });
    await sees(dewi.page.locator('.toast'), 'Antreanmu berakhir. Toko membatasi');
    await sees(card(dewi.page, SHIRT).getByRole('button'), 'Dibatasi');
    await sees(dewi.page.locator('.cart-bar'), 'Toko membatasi akun ini.');
    expect(await seriousProblems(dewi.page)).toEqual([]);
    await dewi.page.locator('.cart-bar').getByRole('button').click();
    await sees(sheet(dewi.page), 'Toko membatasi akun ini. Hubungi penjual.');
    expect(await seriousProblems(dewi.page)).toEqual([]);
    expect([...sari.complaints, ...dewi.complaints]).toEqual([]);
  });

  it('is not offered to who holds all there is', async () => {
    const shop = newShop();
    const { live } = await shelf(host(server, shop), { [SKIRT]: { stock: 1 } });
    const place = { shop, liveId: live.liveId };
    const { page } = await openLive(browser, server, place, { as: 'sari' });
    await card(page, SKIRT)
      .getByRole('button', { name: `Keep ${SKIRT}` })
      .click();
    await sees(card(page, SKIRT), 'Punyamu · urutan ke-1');
    const item = await openItem(page, SKIRT);
    await sees(item.getByRole('button'), 'Punyamu semua');
    expect(await item.getByRole('button', { name: /^Antre/ }).count()).toBe(0);
  });
});

describe('what the viewer may do', () => {
  it('is on the button before the tap: guests, reputation, bookings at once, cool-down', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.settings({
      booking: {
        guestsMayBook: false,
        minReputation: 50,
        maxBookings: 1,
        rebookCooldownSeconds: 60,
      },
    });
    const { live } = await shelf(api, { [SHIRT]: { stock: 5 }, [SKIRT]: { stock: 5 } });
    const place = { shop, liveId: live.liveId };
    const watcher = await openLive(browser, server, place);
    await sees(card(watcher.page, SHIRT).getByRole('button'), 'Bukan tamu');

    const { page, complaints } = await openLive(browser, server, place, { as: 'sari' });
    const skirt = card(page, SKIRT).getByRole('button').last();
    await card(page, SHIRT)
      .getByRole('button', { name: `Keep ${SHIRT}` })
      .click();
    await sees(card(page, SHIRT), 'urutan ke-1');
    await sees(skirt, 'Maks. 1');
    await skirt.click({ force: true });
    await sees(page.locator('.toast'), 'Maksimal 1 sekaligus.');
    await page.getByRole('button', { name: /^Keranjang: 1/ }).click();
    await sheet(page)
      .getByRole('button', { name: `Batalkan booking ${SHIRT}` })
      .click();
    await sheet(page).getByRole('button', { name: 'Ya, batalkan 1' }).click();
    await sees(sheet(page), 'Keranjang masih kosong');
    await page.keyboard.press('Escape');
    await sees(card(page, SHIRT).getByRole('button').last(), /^(1:00|0:\d\d)$/);
    await sees(skirt, 'Keep');

    const correction = { delta: -60, reason: 'Tiga kali tidak bayar', requestId: randomUUID() };
    await api.post('/viewers/sari/reputation', correction);
    await sees(skirt, 'Reputasi');
    await page.locator('.cart-bar').getByRole('button').click();
    await sees(sheet(page), 'Reputasimu di bawah batas toko ini');
    expect(complaints).toEqual([]);
  });

  it('is given back by a tap while that is free', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.settings({ booking: { cancelPenaltyPerItem: 5, freeCancelSeconds: 30 } });
    const { live, items } = await shelf(api, { [SHIRT]: { stock: 5 } });
    const place = { shop, liveId: live.liveId };
    const { page } = await openLive(browser, server, place, {
      as: 'sari',
      reducedMotion: 'reduce',
    });
    await card(page, SHIRT)
      .getByRole('button', { name: `Keep ${SHIRT}` })
      .click();
    const toast = page.locator('.toast');
    const [told, stage] = [await toast.boundingBox(), await page.locator('.stage').boundingBox()];
    // What is on show stays in sight: its padding is all that is covered.
    expect(told && stage && told.y + told.height - stage.y).toBeLessThanOrEqual(6);
    await toast.getByRole('button', { name: 'Batalkan' }).click();
    await sees(toast, `Dilepas lagi, tanpa potongan: ${SHIRT}`);
    await card(page, SHIRT)
      .getByRole('button', { name: `Keep ${SHIRT}` })
      .click();
    await toast.getByRole('button', { name: 'Batalkan' }).waitFor();
    await page.getByRole('button', { name: /^Keranjang: 1/ }).click();
    // Who goes on to pay is offered it no more where a thumb might meet it.
    await toast.waitFor({ state: 'detached' });
    const row = sheet(page).getByRole('button', { name: `Batalkan booking ${SHIRT}` });
    await page.setViewportSize({ width: 740, height: 360 });
    await row.click();
    const question = sheet(page).getByRole('button', { name: 'Tidak jadi' });
    expect(await question.evaluate((one) => one === one.ownerDocument.activeElement)).toBe(true);
    const [answer, foot] = [
      await question.boundingBox(),
      await sheet(page).locator('.sheet-foot').boundingBox(),
    ];
    expect(answer && foot && answer.y + answer.height - foot.y).toBeLessThanOrEqual(0);
    await sheet(page).getByRole('button', { name: 'Ya, batalkan 1' }).click();
    await sees(sheet(page), 'Keranjang masih kosong');
    await page.getByRole('button', { name: 'Akun Viewer sari, reputasi 100' }).waitFor();
    expect(await api.item(items[0]?.itemId ?? '')).toMatchObject({ available: 5, booked: 0 });
  });
});
