import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { ItemView } from '../../src/protocol/item.js';
import type { Live } from '../../src/protocol/live.js';
import { atEnd } from '../support/at-end.js';
import type { Host } from '../support/host.js';
import type { Reachable } from '../support/server-environment.js';
import { signToken } from '../support/tokens.js';

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 800 };

export interface Shelf {
  live: Live;
  items: ItemView[];
}

/** A live that is on, with the named items in the shop's words. */
export async function shelf(
  host: Host,
  wanted: Record<string, { stock: number; price?: number }>,
): Promise<Shelf> {
  const items: ItemView[] = [];
  for (const [name, { stock, price = 85_000 }] of Object.entries(wanted)) {
    const code = `A${items.length + 1}`;
    const body = { sku: `SKU-${code}`, code, name, price, stock };
    items.push((await host.post<{ item: ItemView }>('/items', body)).item);
  }
  const itemIds = items.map((item) => item.itemId);
  const created = await host.post<{ live: Live }>('/lives', { title: 'Live malam ini', itemIds });
  const { live } = await host.post<{ live: Live }>(`/lives/${created.live.liveId}/start`);
  return { live, items };
}

export interface ViewerPage {
  page: Page;
  /** What the browser complained of: errors of scripts, of the policy, of requests. */
  complaints: string[];
}

interface ViewerOptions extends BrowserContextOptions {
  /** The viewer's id, as the merchant's token names it; without one the page only watches. */
  as?: string;
}

/** Opens a live's page as a phone does, by the merchant's link if `as` names a viewer, and waits for its items and its connection. */
export async function openLive(
  browser: Browser,
  server: Reachable,
  { shop, liveId }: { shop: string; liveId: string },
  { as, ...ofContext }: ViewerOptions = {},
): Promise<ViewerPage> {
  const context = await browser.newContext({ viewport: PHONE, locale: 'id-ID', ...ofContext });
  atEnd(() => context.close());
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(
    `${server.url}/live/${shop}/${liveId}${as === undefined ? '' : fragment(as, shop)}`,
  );
  await page.locator('.item').first().waitFor();
  // Its rows come before its connection.
  await page.locator('html[data-state="current"]').waitFor();
  return { page, complaints };
}

function fragment(as: string, shop: string): string {
  return `#token=${signToken({ sub: as, shop, role: 'viewer', name: `Viewer ${as}` })}`;
}

export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}

export function card(page: Page, name: string): Locator {
  return page.getByRole('article', { name });
}

/** Opens all there is to know of an item, and answers its sheet. */
export async function openItem(page: Page, name: string): Promise<Locator> {
  await card(page, name).locator('.item-facts').click();
  return sheet(page);
}

export function sheet(page: Page): Locator {
  return page.getByRole('dialog');
}

/** Waits until the place shows this text somewhere in it. */
export async function sees(place: Locator, text: string | RegExp): Promise<void> {
  await place.filter({ hasText: text }).first().waitFor();
}

/** What the page tells screen readers from now on, in order. */
export async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(`{
    window.heard = [];
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        if (!target.closest('[aria-live]')) continue;
        for (const added of addedNodes) window.heard.push(added.textContent.trim());
      }
    }).observe(document.body, { childList: true, subtree: true });
  }`);
  return async () => (await page.evaluate('window.heard')) as string[];
}
