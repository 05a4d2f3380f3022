import { AppError } from '../protocol/errors.js';
import { TimeLimit } from '../time-limit.js';

/** Every command is answered within 5 s, whatever it waits for. */
const limit = new TimeLimit(4_500, () => new AppError('STORE_UNAVAILABLE'));

/**
 * Answers `STORE_UNAVAILABLE` when the work takes longer than a caller should wait. The work goes on, which is why commands
 * carry a request id.
 */
export function withTimeLimit<T>(work: Promise<T>): Promise<T> {
  return limit.within(work);
}
