import { signal } from '@preact/signals';

/**
 * The server's clock as this device can know it. Deadlines are the server's, device clocks are often wrong,
 * so every countdown is drawn from `serverNow()`.
 */

const TICK_MS = 250;
/** The device's clock and its monotonic one drifting apart by this much means that the clock was set. */
const JUMP_MS = 1_500;

let offset = 0;
/** Half the round trip of the sample in use: the offset is known to within this. */
let uncertainty = Number.POSITIVE_INFINITY;

/**
 * Learns the offset from an answer that carried the server's time. The tightest sample wins, unless a new
 * one contradicts it: then the device's clock has been set, and the new one is right.
 */
export function syncClock(serverTime: number, sentAt: number, receivedAt: number): void {
  const sampleOffset = serverTime - (sentAt + receivedAt) / 2;
  const sampleUncertainty = Math.max(0, receivedAt - sentAt) / 2;
  const contradicts = Math.abs(sampleOffset - offset) > sampleUncertainty + uncertainty;
  if (sampleUncertainty > uncertainty && !contradicts) return;
  offset = sampleOffset;
  uncertainty = sampleUncertainty;
  tick.value = serverNow();
}

export function serverNow(): number {
  return Date.now() + offset;
}

/**
 * The server's time, moving four times a second while anything reads it: one timer for all countdowns,
 * and none when nothing counts. A background tab slows timers down, so the time is always computed and
 * never added up, and it is right at once when the tab is shown again.
 */
export const tick = signal(Date.now(), { watched: startTicking, unwatched: stopTicking });

let timer: ReturnType<typeof setInterval> | undefined;

function startTicking(): void {
  timer ??= setInterval(advance, TICK_MS);
  document.addEventListener('visibilitychange', advance);
  // Not now: a signal may not be written while its first reader is being set up.
  queueMicrotask(advance);
}

function stopTicking(): void {
  clearInterval(timer);
  timer = undefined;
  document.removeEventListener('visibilitychange', advance);
}

function advance(): void {
  tick.value = serverNow();
  noticeJump();
}

const jumpListeners = new Set<() => void>();
let clockDifference = Date.now() - performance.now();

/** Calls back when the device's clock was set (or the device slept): ask the server for the time again. */
export function onClockJump(listener: () => void): () => void {
  jumpListeners.add(listener);
  return () => jumpListeners.delete(listener);
}

function noticeJump(): void {
  const difference = Date.now() - performance.now();
  if (Math.abs(difference - clockDifference) < JUMP_MS) return;
  clockDifference = difference;
  for (const listener of jumpListeners) listener();
}
