import { AppError } from '../protocol/errors.js';
import { TimeLimit } from '../time-limit.js';

/** Counts the commands and requests under way, for the shutdown to wait for. */
export class Underway {
  private count = 0;
  private whenNone: (() => void)[] = [];

  begin(): void {
    this.count++;
  }

  end(): void {
    this.count--;
    if (this.count === 0) for (const done of this.whenNone.splice(0)) done();
  }

  /** Resolves once nothing is under way. */
  none(): Promise<void> {
    if (this.count === 0) return Promise.resolve();
    return new Promise((resolve) => this.whenNone.push(resolve));
  }
}

/** Every command is answered within 5 s, whatever it waits for. */
const limit = new TimeLimit(4_500, () => new AppError('STORE_UNAVAILABLE'));

/**
 * Answers `STORE_UNAVAILABLE` when the work takes longer than a caller should wait. The work goes on, which is why commands
 * carry a request id.
 */
export function withTimeLimit<T>(work: Promise<T>): Promise<T> {
  return limit.within(work);
}
