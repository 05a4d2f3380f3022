import { AppError } from '../protocol/errors.js';

interface Bucket {
  tokens: number;
  at: number;
}

/** How often buckets that are full again are forgotten, ms. */
const TIDY_EVERY_MS = 10_000;

/**
 * A token bucket for each key: `rate` a second, bursts of three times that. Buckets that are full again are forgotten,
 * so memory follows those who are active.
 */
export class RateLimit {
  private readonly rate: number;
  private readonly burst: number;
  private readonly buckets = new Map<string, Bucket>();
  private tidied = performance.now();

  /** @param rate tokens a second; 0 = no limit */
  constructor(rate: number) {
    this.rate = rate;
    this.burst = Math.max(1, rate * 3);
  }

  /** Takes one token. @throws RATE_LIMITED with `details.retryAfterMs` */
  take(key: string): void {
    if (this.rate === 0) return;
    const now = performance.now();
    this.tidy(now);
    const bucket = this.buckets.get(key) ?? { tokens: this.burst, at: now };
    const tokens = Math.min(this.burst, bucket.tokens + ((now - bucket.at) / 1_000) * this.rate);
    const allowed = tokens >= 1;
    this.buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at: now });
    if (!allowed) {
      throw new AppError('RATE_LIMITED', {
        retryAfterMs: Math.ceil(((1 - tokens) / this.rate) * 1_000),
      });
    }
  }

  private tidy(now: number): void {
    if (now - this.tidied < TIDY_EVERY_MS) return;
    this.tidied = now;
    for (const [key, bucket] of this.buckets) {
      if (bucket.tokens + ((now - bucket.at) / 1_000) * this.rate >= this.burst)
        this.buckets.delete(key);
    }
  }
}

/** The three limits of a server, all scaled by `RATE_LIMIT`: many viewers share the address of a mobile network. */
export interface RateLimits {
  /** Commands of one viewer. */
  commands: RateLimit;
  /** HTTP requests of one address. */
  requests: RateLimit;
  /** New connections of one address. */
  connections: RateLimit;
}

export function createRateLimits(commandsPerSecond: number): RateLimits {
  return {
    commands: new RateLimit(commandsPerSecond),
    requests: new RateLimit(commandsPerSecond * 25),
    connections: new RateLimit(commandsPerSecond * 50),
  };
}
