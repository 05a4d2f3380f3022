import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { atEnd } from '../support/at-end.js';
import type { Reachable } from '../support/server-environment.js';
import { signToken } from '../support/tokens.js';
import { until } from '../support/until.js';

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 800 };

export interface ConsolePage {
  page: Page;
  /** What the browser complained of: errors of scripts, of the policy, of requests. */
  complaints: string[];
}

/** Opens the console as a seller does, by the link with the token, on a page of it. */
export async function openConsole(
  browser: Browser,
  server: Reachable,
  shop: string,
  options: BrowserContextOptions & { at?: string } = {},
): Promise<ConsolePage> {
  const { at, ...ofContext } = options;
  const context = await browser.newContext({ viewport: DESKTOP, ...ofContext });
  atEnd(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`${server.url}/host#token=${hostToken(shop)}`);
  await page.locator('.connection-online').waitFor();
  if (at !== undefined) await show(page, at);
  return { page, complaints };
}

export function hostToken(shop: string): string {
  return signToken({ sub: 'host', shop, role: 'host', name: 'Host' });
}

/** Goes to a page of the console by its address, as a bookmark does. */
export async function show(page: Page, at: string): Promise<void> {
  await page.evaluate(`location.hash = '#/${at}'`);
  await page.locator(`main.page-${at.split(/[/?]/)[0]}`).waitFor();
}

/** Waits until a place shows exactly this text. */
export async function shows(place: Locator, text: string | RegExp): Promise<void> {
  let last = '';
  const seen = async () => {
    // biome-ignore lint/performance/useDomNodeTextContent: what a person sees, not what is hidden
    last = ((await place.count()) === 0 ? '' : await place.first().innerText()).trim();
    return typeof text === 'string' ? last === text : text.test(last);
  };
  await until(`${place} shows ${text}`, seen).catch(() => {
    throw new Error(`${place} shows "${last}", not "${text}"`);
  });
}

/** A number of a live's report. */
export function total(page: Page, bucket: string): Locator {
  return page.locator(`[data-total="${bucket}"]`);
}

/** The number of a bucket of the item in hand. */
export function bucket(page: Page, name: string): Locator {
  return page.locator(`.selected [data-bucket="${name}"]`);
}
