import type { IncomingMessage } from 'node:http';
import type { ApiAnswer } from './midtrans-transactions.js';

const LIFETIME_MS = 5 * 60_000;
const MAX_KEY_LENGTH = 46;

/**
 * Midtrans' idempotency keys (reference/api-headers): a successful answer to a POST is repeated for five minutes to
 * whoever sends the same key, whatever the body or the endpoint; keys that are too long are ignored.
 */
export class IdempotencyKeys {
  readonly #answers = new Map<string, { at: number; sent: boolean; answer: ApiAnswer }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Undefined while the first request's answer is still to be sent: HTTP 202. */
  answerOnce(request: IncomingMessage, work: () => ApiAnswer): ApiAnswer | undefined {
    const key = idempotencyKey(request);
    if (key === undefined) return work();
    const earlier = this.#answers.get(key);
    if (earlier && this.#now() - earlier.at < LIFETIME_MS) {
      return earlier.sent ? earlier.answer : undefined;
    }
    const answer = work();
    if (answer.status_code.startsWith('2')) {
      this.#answers.set(key, { at: this.#now(), sent: false, answer });
    }
    return answer;
  }

  /** The answer is out, or nobody waits for it any more. */
  finish(request: IncomingMessage): void {
    const earlier = this.#answers.get(idempotencyKey(request) ?? '');
    if (earlier) earlier.sent = true;
  }
}

function idempotencyKey(request: IncomingMessage): string | undefined {
  const key = request.headers['idempotency-key'];
  return request.method === 'POST' && typeof key === 'string' && key.length <= MAX_KEY_LENGTH
    ? key
    : undefined;
}
