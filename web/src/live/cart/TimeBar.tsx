import { tick } from '../../shared/clock.js';

/** The same as the countdown beside it, for the eye alone. */
export function TimeBar({ from, until }: { from: number; until: number }) {
  const left = Math.max(0, Math.min(1, (until - tick.value) / Math.max(1, until - from)));
  return (
    <span class="time-bar" aria-hidden="true">
      <span
        class={`time-bar-fill${left < 0.2 ? ' time-bar-low' : ''}`}
        style={{ transform: `scaleX(${left.toFixed(3)})` }}
      />
    </span>
  );
}
