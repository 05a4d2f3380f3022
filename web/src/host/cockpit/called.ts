import { effect, signal } from '@preact/signals';
import { live } from '../state/room.js';

/** Winners whom the seller has called out, by booking: kept in this browser, live by live. */
const KEY = 'livehold.host.called.';
const MOST_LIVES = 5;

export const called = signal<ReadonlySet<string>>(new Set());

export function toggleCalled(bookingId: string): void {
  const next = new Set(called.value);
  if (!next.delete(bookingId)) next.add(bookingId);
  called.value = next;
  const liveId = live.peek()?.liveId;
  if (liveId === undefined) return;
  forgetOldLives(KEY + liveId);
  try {
    localStorage.setItem(KEY + liveId, JSON.stringify({ at: Date.now(), ids: [...next] }));
  } catch {
    // Storage refused or full: the ticks last for this visit.
  }
}

effect(() => {
  const liveId = live.value?.liveId;
  called.value = new Set(liveId === undefined ? [] : stored(KEY + liveId).ids);
});

function stored(key: string): { at: number; ids: string[] } {
  try {
    const { at, ids } = JSON.parse(localStorage.getItem(key) ?? '{}');
    return { at: Number(at) || 0, ids: Array.isArray(ids) ? ids : [] };
  } catch {
    return { at: 0, ids: [] };
  }
}

function forgetOldLives(except: string): void {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(KEY) && key !== except);
  const newestFirst = keys.sort((a, b) => stored(b).at - stored(a).at);
  for (const key of newestFirst.slice(MOST_LIVES - 1)) localStorage.removeItem(key);
}
