import { AppError } from '../protocol/errors.js';

/** Every command is answered within 5 s, whatever it waits for. */
const LIMIT_MS = 4_500;

/**
 * Answers `STORE_UNAVAILABLE` when the work takes longer than a caller should wait. The work goes on, which is why commands
 * carry a request id.
 */
export async function withTimeLimit<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('STORE_UNAVAILABLE')), LIMIT_MS);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
