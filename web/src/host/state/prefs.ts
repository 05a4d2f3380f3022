import { effect, type Signal, signal } from '@preact/signals';

/** A switch of this browser: kept across visits, on unless said otherwise. */
function storedSwitch(key: string): Signal<boolean> {
  const name = `livehold.host.${key}`;
  const value = signal(localStorage.getItem(name) !== 'off');
  effect(() => localStorage.setItem(name, value.value ? 'on' : 'off'));
  return value;
}

export const soundOn = storedSwitch('sound');
/** Single-letter shortcuts get in the way of speech input and slips of the hand (WCAG 2.1.4). */
export const singleKeysOn = storedSwitch('singleKeys');
