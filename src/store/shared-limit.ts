import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../protocol/errors.js';
import { TimeLimit } from '../time-limit.js';
import { limitKey } from './keys.js';
import type { Store } from './store.js';

/** How long a count is waited for that this server can do without, ms. */
const PATIENCE_MS = 250;

export interface Allowance {
  /** What a key may take in one window; 0 = no limit. */
  points: number;
  /** How long a window lasts, from the first point taken in it. */
  seconds: number;
  /**
   * What to do while Redis is away: this server counts for itself, so that a limit never keeps anybody out who would otherwise
   * be served; or nothing is given.
   */
  withoutRedis: 'count here' | 'refuse';
}

/** A limit that holds over all servers together, counted in Redis: one small script call for each point taken. */
export class SharedLimit {
  private readonly limiter: RateLimiterRedis | undefined;

  constructor(store: Store, name: string, { points, seconds, withoutRedis }: Allowance) {
    if (points === 0) return;
    const window = { points, duration: seconds, keyPrefix: limitKey(name) };
    const insured = withoutRedis === 'count here';
    this.limiter = new RateLimiterRedis({
      ...window,
      storeClient: countingIn(store, insured),
      useRedisPackage: true,
      // Who is over the limit is turned away by this server's memory until the window ends; a flood costs Redis nothing.
      inMemoryBlockOnConsumed: points,
      ...(insured ? { insuranceLimiter: new RateLimiterMemory(window) } : {}),
    });
  }

  /** Takes one point. @throws RATE_LIMITED with `details.retryAfterMs`; STORE_UNAVAILABLE */
  async take(key: string): Promise<void> {
    try {
      await this.limiter?.consume(key);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new AppError('RATE_LIMITED', { retryAfterMs: Math.max(1, error.msBeforeNext) });
    }
  }
}

/**
 * All of a Redis client that the library asks for with `useRedisPackage`, of whichever kind `REDIS_URL` names: it counts by one
 * script on one key.
 */
function countingIn(store: Store, insured: boolean) {
  const patience = new TimeLimit(PATIENCE_MS, () => new AppError('STORE_UNAVAILABLE'));
  return {
    eval(source: string, options: { keys: string[]; arguments: string[] }): Promise<unknown> {
      const count = store.read((redis) => redis.eval(source, options));
      return insured ? patience.within(count) : count;
    },
  };
}
