import { computed, effect, signal } from '@preact/signals';
import type { Live } from '../../../../src/protocol/live.js';
import { api, everyRow } from './api.js';
import { claims } from './session.js';

const shopId = computed(() => claims.value?.shop);

/** The name that buyers know the shop by; null until it is known. */
export const knownShopName = signal<string | null>(null);

/** For paper and for messages to buyers: the shop's id rather than nothing. */
export const shopName = computed(() => knownShopName.value ?? shopId.value ?? '');

// Each sign-in may be to another shop.
effect(() => {
  void shopId.value;
  knownShopName.value = null;
});

/** A shop comes into being with its host's first request: ask after one. */
export async function loadShopName(): Promise<void> {
  const shop = shopId.peek();
  if (shop === undefined) return;
  const outcome = await api.shop(shop);
  if (outcome.ok && shop === shopId.peek()) knownShopName.value = outcome.data.name;
}

/** The shop's lives, newest first: what the cockpit picks from and the Lives page lists. */
export const lives = signal<readonly Live[] | null>(null);
/** A year of daily lives and more. */
const MOST = 1_000;
const PAGE = 200;

/** @param all otherwise the newest are enough, in one request */
export async function loadLives({ all = false } = {}): Promise<void> {
  const outcome = await everyRow(api.lives, { most: all ? MOST : PAGE });
  if (outcome.ok) lives.value = outcome.data;
}

/** Puts in what the server answered to a change, without asking for the whole list again. */
export function noteLive(live: Live): void {
  const known = lives.value ?? [];
  const index = known.findIndex((one) => one.liveId === live.liveId);
  lives.value = index < 0 ? [live, ...known] : known.map((one, i) => (i === index ? live : one));
}

export function forgetLives(): void {
  lives.value = null;
}

/** The live that a seller most likely wants: the one on air, else the next one, else the last. */
export function likeliestLive(known: readonly Live[]): Live | undefined {
  return (
    known.find((live) => live.status === 'live') ??
    known.find((live) => live.status === 'scheduled') ??
    known[0]
  );
}

/** Where viewers watch this live; on the server that served the console. */
export function viewerPage(liveId: string): string {
  const shop = claims.value?.shop ?? '';
  return `/live/${encodeURIComponent(shop)}/${encodeURIComponent(liveId)}`;
}
