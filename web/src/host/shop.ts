import { effect, signal } from '@preact/signals';
import { api } from './api.js';
import { claims } from './session.js';

/** The name that buyers know the shop by; its id until the name is known. Asked for when something first shows it. */
export const shopName = signal('', { watched: () => queueMicrotask(follow) });

let isFollowed = false;

function follow(): void {
  if (isFollowed) return;
  isFollowed = true;
  // Each sign-in may be to another shop.
  effect(() => {
    const shop = claims.value?.shop;
    shopName.value = shop ?? '';
    if (shop === undefined) return;
    void api.shop(shop).then((outcome) => {
      if (outcome.ok && shop === claims.peek()?.shop) shopName.value = outcome.data.name;
    });
  });
}
