import { batch } from '@preact/signals';
import type { FirstSight } from '../../../src/protocol/snapshot.js';
import { live, rules, shop, stock } from './state.js';

/** What the server has written into the page: the rows are there before the connection is, whose snapshot takes their place. */
export function showFirstSight(): void {
  const written = document.getElementById('first-sight')?.textContent;
  if (!written) return;
  const sight = JSON.parse(written) as FirstSight;
  batch(() => {
    live.value = sight.live;
    rules.value = sight.rules ?? null;
    shop.value = sight.shop;
    stock.replace(sight.items);
  });
}
