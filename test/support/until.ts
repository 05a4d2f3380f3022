import { setTimeout as delay } from 'node:timers/promises';
import type { Ack } from '../../src/protocol/commands.js';

const EVERY_MS = 20;

/**
 * Asks again and again until the answer is neither undefined nor false: for what announces itself by no event, such as
 * the recovery of a server. Whatever does announce itself is awaited with `Client.next`.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await delay(EVERY_MS);
  }
}

/** Repeats a command, as the error's message tells clients to, until the store is there again. */
export function untilServed<Data>(command: () => Promise<Ack<Data>>): Promise<Ack<Data>> {
  return until('the store is there again', async () => {
    const ack = await command();
    return (ack.ok || ack.error.code !== 'STORE_UNAVAILABLE') && ack;
  });
}
