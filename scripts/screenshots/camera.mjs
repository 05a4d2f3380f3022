/** Chromium as a camera: pages of any size, theme and language, and pictures of what stands on them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const SIZES = {
  phone: { width: 390, height: 844 },
  small: { width: 360, height: 640 },
  smallest: { width: 320, height: 640 },
  side: { width: 740, height: 360 },
  desktop: { width: 1440, height: 900 },
};
const QUALITY = 82;

/**
 * How a page is opened.
 * @typedef {object} Look
 * @property {keyof typeof SIZES} [size] a phone unless said otherwise
 * @property {'light' | 'dark'} [theme]
 * @property {'id' | 'en'} [language]
 * @property {'200%'} [font] of twice the size
 */

export class Camera {
  /** @type {string[]} */
  taken = [];

  /**
   * @param {import('playwright-core').Browser} browser
   * @param {{ url: string, folder: string, only: string }} options `only`: a part of the names that are kept
   */
  constructor(browser, { url, folder, only }) {
    this.browser = browser;
    this.url = url;
    this.folder = folder;
    this.only = only;
    mkdirSync(folder, { recursive: true });
  }

  /** @param {{ url: string, folder: string, only: string }} options */
  static async open(options) {
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
    });
    return new Camera(browser, options);
  }

  /**
   * Opens a page; its context is closed by `page.context().close()`.
   * @param {string} address of the server, from its first slash
   * @param {Look} [look]
   */
  async page(address, { size = 'phone', theme = 'light', language = 'id', font } = {}) {
    const localStorage = [{ name: 'livehold.locale', value: language }];
    const context = await this.browser.newContext({
      viewport: SIZES[size],
      colorScheme: theme,
      locale: 'id-ID',
      timezoneId: 'Asia/Jakarta',
      reducedMotion: 'reduce',
      storageState: { cookies: [], origins: [{ origin: this.url, localStorage }] },
    });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    await page.goto(this.url + address);
    if (font !== undefined)
      await page.evaluate(`document.documentElement.style.fontSize = '${font}'`);
    return page;
  }

  /**
   * Takes what is in sight, once nothing moves any more.
   * @param {import('playwright-core').Page} page
   * @param {string} name of the file
   */
  async take(page, name) {
    if (!name.includes(this.only)) return;
    await page.evaluate(`Promise.all(document.getAnimations()
      .filter((one) => one.effect.getTiming().iterations !== Infinity)
      .map((one) => one.finished.catch(() => undefined)))`);
    const devtools = await page.context().newCDPSession(page);
    const { data } = await devtools.send('Page.captureScreenshot', {
      format: 'webp',
      quality: QUALITY,
    });
    await devtools.detach();
    writeFileSync(join(this.folder, `${name}.webp`), Buffer.from(data, 'base64'));
    this.taken.push(name);
    console.log(`  ${name}`);
  }

  async close() {
    await this.browser.close();
    const pictures = this.taken.map(
      (name) => `<figure><img src="${name}.webp" alt=""><figcaption>${name}</figcaption></figure>`,
    );
    const style =
      'figure{display:inline-block;margin:8px}img{max-width:480px;border:1px solid #999}';
    const html = `<!doctype html><meta charset="utf-8"><title>Livehold</title><style>${style}</style>${pictures.join('\n')}`;
    writeFileSync(join(this.folder, 'index.html'), html);
  }
}
