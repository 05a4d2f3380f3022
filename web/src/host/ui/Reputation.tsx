import { cockpit } from '../messages/cockpit.js';

const GOOD = 80;
const POOR = 50;

/** How far a viewer can be relied on, as a number; the colour only says it again. */
export function Reputation({ value }: { value: number }) {
  const tone = value >= GOOD ? 'good' : value >= POOR ? 'held' : 'bad';
  return (
    <span
      class={`badge badge-${tone} reputation numeric`}
      title={cockpit('reputation', { n: value })}
    >
      <span class="visually-hidden">{cockpit('reputation', { n: value })}</span>
      <span aria-hidden="true">★ {value}</span>
    </span>
  );
}
