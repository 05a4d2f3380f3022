/** The states of the seller's console, over an evening. */
import { RECIPIENT, Shop } from './shop.mjs';

/** @typedef {import('./camera.mjs').Camera} Camera */
/** @typedef {import('./camera.mjs').Look} Look */
/** @typedef {import('playwright-core').Page} Page */

/** @type {import('../../src/protocol/settings.js').SettingsPatch} */
const SETTINGS = {
  order: { ppnPercent: 11, uniqueTransferCode: true, shippingFee: 12_000 },
  bankAccounts: [{ bank: 'BCA', number: '123 456 7890', holder: 'Ani Lestari' }],
  booking: { tiers: [{ belowReputation: 70, maxBookings: 2, bookingTimeoutMinutes: 5 }] },
};

/** @type {Record<string, (camera: Camera) => Promise<void>>} */
export const CONSOLE_SCENES = {
  async 'a new shop'(camera) {
    const page = await camera.page('/host');
    await page.getByLabel('Kode masuk penjual').waitFor();
    await camera.take(page, 'console-sign-in');
    await page.context().close();
    const shop = await Shop.open(camera.url, { items: [], started: false });
    const own = await enter(camera, shop);
    await camera.take(own, 'console-new-cockpit');
    await go(own, 'items');
    await camera.take(own, 'console-new-items');
    await go(own, 'orders');
    await camera.take(own, 'console-new-orders');
    await leave(own, shop);
  },

  async cockpit(camera) {
    await cockpit(camera, 'console', {});
  },
  async 'cockpit on a phone'(camera) {
    await cockpit(camera, 'console-phone', { size: 'phone' });
  },
  async 'cockpit on a small phone, dark'(camera) {
    await cockpit(camera, 'console-small', { size: 'small', theme: 'dark' });
  },
  async 'cockpit on its side'(camera) {
    await cockpit(camera, 'console-side', { size: 'side' });
  },
  async 'cockpit, dark, English'(camera) {
    await cockpit(camera, 'console-dark-en', { theme: 'dark', language: 'en' });
  },

  async pages(camera) {
    await pages(camera, 'console', {});
  },
  async 'pages on a phone'(camera) {
    await pages(camera, 'console-phone', { size: 'phone' });
  },
  async 'pages, dark, English'(camera) {
    await pages(camera, 'console-dark-en', { theme: 'dark', language: 'en' });
  },

  async money(camera) {
    await money(camera, 'console', {});
  },
  async 'money on a phone'(camera) {
    await money(camera, 'console-phone', { size: 'phone' });
  },

  async team(camera) {
    const shop = await Shop.open(camera.url, { settings: SETTINGS });
    const page = await enter(camera, shop, {}, 'settings/team');
    await page.getByLabel('Nama', { exact: true }).fill('Sari');
    await page.getByRole('button', { name: 'Buat tautan masuk' }).click();
    await page.locator('.dialog .qr path').waitFor();
    await camera.take(page, 'console-invite');
    const url = await page.getByLabel('Tautan', { exact: true }).inputValue();
    const phone = await camera.page(url.slice(camera.url.length), { size: 'phone' });
    await phone.getByRole('button', { name: 'Masuk di perangkat ini' }).waitFor();
    await camera.take(phone, 'console-phone-link');
    await phone.getByRole('button', { name: 'Masuk di perangkat ini' }).click();
    await phone.locator('.connection-online').waitFor();
    await go(phone, 'settings/order');
    await camera.take(phone, 'console-phone-helper');
    await phone.context().close();
    await leave(page, shop);
  },

  async offline(camera) {
    const shop = await Shop.open(camera.url);
    for (const size of /** @type {const} */ (['desktop', 'phone'])) {
      const page = await enter(camera, shop, { size });
      await page.context().setOffline(true);
      await page.locator('.connection-offline').waitFor();
      await camera.take(page, `console-offline-${size}`);
      await page.context().close();
    }
    shop.close();
  },
};

/**
 * A live in motion: what is on show, who got it, what is asked of the seller.
 * @param {Camera} camera
 * @param {string} name
 * @param {Look} look
 */
async function cockpit(camera, name, look) {
  const shop = await Shop.open(camera.url, { settings: SETTINGS });
  await shop.pin('B1');
  for (const [who, quantity] of /** @type {const} */ ([
    ['Rina', 1],
    ['Budi', 2],
    ['Wati Kusumaningrum Sastrowardoyo', 1],
  ]))
    await shop.book(who, 'B1', quantity);
  for (const who of ['Dewi', 'Tono']) {
    const viewer = await shop.viewer(who);
    await viewer.wait(shop.item('B1'), 1);
  }
  await shop.order('Citra', 'C1', { claimed: true });
  await shop.order('Eka', 'A1');
  const comment = (
    /** @type {string} */ id,
    /** @type {string} */ who,
    /** @type {string} */ text,
  ) => {
    const author = { authorId: who.toLowerCase(), authorName: who };
    const body = { liveId: shop.liveId, source: 'tiktok', commentId: id, text, ...author };
    return shop.api.call('POST /comments', { body });
  };
  const page = await enter(camera, shop, look);
  await page.locator('.waiting-row').first().waitFor({ state: 'attached' });
  await comment('1', 'Fitri', 'keep A1 2 kak 🙏');
  await comment('2', 'Hesti', 'B1 masih ada kak?');
  const narrow = look.size !== undefined && look.size !== 'desktop';
  const tab = (/** @type {string} */ value) =>
    page.locator(`${narrow ? '.cockpit-sections' : '.side-tabs'} [data-value="${value}"]`);
  await tab('comments').waitFor();
  await camera.take(page, `${name}-cockpit`);
  if (narrow) {
    await page.evaluate(
      'document.querySelector(".column-show").scrollTo(0, 9999); document.querySelector(".page-cockpit").scrollTo(0, 9999)',
    );
    await camera.take(page, `${name}-cockpit-below`);
    await tab('queue').click();
    await camera.take(page, `${name}-queue`);
  }
  for (const value of ['actions', 'bookings', 'comments']) {
    await tab(value).click();
    await camera.take(page, `${name}-${value}`);
  }
  await tab('actions').click();
  for (const tick of await page.locator('.todo-tick input').all()) await tick.check();
  await camera.take(page, `${name}-chosen`);
  await page.locator('.todo-foot .button').click();
  await page.locator('.dialog').waitFor();
  await camera.take(page, `${name}-confirm`);
  await page.locator('.dialog .button-primary').click();
  await page.locator('.confirm-summary').waitFor();
  await camera.take(page, `${name}-confirmed`);
  await page.keyboard.press('Escape');
  if (narrow) await tab('show').click();
  for (const [what, nth] of /** @type {const} */ ([
    ['restock', 2],
    ['price', 3],
    ['book-for', 6],
  ])) {
    await page.locator('.action').nth(nth).click();
    await page.locator('.dialog').waitFor();
    await camera.take(page, `${name}-${what}`);
    await page.keyboard.press('Escape');
    await page.locator('.dialog').waitFor({ state: 'detached' });
  }
  await page.locator('.action').first().click();
  await page.locator('.toast').waitFor();
  await camera.take(page, `${name}-toast`);
  await page.locator('.action').nth(4).click();
  await page.locator('.pending-one').waitFor();
  await camera.take(page, `${name}-closing`);
  await page.locator('.live-header .icon-button').last().click();
  await page.locator('.live-menu').waitFor();
  await camera.take(page, `${name}-menu`);
  await shop.api.call('POST /lives/:id/end', { params: { id: shop.liveId } });
  await page.keyboard.press('Escape');
  await page.locator('.live-status:not(.badge-live)').waitFor();
  await camera.take(page, `${name}-ended`);
  await leave(page, shop);
}

/**
 * Every page beside the cockpit.
 * @param {Camera} camera
 * @param {string} name
 * @param {Look} look
 */
async function pages(camera, name, look) {
  const shop = await Shop.open(camera.url, { settings: SETTINGS });
  await shop.order('Rina', 'C1', { paid: true });
  await shop.book('Budi', 'B1', 2);
  const params = { id: 'rina' };
  await shop.api.call('POST /viewers/:id/reputation', {
    params,
    body: { delta: -40, reason: 'Dua kali tidak bayar', requestId: 'less' },
  });
  await shop.api.call('PATCH /viewers/:id', {
    params: { id: 'budi' },
    body: { status: 'restricted' },
  });
  const page = await enter(camera, shop, look);
  for (const at of [
    'items',
    'lives',
    'lives/new',
    'orders',
    'viewers',
    'settings/order',
    'settings/booking',
    'settings/socialMedia',
    'settings/bankAccounts',
    'settings/gateway',
    'settings/team',
    'settings/changes',
  ]) {
    await go(page, at);
    await camera.take(page, `${name}-${at.replace('/', '-')}`);
  }
  await go(page, `lives/${shop.liveId}?view=report`);
  await page.locator('.totals').waitFor();
  await camera.take(page, `${name}-report`);
  await go(page, 'lives?view=periods');
  await camera.take(page, `${name}-periods`);
  await go(page, 'items');
  await page.locator('.item-line').first().locator('.line-actions .button').last().click();
  await page.locator('.dialog').waitFor();
  await camera.take(page, `${name}-item`);
  await page.keyboard.press('Escape');
  await go(page, 'viewers');
  await page.locator('[data-viewer="rina"] .line-actions .button').first().click();
  await page.locator('.dialog .ledger-line').first().waitFor();
  await camera.take(page, `${name}-viewer`);
  await page.keyboard.press('Escape');
  await page.locator('.health').click();
  await page.locator('.dialog').waitFor();
  await camera.take(page, `${name}-health`);
  await leave(page, shop);
}

/**
 * From the transfer to the parcel, to what is printed and what goes back.
 * @param {Camera} camera
 * @param {string} name
 * @param {Look} look
 */
async function money(camera, name, look) {
  const shop = await Shop.open(camera.url, { settings: SETTINGS });
  const paid = [];
  for (const who of ['Rina', 'Budi', 'Citra'])
    paid.push(await shop.order(who, 'C1', { paid: true, to: RECIPIENT.name }));
  await shop.order('Dewi', 'A1', { claimed: true });
  await shop.order('Eka', 'A2');
  const page = await enter(camera, shop, look, 'orders?status=transfer');
  await page.locator('.row-check').nth(1).waitFor();
  await camera.take(page, `${name}-transfers`);
  await page.locator('.row-check').first().check();
  await camera.take(page, `${name}-transfer-chosen`);
  await go(page, 'orders?status=paid');
  const line = page.locator(`[data-order="${paid[0]?.orderId}"]`);
  await line.locator('.line-actions .button').first().click();
  await page.locator('.dialog').waitFor();
  await camera.take(page, `${name}-order`);
  await page.keyboard.press('Escape');
  const ids = paid.map(({ orderId }) => orderId).join(',');
  for (const sheet of ['invoice', 'slip', 'label', 'picking']) {
    await go(page, `print/${sheet}?ids=${ids}`);
    await page.locator('.print-bar .button-primary:not([disabled])').waitFor();
    await camera.take(page, `${name}-print-${sheet}`);
  }
  const params = { id: paid[0]?.orderId ?? '' };
  await shop.api.call('POST /orders/:id/refund', {
    params,
    body: { restock: true, requestId: 'r' },
  });
  await go(page, 'orders/refunds');
  await page.locator('.refund-line').waitFor();
  await camera.take(page, `${name}-refunds`);
  await go(page, 'orders/notices');
  await camera.take(page, `${name}-notices`);
  await leave(page, shop);
}

/** @param {Camera} camera @param {Shop} shop @param {Look} [look] @param {string} [at] */
async function enter(camera, shop, look = {}, at) {
  const page = await camera.page(await shop.console(), { size: 'desktop', ...look });
  await page.locator('.connection-online').waitFor({ state: 'attached' });
  if (at !== undefined) await go(page, at);
  return page;
}

/** @param {Page} page @param {string} at */
async function go(page, at) {
  await page.evaluate(`location.hash = '#/${at}'`);
  await page.locator(`main.page-${at.split(/[/?]/)[0]}`).waitFor();
  await page.waitForLoadState('networkidle');
}

/** @param {Page} page @param {Shop} shop */
async function leave(page, shop) {
  await page.context().close();
  shop.close();
}
