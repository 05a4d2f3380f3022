import type { Browser, CDPSession } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { atEnd } from '../support/at-end.js';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import { startServer, type TestServer } from '../support/server.js';
import { launchBrowser } from './browser.js';
import { PHONE, shelf } from './viewer-page.js';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await startServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

const ITEMS = 8;
const MOST_BYTES = 60 * 1024;
const MOST_SHIFT = 0.1;
/** A cheap phone in a crowded place: 400 kbit/s, 400 ms, a quarter of this machine's speed. */
const SLOW = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const CPU_RATE = 4;

/**
 * What comes over the wire until the page can be used, as it is sent: compressed, with headers and the frames of the socket. What
 * is asked for after the live has arrived is for later taps.
 */
function countBytes(devtools: CDPSession): () => number {
  let bytes = 0;
  let arrived = false;
  const late = new Set<string>();
  devtools.on('Network.requestWillBeSent', ({ requestId }) => {
    if (arrived) late.add(requestId);
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (!late.has(requestId)) bytes += encodedDataLength;
  });
  devtools.on('Network.webSocketFrameReceived', ({ response }) => {
    if (arrived) return;
    bytes += Buffer.byteLength(response.payloadData);
    arrived = response.payloadData.includes('"serverTime"');
  });
  return () => bytes;
}

it(`comes in ${MOST_BYTES / 1024} KB with ${ITEMS} items, and nothing on it shifts, also on a slow phone`, async () => {
  const shop = newShop();
  const api = host(server, shop);
  await api.settings({ socialMedia: { instagram: 'https://instagram.example/toko' } });
  const names = Array.from({ length: ITEMS }, (_, n) => [`Kemeja ${n + 1}`, { stock: 9 }]);
  const { live, items } = await shelf(api, Object.fromEntries(names));
  await api.patch(`/lives/${live.liveId}`, { pinnedItemId: items[0]?.itemId });
  const context = await browser.newContext({ viewport: PHONE, locale: 'id-ID' });
  atEnd(() => context.close());
  const page = await context.newPage();
  await page.addInitScript(`{
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    const usable = () => document.querySelector('.book-button[aria-disabled="false"]') !== null;
    new MutationObserver(() => { if (usable()) window.usableAt ??= performance.now(); })
      .observe(document, { childList: true, subtree: true, attributes: true });
  }`);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', SLOW);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU_RATE });
  const bytes = countBytes(devtools);

  await page.goto(`${server.url}/live/${shop}/${live.liveId}`, { waitUntil: 'commit' });
  await page.locator('.book-button[aria-disabled="false"]').first().waitFor();
  const weight = bytes();
  await page.getByRole('link', { name: 'Instagram' }).waitFor();
  const paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime";
  const first = "performance.getEntriesByName('first-paint')[0]?.startTime";
  const [shift, usableAt, painted, firstPaint] = (await page.evaluate(
    `[window.shift, window.usableAt, ${paint}, ${first}]`,
  )) as [number, number, number, number];
  console.log(
    `slow phone: ${(weight / 1024).toFixed(1)} KB, layout shift ${shift.toFixed(3)}, first paint ` +
      `${Math.round(firstPaint)} ms, first content ${Math.round(painted)} ms, usable ${Math.round(usableAt)} ms`,
  );
  expect(shift).toBeLessThanOrEqual(MOST_SHIFT);
  expect(weight).toBeLessThanOrEqual(MOST_BYTES);
});
