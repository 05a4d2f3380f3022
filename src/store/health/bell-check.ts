import { randomUUID } from 'node:crypto';
import { TimeLimit } from '../../time-limit.js';

/** How long what was published may be under way, ms. */
const HEARD_WITHIN_MS = 2_000;

const limit = new TimeLimit(
  HEARD_WITHIN_MS,
  () => new Error(`what is published is not heard within ${HEARD_WITHIN_MS / 1_000} s`),
);

type Listen = (channel: string, ring: () => void) => Promise<() => Promise<void>>;

/** A bell of this server's own beside those of the shops, at the same master: whether it is heard when it is rung. */
export class BellCheck {
  readonly channel: string;
  readonly stop: () => Promise<void>;
  private readonly heard: Set<() => void>;

  private constructor(channel: string, heard: Set<() => void>, stop: () => Promise<void>) {
    this.channel = channel;
    this.heard = heard;
    this.stop = stop;
  }

  static async at(key: string, listen: Listen): Promise<BellCheck> {
    const channel = `${key}:bell:${randomUUID()}`;
    const heard = new Set<() => void>();
    const stop = await listen(channel, () => {
      for (const tell of heard) tell();
    });
    return new BellCheck(channel, heard, stop);
  }

  /** Answers what `ring` answers, once the bell was heard. */
  async rings<T>(ring: () => Promise<T>): Promise<T> {
    let tell = () => {};
    const rung = new Promise<void>((resolve) => {
      tell = resolve;
    });
    this.heard.add(tell);
    try {
      const answer = await ring();
      await limit.within(rung);
      return answer;
    } finally {
      this.heard.delete(tell);
    }
  }
}
