import { effect, signal } from '@preact/signals';
import { claims } from '../state/session.js';
import type { Drafts } from './settingsForm.js';

/**
 * What was typed into the settings and not saved: kept in this tab, so that another page, a reload or a new sign-in loses
 * nothing, and never sent by itself.
 */
export const draft = signal<Drafts>({});

function keyOf(shop: string): string {
  return `livehold.host.settingsDraft.${shop}`;
}

effect(() => {
  const shop = claims.value?.shop;
  draft.value = shop === undefined ? {} : stored(shop);
});

export function keepDraft(next: Drafts): void {
  const shop = claims.peek()?.shop;
  if (shop === undefined || JSON.stringify(next) === JSON.stringify(draft.peek())) return;
  draft.value = next;
  if (Object.keys(next).length === 0) sessionStorage.removeItem(keyOf(shop));
  else sessionStorage.setItem(keyOf(shop), JSON.stringify(next));
}

function stored(shop: string): Drafts {
  return JSON.parse(sessionStorage.getItem(keyOf(shop)) ?? '{}') as Drafts;
}

// Closing the tab would lose it: the browser asks in its own words.
addEventListener('beforeunload', (event) => {
  if (Object.keys(draft.peek()).length > 0) event.preventDefault();
});
