import { signal } from '@preact/signals';
import { serverNow } from '../../shared/clock.js';
import { toast } from '../../shared/toast.js';
import { shell } from '../messages/shell.js';

/**
 * Commands whose slip costs (closing an item, ending the live) wait before they are sent, and can be undone
 * until then. They wait in this page alone: who closes the tab, reloads or signs out within the wait has sent
 * nothing. That is on purpose, for a slip must never finish itself behind the seller's back.
 */
export interface Pending {
  key: string;
  what: string;
  /** On the server's clock, which the countdowns show. */
  dueAt: number;
}

interface Waiting extends Pending {
  timer: ReturnType<typeof setTimeout>;
}

const UNDO_MS = 5_000;

const waiting = signal<readonly Waiting[]>([]);
export const pending = waiting as { readonly value: readonly Pending[] };

export function isPending(key: string): boolean {
  return waiting.value.some((one) => one.key === key);
}

/** Runs a command after five seconds, unless it is undone. Asking again while it waits changes nothing. */
export function runUnlessUndone(key: string, what: string, run: () => void): void {
  if (isPending(key)) return;
  const timer = setTimeout(() => {
    remove(key);
    run();
  }, UNDO_MS);
  waiting.value = [...waiting.value, { key, what, dueAt: serverNow() + UNDO_MS, timer }];
}

/** Undoes one, or the one asked for last. */
export function undo(key?: string): void {
  const target =
    key === undefined ? waiting.value.at(-1) : waiting.value.find((one) => one.key === key);
  if (target === undefined) return;
  clearTimeout(target.timer);
  remove(target.key);
  toast(shell('undone', { what: target.what }), 'info');
}

function remove(key: string): void {
  waiting.value = waiting.value.filter((one) => one.key !== key);
}

/** Signing out: nothing is sent any more. */
export function dropPending(): void {
  for (const one of waiting.value) clearTimeout(one.timer);
  waiting.value = [];
}
