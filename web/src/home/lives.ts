import { signal } from '@preact/signals';
import type { Page, ShopView } from '../../../src/protocol/http.js';
import { request } from '../shared/api.js';

/** The shops of this server that are live; null until first known. */
export const shops = signal<readonly ShopView[] | null>(null);
export const failed = signal(false);

const REFRESH_MS = 15_000;

/** Loads the lives and keeps them fresh while the page is looked at. */
export function startLives(): void {
  void load();
  setInterval(() => {
    if (document.visibilityState === 'visible') void load();
  }, REFRESH_MS);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void load();
  });
}

export async function load(): Promise<void> {
  const found: ShopView[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const outcome = await request<Page<ShopView>>(`/shops?limit=200${query}`);
    failed.value = !outcome.ok;
    if (!outcome.ok) return;
    found.push(...outcome.data.items.filter((shop) => shop.lives.length > 0));
    cursor = outcome.data.nextCursor;
  } while (cursor !== null);
  shops.value = found;
}
