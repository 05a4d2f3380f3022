import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Booking } from '../../../src/protocol/booking.js';
import { serverNow } from '../shared/clock.js';
import { rules } from './state.js';

/** Until when an item that the viewer has let go cannot be had again. Learnt from what happens here, and from refusals. */

const until = new Map<string, Signal<number>>();

function untilSignal(itemId: string): Signal<number> {
  let of = until.get(itemId);
  if (of === undefined) {
    of = signal(0);
    until.set(itemId, of);
  }
  return of;
}

/** On the server's clock, ms; 0 when nothing is known to stand in the way. */
export function cooldownOf(itemId: string): ReadonlySignal<number> {
  return untilSignal(itemId);
}

export function coolDown(itemId: string, at: unknown): void {
  if (typeof at === 'number') untilSignal(itemId).value = at;
}

/** Some or all of it was let go by the viewer's own doing: by a cancel that was not free, or by a lapse. */
export function coolDownAfter({ itemId, createdAt }: Booking, how: 'cancel' | 'lapse'): void {
  const { rebookCooldownSeconds = 0, freeCancelSeconds = 0 } = rules.peek() ?? {};
  const isFree = how === 'cancel' && serverNow() < createdAt + freeCancelSeconds * 1_000;
  if (rebookCooldownSeconds > 0 && !isFree)
    coolDown(itemId, serverNow() + rebookCooldownSeconds * 1_000);
}
