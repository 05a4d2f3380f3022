import { AppError } from '../protocol/errors.js';

/** Every command is answered within 5 s, whatever it waits for. */
const LIMIT_MS = 4_500;

interface Waiting {
  /** On the clock of `performance`, ms. */
  until: number;
  giveUp(): void;
}

/** The oldest first, for all wait equally long: one timer, set for the first, serves thousands. */
const waiting = new Set<Waiting>();
let timer: NodeJS.Timeout | undefined;

/**
 * Answers `STORE_UNAVAILABLE` when the work takes longer than a caller should wait. The work goes on, which is why commands
 * carry a request id.
 */
export function withTimeLimit<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const one = {
      until: performance.now() + LIMIT_MS,
      giveUp: () => reject(new AppError('STORE_UNAVAILABLE')),
    };
    waiting.add(one);
    if (!timer) timer = setTimeout(lookAtFirst, LIMIT_MS);
    work.then(
      (answer) => {
        waiting.delete(one);
        resolve(answer);
      },
      (error: unknown) => {
        waiting.delete(one);
        reject(error);
      },
    );
  });
}

function lookAtFirst(): void {
  timer = undefined;
  const now = performance.now();
  for (const one of waiting) {
    if (one.until > now) {
      timer = setTimeout(lookAtFirst, one.until - now);
      return;
    }
    waiting.delete(one);
    one.giveUp();
  }
}
