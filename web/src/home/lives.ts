import { signal } from '@preact/signals';
import { Api, everyRow, type PageOf, settle } from '../../../src/client/index.js';
import type { ShopView } from '../../../src/protocol/http.js';

/** The shops of this server that are live; null until first known. */
export const shops = signal<readonly ShopView[] | null>(null);
export const failed = signal(false);

const REFRESH_MS = 15_000;
const MOST = 10_000;

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
  const api = new Api();
  const readPage = (page: PageOf) => api.call('GET /shops', { query: page });
  const outcome = await settle(everyRow(readPage, { most: MOST }));
  failed.value = !outcome.ok;
  if (outcome.ok) shops.value = outcome.data.filter((shop) => shop.lives.length > 0);
}
