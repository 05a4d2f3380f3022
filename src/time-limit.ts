interface Waiting {
  /** On the clock of `performance`, ms. */
  until: number;
  giveUp(): void;
}

/** Bounds how long answers are waited for. All wait equally long, so one timer, set for the first, serves thousands. */
export class TimeLimit {
  private readonly ms: number;
  private readonly refusal: () => Error;
  /** The oldest first. */
  private readonly waiting = new Set<Waiting>();
  private timer: NodeJS.Timeout | undefined;

  /** @param refusal what the caller gets when time is up; the work itself goes on */
  constructor(ms: number, refusal: () => Error) {
    this.ms = ms;
    this.refusal = refusal;
  }

  within<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const one = { until: performance.now() + this.ms, giveUp: () => reject(this.refusal()) };
      this.waiting.add(one);
      if (!this.timer) this.set(this.ms);
      work.then(
        (answer) => {
          this.waiting.delete(one);
          resolve(answer);
        },
        (error: unknown) => {
          this.waiting.delete(one);
          reject(error);
        },
      );
    });
  }

  private set(ms: number): void {
    // Timers come before reading: after a stall of our own the answer may be there, so one turn of reading goes first.
    this.timer = setTimeout(() => setImmediate(() => setImmediate(() => this.look())), ms);
    this.timer.unref();
  }

  private look(): void {
    this.timer = undefined;
    const now = performance.now();
    for (const one of this.waiting) {
      if (one.until > now) {
        this.set(one.until - now);
        return;
      }
      this.waiting.delete(one);
      one.giveUp();
    }
  }
}
