import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ViewerClient, viewer } from '../support/client.js';
import { host, newShop } from '../support/host.js';
import { startRedis } from '../support/redis-server.js';
import type { Reachable } from '../support/server-environment.js';
import { spawnServer } from '../support/server-process.js';
import { until } from '../support/until.js';
import { launchBrowser } from './browser.js';
import { openLive, type Shelf, sees, shelf } from './viewer-page.js';

let server: Reachable;
let browser: Browser;

beforeAll(async () => {
  const redis = await startRedis();
  server = await spawnServer({ redisUrl: redis.url });
  browser = await launchBrowser();
});

/** One more than are tapped, for its stock to be seen. */
const ITEMS = 25;
const CHANGES_A_MINUTE = 5_000;
const TAPS = 24;
const SLOW_DOWN = 4;
/**
 * For the middle tap. Web Vitals calls 200 ms good and 500 ms poor; the slowest taps measure the machine, where browser,
 * server and crowd share the cores, and are printed only.
 */
const MEDIAN_MS = 300;

/** Others book without pause, each booking a change of stock, at an even pace over all items, until told to stop. */
function crowd(others: ViewerClient[], { live, items }: Shelf): { stop(): Promise<number> } {
  const started = performance.now();
  let made = 0;
  let stopped = false;
  const run = (async () => {
    while (!stopped) {
      const due = Math.floor(((performance.now() - started) / 60_000) * CHANGES_A_MINUTE);
      const wave: Promise<unknown>[] = [];
      for (; made < due; made += 1) {
        const itemId = items[made % items.length]?.itemId ?? '';
        const booking = { liveId: live.liveId, itemId, quantity: 1, requestId: randomUUID() };
        const other = others[made % others.length];
        if (other) wave.push(other.ask('booking:create', booking));
      }
      await Promise.all(wave);
      await delay(10);
    }
  })();
  return {
    async stop() {
      stopped = true;
      await run;
      return (made / (performance.now() - started)) * 60_000;
    },
  };
}

/** Measures each tap in the page, from the finger's event to the frame that shows the answer to it. */
async function measureTaps(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(`{
    window.taps = [];
    document.addEventListener('click', (event) => {
      requestAnimationFrame(() => setTimeout(() => window.taps.push(performance.now() - event.timeStamp)));
    }, true);
  }`);
  return async () => (await page.evaluate('window.taps')) as number[];
}

function percentile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

describe('a crowded live on a slow phone', () => {
  it(`keeps every tap at ${SLOW_DOWN}× slow-down and ${CHANGES_A_MINUTE} stock changes a minute`, async () => {
    const shop = newShop();
    const wanted = Object.fromEntries(
      Array.from({ length: ITEMS }, (_, n) => [`Barang ${n + 1}.`, { stock: 100_000 }]),
    );
    const stage = await shelf(host(server, shop), wanted);
    const place = { shop, liveId: stage.live.liveId };
    const { page, complaints } = await openLive(browser, server, place, {
      as: 'sari',
      hasTouch: true,
      isMobile: true,
    });
    const others = await Promise.all(
      Array.from({ length: 30 }, (_, n) => viewer(server, shop, `other-${n}`)),
    );
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOW_DOWN });
    const measured = await measureTaps(page);
    const rush = crowd(others, stage);

    const answers: number[] = [];
    for (let tap = 0; tap < TAPS; tap += 1) {
      const card = page.locator('.item').nth(tap % ITEMS);
      await card.scrollIntoViewIfNeeded();
      const at = performance.now();
      await card.locator('.book-button').tap();
      await sees(card, /urutan ke-\d/);
      answers.push(performance.now() - at);
    }
    const pace = await rush.stop();
    const latencies = (await measured()).sort((a, b) => a - b);
    answers.sort((a, b) => a - b);
    console.log(
      `${SLOW_DOWN}x slow-down, ${Math.round(pace)} stock changes a minute: tap to paint ` +
        `p50 ${percentile(latencies, 0.5).toFixed(0)} ms, p95 ${percentile(latencies, 0.95).toFixed(0)} ms, ` +
        `max ${latencies.at(-1)?.toFixed(0)} ms; tap to "number n", driver included, ` +
        `p50 ${percentile(answers, 0.5).toFixed(0)} ms, max ${answers.at(-1)?.toFixed(0)} ms`,
    );

    expect(pace).toBeGreaterThan(CHANGES_A_MINUTE * 0.9);
    expect(latencies).toHaveLength(TAPS);
    expect(percentile(latencies, 0.5)).toBeLessThan(MEDIAN_MS);
    const me = await (await viewer(server, shop, 'sari')).ask('me:get', {});
    expect(me.bookings).toHaveLength(TAPS);
    await until('the page shows the stock of the API', async () => {
      const { available } = await host(server, shop).item(stage.items.at(-1)?.itemId ?? '');
      const shown = await page.locator('.item').last().textContent();
      return shown?.includes(`Tersedia ${available.toLocaleString('id-ID')}`);
    });
    expect(complaints).toEqual([]);
  }, 180_000);
});
