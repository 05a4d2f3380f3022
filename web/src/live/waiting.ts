import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { WaitlistEntry } from '../../../src/protocol/waitlist.js';
import { errorText } from '../shared/errorText.js';
import { number } from '../shared/format.js';
import { toast } from '../shared/toast.js';
import { coolDown } from './cooldowns.js';
import { bookings } from './me.js';
import { say } from './messages.js';
import { vibrate } from './notices.js';
import { ask, itemName, rules, stock } from './state.js';

/** Places in waiting lines, and the short glow of a row whose stock came back. */

/** Takes a place in line; tells in one message how that went. */
export async function waitFor(itemId: string, quantity: number): Promise<void> {
  const outcome = await ask((viewer) => viewer.wait(itemId, quantity));
  const name = itemName(itemId);
  if (!outcome.ok) {
    coolDown(itemId, outcome.error.details?.until);
    toast(errorText(outcome.error), 'bad', { topic: 'booking' });
    return;
  }
  const minutes = number(rules.peek()?.waitlistOfferMinutes ?? 0);
  if (outcome.data.status === 'waiting')
    toast(say('waits', { name, minutes }), 'good', { topic: 'booking' });
}

export async function stopWaiting({ entryId, itemId }: WaitlistEntry): Promise<void> {
  const outcome = await ask((viewer) => viewer.stopWaiting(entryId));
  if (outcome.ok) toast(say('waitsNoMore', { name: itemName(itemId) }), 'info');
  else toast(errorText(outcome.error), 'bad');
}

/** What became of a place in line. A place that was left was left here, and is told there. */
export function tellEntry(entry: WaitlistEntry): void {
  const name = itemName(entry.itemId);
  if (entry.status === 'served') {
    vibrate([120, 60, 120, 60, 120]);
    const held = bookings.peek().find(({ bookingId }) => bookingId === entry.bookingId);
    const count = held?.quantity ?? entry.quantity;
    toast(say('yourTurn', { name, count }), 'good', { topic: 'booking', shownMs: 12_000 });
  } else if (entry.status === 'dropped') {
    const reason = errorText({ code: entry.reason ?? 'INTERNAL', message: '' });
    toast(say('dropped', { name, reason }), 'bad', { shownMs: 12_000 });
  }
}

const GLOW_MS = 4_000;

interface Glow {
  readonly quantity: Signal<number>;
  timer?: ReturnType<typeof setTimeout>;
}
const glows = new Map<string, Glow>();

function glowOf(itemId: string): Glow {
  let glow = glows.get(itemId);
  if (glow === undefined) {
    glow = { quantity: signal(0) };
    glows.set(itemId, glow);
  }
  return glow;
}

/** How many units of the item came back in the last seconds; 0 when the row should rest. */
export function justReleased(itemId: string): ReadonlySignal<number> {
  return glowOf(itemId).quantity;
}

export function markReleased(itemId: string, quantity: number): void {
  if (stock.get(itemId) === undefined) return;
  const glow = glowOf(itemId);
  clearTimeout(glow.timer);
  glow.quantity.value += quantity;
  glow.timer = setTimeout(() => {
    glow.quantity.value = 0;
  }, GLOW_MS);
}
