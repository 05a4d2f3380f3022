import { type ReadonlySignal, type Signal, signal } from '@preact/signals';

/** Items that the viewer wants to hear about, and the short glow of a card whose stock came back. */

const GLOW_MS = 4_000;

/** The viewer tapped these when nothing was left. For this visit only: a live is short. */
export const waitedFor = signal<ReadonlySet<string>>(new Set());

export function waitFor(itemId: string): void {
  waitedFor.value = new Set([...waitedFor.value, itemId]);
}

export function stopWaiting(itemId: string): void {
  if (!waitedFor.value.has(itemId)) return;
  waitedFor.value = new Set([...waitedFor.value].filter((other) => other !== itemId));
}

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

/** How many units of the item came back in the last seconds; 0 when the card should rest. */
export function justReleased(itemId: string): ReadonlySignal<number> {
  return glowOf(itemId).quantity;
}

export function markReleased(itemId: string, quantity: number): void {
  const glow = glowOf(itemId);
  clearTimeout(glow.timer);
  glow.quantity.value += quantity;
  glow.timer = setTimeout(() => {
    glow.quantity.value = 0;
  }, GLOW_MS);
}
