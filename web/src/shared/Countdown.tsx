import { tick } from './clock.js';
import { countdown } from './format.js';

const URGENT_MS = 120_000;

/** Time left until a deadline of the server, "m:ss". Screen readers may ask for it; it never speaks by itself. */
export function Countdown({ until }: { until: number }) {
  const left = until - tick.value;
  return (
    <span class={`countdown numeric${left < URGENT_MS ? ' countdown-urgent' : ''}`} role="timer">
      {countdown(left)}
    </span>
  );
}
