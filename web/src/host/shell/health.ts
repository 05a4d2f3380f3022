import { effect, signal } from '@preact/signals';
import type { Audit } from '../../../../src/protocol/http.js';
import { serverNow } from '../../shared/clock.js';
import { api } from '../state/api.js';
import { connection } from '../state/connection.js';

/** The last audit of the shop; null until the first has come. */
export const audit = signal<{ result: Audit; at: number } | null>(null);

/** When the server noticed that data is gone, and nobody has accepted it yet; null as a rule. */
export const lostAt = signal<number | null>(null);

/** Since when nothing is archived; null as a rule. */
export const archiveBehindSince = signal<number | null>(null);

const STATUS_EVERY_MS = 10_000;

async function checkStatus(): Promise<void> {
  const outcome = await api.status();
  if (!outcome.ok) return;
  const { warnings } = outcome.data;
  lostAt.value = warnings.find(({ code }) => code === 'DATA_LOST')?.at ?? null;
  archiveBehindSince.value = warnings.find(({ code }) => code === 'ARCHIVE_BEHIND')?.at ?? null;
}

/** An audit reads every booking and order of the shop, so it is asked for seldom. */
const EVERY_MS = 60_000;

export async function checkHealth(): Promise<void> {
  const outcome = await api.audit();
  audit.value = outcome.ok ? { result: outcome.data, at: serverNow() } : null;
}

/** What the page shows first is asked for first. */
const FIRST_AFTER_MS = 3_000;

export function watchHealth(): () => void {
  let first: ReturnType<typeof setTimeout> | undefined;
  // After an outage the last answer is of a server that was not there.
  const stopFollowing = effect(() => {
    clearTimeout(first);
    if (connection.value !== 'online') return;
    first = setTimeout(() => {
      void checkHealth();
      void checkStatus();
    }, FIRST_AFTER_MS);
  });
  const timers = [
    setInterval(() => void checkHealth(), EVERY_MS),
    setInterval(() => void checkStatus(), STATUS_EVERY_MS),
  ];
  return () => {
    stopFollowing();
    clearTimeout(first);
    for (const timer of timers) clearInterval(timer);
    audit.value = null;
    lostAt.value = null;
    archiveBehindSince.value = null;
  };
}
