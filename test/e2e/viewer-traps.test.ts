import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { viewer } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { seriousProblems } from './axe.js';
import { launchBrowser } from './browser.js';
import { book } from './console-stage.js';
import { card, openItem, openLive, sees, shelf } from './viewer-page.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await startServer({ redisUrl: redis.url, RATE_LIMIT: '0' });
  browser = await launchBrowser();
});

const PINS = 200;
const TAPS = 200;
const SETTLES_MS = 600;

interface Tap {
  at: number;
  /** What stood in the place of the tap so long before it. */
  before: string;
  /** And when it was made. */
  now: string;
}

/**
 * Writes down, frame by frame, what stands at a point of the page, and with each tap there what stood there before; and what is
 * sent to be booked.
 */
const WATCH_POINT = `(point) => {
  window.taps = [];
  window.watchedSince = performance.now();
  window.booked = [];
  const frames = [];
  const what = () => {
    const stage = document.querySelector('.stage');
    const under = document.elementFromPoint(point.x, point.y);
    return stage.contains(under) ? stage.querySelector('.stage-name').textContent : '';
  };
  const look = () => {
    frames.push({ at: performance.now(), what: what() });
    requestAnimationFrame(look);
  };
  look();
  addEventListener('click', (event) => {
    const then = event.timeStamp - ${SETTLES_MS};
    const before = frames.filter(({ at }) => at <= then).at(-1)?.what ?? '';
    window.taps.push({ at: performance.now(), before, now: what() });
  }, true);
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    const sent = /"booking:create",(\\{.*\\})/.exec(String(data));
    if (sent) window.booked.push({ at: performance.now(), itemId: JSON.parse(sent[1]).itemId });
    return send.call(this, data);
  };
}`;

describe('a tap', () => {
  it(`books what stood under it ${SETTLES_MS} ms before, or nothing: ${PINS} pins against ${TAPS} taps`, async () => {
    const shop = newShop();
    const api = host(server, shop);
    const wanted = Array.from({ length: 40 }, (_, n) => [`Barang ${n + 1}.`, { stock: 900 }]);
    const { live, items } = await shelf(api, Object.fromEntries(wanted));
    const pin = () => {
      const pinnedItemId = items[randomInt(items.length)]?.itemId;
      return api.patch(`/lives/${live.liveId}`, { pinnedItemId });
    };
    await pin();
    const place = { shop, liveId: live.liveId };
    const { page, complaints } = await openLive(browser, server, place, { as: 'sari' });
    const box = await page.locator('.stage-button').boundingBox();
    if (box === null) throw new Error('nothing is on show');
    const point = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
    await page.evaluate(`(${WATCH_POINT})(${JSON.stringify(point)})`);

    await expect
      .poll(() => page.evaluate('performance.now() - window.watchedSince'))
      .toBeGreaterThan(SETTLES_MS);

    let pinning = true;
    const pins = (async () => {
      for (let n = 0; n < PINS; n += 1) {
        await pin();
        // Mostly as fast as nobody is, now and then long enough for a tap to be meant.
        await delay(n % 25 === 0 ? 800 : randomInt(50));
      }
      pinning = false;
    })();
    for (let tap = 0; tap < TAPS || pinning; tap += 1) {
      // What lies over the stage after a tap on "Bayar" goes away with the next one.
      await page.mouse.click(point.x, point.y);
      await delay(randomInt(30));
    }
    await pins;

    const names = new Map(items.map(({ itemId, name }) => [itemId, name]));
    const taps = (await page.evaluate('window.taps')) as Tap[];
    const booked = (await page.evaluate('window.booked')) as { at: number; itemId: string }[];
    const wrong = booked.filter(({ at, itemId }) => {
      const tap = taps.filter((other) => other.at <= at).at(-1);
      return tap === undefined || !tap.before.endsWith(names.get(itemId) ?? '?');
    });
    const sprung = taps.filter(({ before, now }) => before !== now);
    console.log(
      `${taps.length} taps, ${sprung.length} of them on what had just changed: ${booked.length} booked`,
    );
    expect(wrong).toEqual([]);
    expect(booked.length).toBeGreaterThan(3);
    expect(sprung.length).toBeGreaterThan(20);
    expect(taps.length).toBeGreaterThanOrEqual(TAPS);
    expect(complaints).toEqual([]);
  });
});

/** Where every button of the page stands, frame by frame, until told to stop: those that were ever elsewhere. */
async function watchButtons(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(`{
    const first = new Map();
    const moved = new Set();
    const places = '.item, .stage, .header, .cart-bar, .finder';
    const look = () => {
      document.querySelectorAll(places).forEach((place) => {
        // What a variant of the thing on show stands on is there with that thing alone.
        const inIt = [...place.querySelectorAll('button')].filter((button) =>
          button.closest('.stage') === null || button.matches('.stage-button'));
        [place, ...inIt].forEach((button, m) => {
          const { left, top, width, height } = button.getBoundingClientRect();
          const at = [left, top, width, height].map(Math.round).join(' ');
          const key = (place.id || place.className) + ' ' + m;
          if (!first.has(key)) first.set(key, at);
          if (first.get(key) !== at) moved.add(key + ' ' + button.textContent.slice(0, 40) + ': ' + first.get(key) + ' → ' + at);
        });
      });
      if (window.watching) requestAnimationFrame(look);
    };
    window.watching = true;
    window.moved = () => { window.watching = false; return [...moved]; };
    look();
  }`);
  return async () => (await page.evaluate('window.moved()')) as string[];
}

describe('buttons', () => {
  it('stay where they are while 20 things a second happen', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.settings({ order: { ppnPercent: 11 } });
    const names = ['Kemeja / S', 'Kemeja / M', ...Array.from({ length: 8 }, (_, n) => `Rok ${n}`)];
    const { live, items } = await shelf(
      api,
      Object.fromEntries(names.map((name) => [name, { stock: 2 }])),
    );
    const place = { shop, liveId: live.liveId };
    const { page, complaints } = await openLive(browser, server, place, { as: 'sari' });
    await card(page, 'Rok 0').getByRole('button', { name: 'Keep Rok 0' }).click();
    await sees(card(page, 'Rok 0'), 'urutan ke-1');
    const others = await Promise.all(
      ['ani', 'budi', 'citra'].map((id) => viewer(server, shop, id)),
    );
    await api.patch(`/lives/${live.liveId}`, { pinnedItemId: items[9]?.itemId });
    await page.locator('.stage-button').waitFor();
    const moved = await watchButtons(page);

    for (let n = 0; n < 60; n += 1) {
      const item = items[n % items.length];
      const other = others[n % others.length];
      if (!item || !other) throw new Error('nobody is there');
      const { itemId } = item;
      const happens = [
        () => api.patch(`/lives/${live.liveId}`, { pinnedItemId: itemId }),
        // Sold out, back with a word, and sold out again.
        () => book(other, live, item, 1).catch(() => undefined),
        () => api.post(`/items/${itemId}/restock`, { quantity: 1, requestId: `more-${n}` }),
        () => api.patch(`/items/${itemId}`, { open: n % 8 !== 3, price: 85_000 + n * 1_000_000 }),
      ];
      await Promise.all([happens[n % 4]?.(), delay(50)]);
    }
    await api.post('/viewers/sari/reputation', { delta: -5, reason: 'Coba', requestId: 'less' });
    await sees(page.locator('.account-button'), '95');
    expect(await moved()).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

describe('what is too long or too large', () => {
  const LONG = 'Gamis Batik Parang Rusak Kualitas Premium Adem Busui Friendly Jumbo Ibu Menyusui';
  const RUN = 'KEMEJA'.repeat(15);

  it('pushes nothing off a screen of 320 px, also with text at 200 %', async () => {
    const shop = newShop();
    const api = host(server, shop);
    await api.patch('/shop', { name: RUN.slice(0, 60) });
    await api.settings({ order: { ppnPercent: 11, pricesIncludePpn: true } });
    const wanted = { [`${RUN} / ${LONG}`]: { stock: 9, price: 99_000_000 }, [LONG]: { stock: 9 } };
    const { live, items } = await shelf(api, { ...wanted, [`${RUN} / XL`]: { stock: 0 } });
    const pinnedItemId = items[0]?.itemId;
    await api.patch(`/lives/${live.liveId}`, { pinnedItemId, title: RUN });
    const place = { shop, liveId: live.liveId };
    const viewport = { width: 320, height: 640 };
    const { page } = await openLive(browser, server, place, { as: 'sari', viewport });
    await card(page, LONG)
      .getByRole('button', { name: `Keep ${LONG}` })
      .click();
    await sees(card(page, LONG), 'urutan ke-1');

    // With what comes on top said before the tap; and where there is no video, nothing in its place.
    await sees(page.locator('.stage'), /termasuk PPN\s11%/);
    expect(await page.locator('.video').count()).toBe(0);
    const heights = `['.stage', '.item-row'].map((kind) =>
      Math.max(...[...document.querySelectorAll(kind)].map((part) => part.offsetHeight)))`;
    expect(await page.evaluate(heights)).toEqual([120, 72]);
    expect(await offScreen(page)).toEqual([]);
    await page.evaluate("document.documentElement.style.fontSize = '200%'");
    expect(await offScreen(page)).toEqual([]);
    const item = await openItem(page, LONG);
    await sees(item, 'urutan ke-1');
    expect(await offScreen(page)).toEqual([]);
    expect(await seriousProblems(page)).toEqual([]);
    // On its side, where what stays leaves room for a row.
    await page.keyboard.press('Escape');
    await page.evaluate("document.documentElement.style.fontSize = ''");
    await page.setViewportSize({ width: 640, height: 320 });
    expect(await offScreen(page)).toEqual([]);
    const room = `document.querySelector('.cart-bar').getBoundingClientRect().top -
      Math.max(0, ...[...document.querySelectorAll('.stage, .header')]
        .filter((part) => ['sticky', 'fixed'].includes(getComputedStyle(part).position))
        .map((part) => part.offsetHeight))`;
    expect(await page.evaluate(room)).toBeGreaterThanOrEqual(72);
  });
});

/** What a thumb cannot reach: buttons outside the screen's sides, and the page itself, if it scrolls sideways. */
async function offScreen(page: Page): Promise<string[]> {
  return (await page.evaluate(`{
    const outside = [...document.querySelectorAll('button')].filter((button) => {
      const { left, right } = button.getBoundingClientRect();
      return button.closest('.chips, .codes') === null && (left < -1 || right > innerWidth + 1);
    });
    const wide = document.documentElement.scrollWidth > innerWidth ? ['the page'] : [];
    [...outside.map((button) => button.outerHTML.slice(0, 120)), ...wide];
  }`)) as string[];
}
