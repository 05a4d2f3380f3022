import { signal } from '@preact/signals';
import type { Audit } from '../../../../src/protocol/http.js';
import { serverNow } from '../../shared/clock.js';
import { api } from '../api.js';

/** The last audit of the shop; null until the first has come. */
export const audit = signal<{ result: Audit; at: number } | null>(null);

/** An audit reads every booking and order of the shop, so it is asked for seldom. */
const EVERY_MS = 60_000;

export async function checkHealth(): Promise<void> {
  const outcome = await api.audit();
  audit.value = outcome.ok ? { result: outcome.data, at: serverNow() } : null;
}

export function watchHealth(): () => void {
  void checkHealth();
  const timer = setInterval(() => void checkHealth(), EVERY_MS);
  return () => {
    clearInterval(timer);
    audit.value = null;
  };
}
