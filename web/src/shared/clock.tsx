import { signal } from '@preact/signals';
import { ServerClock } from '../../../src/client/index.js';
import { countdown } from './format.js';

/** The server's clock, for countdowns: device clocks are often wrong. It is the clock of the page's connection. */

const TICK_MS = 250;

let clock = new ServerClock();
let next = clock;

/** Counts by this clock from when it knows the time; until then by the one before. */
export function followClock(ofConnection: ServerClock): void {
  next = ofConnection;
}

/** The server's own reading of the clock that decides may lag by a few ms, and every reading is in whole ones. */
const LAG_MS = 20;

/** The latest that the server's time can be, so that no countdown promises more than there is. */
export function serverNow(): number {
  if (next.isKnown) clock = next;
  return clock.now() + (clock.isKnown ? clock.uncertaintyMs + LAG_MS : 0);
}

/**
 * The server's time, moving four times a second while anything reads it: one timer for all countdowns,
 * and none when nothing counts. A background tab slows timers down, so the time is always computed and
 * never added up, and it is right at once when the tab is shown again.
 */
const tick = signal(Date.now(), { watched: startTicking, unwatched: stopTicking });

/**
 * The server's time, for what is drawn anew as it moves. It is this moment's: what has just come would have more time left by the
 * last tick than it was ever given.
 */
export function ticking(): number {
  void tick.value;
  return serverNow();
}

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
}

const URGENT_MS = 120_000;

/** Time left until a deadline of the server, "m:ss". Screen readers may ask for it; it never speaks by itself. */
export function Countdown({ until }: { until: number }) {
  const left = until - ticking();
  return (
    <span class={`countdown numeric${left < URGENT_MS ? ' countdown-urgent' : ''}`} role="timer">
      {countdown(left)}
    </span>
  );
}
