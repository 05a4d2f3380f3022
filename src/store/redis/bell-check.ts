import { randomUUID } from 'node:crypto';
import { TimeLimit } from '../../time-limit.js';

/** How long what was published may be under way, ms. */
const HEARD_WITHIN_MS = 2_000;

const limit = new TimeLimit(
  HEARD_WITHIN_MS,
  () => new Error(`what is published is not heard within ${HEARD_WITHIN_MS / 1_000} s`),
);

type Listen = (channel: string, ring: () => void) => Promise<() => Promise<void>>;

/** A doorbell channel of this server's own beside those of the shops, at the same master: whether what is published arrives. */
export class BellCheck {
  readonly channel: string;
  readonly stop: () => Promise<void>;
  private readonly waiting: Set<() => void>;

  private constructor(channel: string, waiting: Set<() => void>, stop: () => Promise<void>) {
    this.channel = channel;
    this.waiting = waiting;
    this.stop = stop;
  }

  static async at(key: string, listen: Listen): Promise<BellCheck> {
    const channel = `${key}:bell:${randomUUID()}`;
    const waiting = new Set<() => void>();
    const stop = await listen(channel, () => {
      for (const notify of waiting) notify();
    });
    return new BellCheck(channel, waiting, stop);
  }

  /** Answers what `ring` answers, once the message has arrived. */
  async rings<T>(ring: () => Promise<T>): Promise<T> {
    let notify = () => {};
    const rung = new Promise<void>((resolve) => {
      notify = resolve;
    });
    this.waiting.add(notify);
    try {
      const answer = await ring();
      await limit.within(rung);
      return answer;
    } finally {
      this.waiting.delete(notify);
    }
  }
}
