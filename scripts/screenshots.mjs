/** `npm run screenshots`: starts the demo on data of its own and takes the pictures that the README shows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureChromium, ensurePackages } from './setup.mjs';
import { runCommand } from './setup-error.mjs';

const PORT = '3090';
const URL = `http://127.0.0.1:${PORT}`;
const FOLDER = new globalThis.URL('../docs/images/', import.meta.url).pathname;
/** So long do the simulated viewers trade before the pictures are taken: a live in motion. */
const WARM_UP_MS = 60_000;

await runCommand(async () => {
  ensurePackages();
  ensureChromium();
  const dataDir = mkdtempSync(join(tmpdir(), 'livehold-screenshots-'));
  process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));
  Object.assign(process.env, { PORT, DATA_DIR: dataDir, LOG_LEVEL: 'warn' });
  await import('./demo.mjs');
  await pause(WARM_UP_MS);
  await takePictures();
  process.kill(process.pid, 'SIGTERM');
});

async function takePictures() {
  const { chromium } = await import('playwright-core');
  const { signToken } = await import('./local-token.mjs');
  const claims = { shop: 'demo', ttl: '1h' };
  const viewer = await signToken({ ...claims, role: 'viewer', sub: 'ani-hp', name: 'Ani' });
  const host = await signToken({ ...claims, role: 'host', sub: 'seller' });
  const { lives } = /** @type {any} */ (await (await fetch(`${URL}/api/v1/shops/demo`)).json());
  const livePage = `${URL}/live/demo/${lives[0].liveId}`;
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
  });
  const phone = { width: 360, height: 740 };
  const desktop = { width: 1440, height: 900 };
  for (const theme of /** @type {const} */ (['light', 'dark'])) {
    await picture(browser, `viewer-${theme}`, `${livePage}#token=${viewer}`, phone, theme, book);
    await picture(browser, `console-${theme}`, `${URL}/host#token=${host}`, desktop, theme);
  }
  await browser.close();
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} name
 * @param {string} address
 * @param {{ width: number, height: number }} viewport
 * @param {'light' | 'dark'} colorScheme
 * @param {(page: import('playwright-core').Page) => Promise<void>} [prepare]
 */
async function picture(browser, name, address, viewport, colorScheme, prepare) {
  const context = await browser.newContext({ viewport, colorScheme, locale: 'id-ID' });
  const page = await context.newPage();
  await page.goto(address);
  await page.getByText('Kemeja Panjang Linen').first().waitFor();
  await prepare?.(page);
  // Charts and placeholders settle.
  await pause(3_000);
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  await context.close();
  console.log(`  docs/images/${name}.png`);
}

/** @param {import('playwright-core').Page} page */
async function book(page) {
  const button = page.getByRole('button', { name: /^(Keep|Bayar)/ }).first();
  await button.click({ timeout: 5_000 }).catch(() => {});
}
