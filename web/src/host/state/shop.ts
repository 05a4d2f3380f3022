import { effect, signal } from '@preact/signals';
import { api } from './api.js';
import { claims } from './session.js';

/** The name that buyers know the shop by; its id until the name is known. */
export const shopName = signal('');

// Each sign-in may be to another shop.
effect(() => {
  shopName.value = claims.value?.shop ?? '';
});

/** A shop comes into being with its host's first request: ask after one. */
export async function loadShopName(): Promise<void> {
  const shop = claims.peek()?.shop;
  if (shop === undefined) return;
  const outcome = await api.shop(shop);
  if (outcome.ok && shop === claims.peek()?.shop) shopName.value = outcome.data.name;
}
