import { mine } from './messages.js';

const RADIUS = 42;
const LENGTH = 2 * Math.PI * RADIUS;

/** 0 to 100 as a ring with the number in it. */
export function ReputationMeter({ value }: { value: number }) {
  return (
    <div class="meter">
      <meter
        class="visually-hidden"
        aria-label={mine('reputation')}
        aria-valuetext={mine('reputationOutOf', { reputation: value })}
        min={0}
        max={100}
        value={value}
      />
      <svg viewBox="0 0 100 100" aria-hidden="true" focusable="false">
        <circle class="meter-track" cx="50" cy="50" r={RADIUS} />
        <circle
          class="meter-value"
          cx="50"
          cy="50"
          r={RADIUS}
          stroke-dasharray={`${(LENGTH * value) / 100} ${LENGTH}`}
          transform="rotate(-90 50 50)"
        />
      </svg>
      <p aria-hidden="true">
        <strong class="numeric">{value}</strong>
        <span class="small muted">{mine('reputation')}</span>
      </p>
    </div>
  );
}
