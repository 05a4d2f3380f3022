import { AppError } from '../protocol/errors.js';
import { type Allowance, SharedLimit } from '../store/shared-limit.js';
import type { Store } from '../store/store.js';

/** The other servers of this machine that share the port, and so those who come to it. */
export interface Sharing {
  /** How many there are, with this one. */
  readonly workers: number;
  /** Passes it to the others, soon. */
  taken(limit: string, key: string, points: number): void;
  onTaken(limit: string, listener: (key: string, points: number) => void): void;
}

interface Bucket {
  tokens: number;
  at: number;
  /** What was taken here and not yet shared with the other workers. */
  unshared: number;
}

/** Bursts are so many seconds' worth, and so long are the windows of the shared limits. */
const BURST_SECONDS = 3;
/** How often buckets that are full again are forgotten, ms. */
const TIDY_EVERY_MS = 10_000;

/**
 * A token bucket for each key: `rate` a second, bursts of three times that. Buckets that are full again are forgotten,
 * so memory follows those who are active. Workers share who takes more than their share of a burst, so what one
 * caller gets of all of them is what one would give.
 */
export class RateLimit {
  private readonly rate: number;
  private readonly burst: number;
  private readonly buckets = new Map<string, Bucket>();
  private tidied = performance.now();
  private readonly name: string;
  private readonly sharing: Sharing | undefined;

  /** @param rate tokens a second; 0 = no limit */
  constructor(rate: number, name = '', sharing?: Sharing) {
    this.rate = rate;
    this.burst = Math.max(1, rate * BURST_SECONDS);
    this.name = name;
    this.sharing = sharing;
    if (rate > 0) sharing?.onTaken(name, (key, points) => this.takenElsewhere(key, points));
  }

  /** Takes one token. @throws RATE_LIMITED with `details.retryAfterMs` */
  take(key: string): void {
    if (this.rate === 0) return;
    const bucket = this.bucketOf(key);
    const { tokens } = bucket;
    if (tokens < 1) {
      throw new AppError('RATE_LIMITED', {
        retryAfterMs: Math.ceil(((1 - tokens) / this.rate) * 1_000),
      });
    }
    bucket.tokens--;
    if (this.sharing) this.shareTaken(key, bucket, this.sharing);
  }

  /** As it is filled by now. */
  private bucketOf(key: string): Bucket {
    const now = performance.now();
    this.tidy(now);
    let bucket = this.buckets.get(key);
    if (!bucket) {
      bucket = { tokens: this.burst, at: now, unshared: 0 };
      this.buckets.set(key, bucket);
      return bucket;
    }
    const since = (now - bucket.at) / 1_000;
    bucket.tokens = Math.min(this.burst, bucket.tokens + since * this.rate);
    bucket.at = now;
    return bucket;
  }

  private shareTaken(key: string, bucket: Bucket, sharing: Sharing): void {
    bucket.unshared++;
    if (this.burst - bucket.tokens < this.burst / sharing.workers) return;
    sharing.taken(this.name, key, bucket.unshared);
    bucket.unshared = 0;
  }

  private takenElsewhere(key: string, points: number): void {
    const bucket = this.bucketOf(key);
    bucket.tokens = Math.max(-this.burst, bucket.tokens - points);
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

/** When to try again to get in where it is full, ms: nobody knows when somebody leaves. */
const TRY_AGAIN_MS = 5_000;

/** The limits of what a key may have at the same time: what is taken from them is given back. */
export const CEILINGS = ['openConnections', 'viewerSockets'] as const;

/** How many of something each key may have at the same time, of all workers together. */
class Ceiling {
  private readonly most: number;
  private readonly present = new Map<string, number>();
  private readonly share: (key: string, points: number) => void;

  /** @param most 0 = no limit */
  constructor(most: number, name: (typeof CEILINGS)[number], sharing: Sharing | undefined) {
    this.most = most === 0 ? Number.POSITIVE_INFINITY : most;
    this.share = (key, points) => sharing?.taken(name, key, points);
    sharing?.onTaken(name, (key, points) => this.count(key, points));
  }

  /** @throws RATE_LIMITED with `details.limit` when the key has as many as it may */
  check(key: string): void {
    if ((this.present.get(key) ?? 0) < this.most) return;
    throw new AppError('RATE_LIMITED', { limit: this.most, retryAfterMs: TRY_AGAIN_MS });
  }

  /** Counts one more, until the answered function is called, once. @throws RATE_LIMITED */
  enter(key: string): () => void {
    this.check(key);
    this.count(key, 1);
    this.share(key, 1);
    return () => {
      this.count(key, -1);
      this.share(key, -1);
    };
  }

  private count(key: string, points: number): void {
    const left = (this.present.get(key) ?? 0) + points;
    if (left === 0) this.present.delete(key);
    else this.present.set(key, left);
  }
}

/** More than a person has tabs and phones. */
const VIEWER_SOCKETS = 20;
/** A balancer and a monitor ask once a second or less; what a probe costs does not depend on `RATE_LIMIT`. */
const PROBES_PER_SECOND = 10;

const HOUR_SECONDS = 3_600;

/**
 * The limits, scaled by `RATE_LIMIT`; those of an address are wide, for a mobile network shares one. Shared are those that
 * a balancer would otherwise multiply by the number of servers, and that are asked about rarely enough for a call of Redis
 * each. A viewer's commands are not: they are the one path where a call more is felt, and a viewer's sockets of one page
 * lead to one server. Workers of one server share all the others.
 */
export interface RateLimits {
  /** Commands of one caller; of one socket when it has no token. */
  commands: RateLimit;
  /** Commands of all sockets without a token of one address. */
  anonymousCommands: RateLimit;
  /** HTTP requests of one address. */
  requests: SharedLimit;
  /** Requests of one address for `/readyz` and `/metrics`, which must answer also without Redis. */
  probes: RateLimit;
  /** New connections of one address. */
  connections: SharedLimit;
  /** New guests of one address. */
  guests: SharedLimit;
  /** Connections that one address has open. */
  openConnections: Ceiling;
  /** Sockets that one viewer has open. */
  viewerSockets: Ceiling;
}

/**
 * @param commandsPerSecond 0 = no limit of any kind
 * @param guestsPerHour 0 = no limit on guests
 * @param sharing the workers that hold these limits together
 */
export function createRateLimits(
  store: Store,
  commandsPerSecond: number,
  guestsPerHour: number,
  sharing?: Sharing,
): RateLimits {
  const unlessOff = (limit: number) => (commandsPerSecond === 0 ? 0 : limit);
  return {
    commands: new RateLimit(commandsPerSecond, 'commands', sharing),
    anonymousCommands: new RateLimit(commandsPerSecond * 25, 'anonymousCommands', sharing),
    requests: new SharedLimit(store, 'requests', allowance(commandsPerSecond * 25)),
    probes: new RateLimit(unlessOff(PROBES_PER_SECOND), 'probes', sharing),
    connections: new SharedLimit(store, 'connections', allowance(commandsPerSecond * 50)),
    guests: new SharedLimit(store, 'guests', {
      points: unlessOff(guestsPerHour),
      seconds: HOUR_SECONDS,
      withoutRedis: 'refuse',
    }),
    openConnections: new Ceiling(Math.ceil(commandsPerSecond * 50), 'openConnections', sharing),
    viewerSockets: new Ceiling(unlessOff(VIEWER_SOCKETS), 'viewerSockets', sharing),
  };
}

/** Less than a point a window is one point in a longer window. */
function allowance(perSecond: number): Allowance {
  if (perSecond === 0) return { points: 0, seconds: BURST_SECONDS, withoutRedis: 'count here' };
  const points = Math.max(1, Math.round(perSecond * BURST_SECONDS));
  return { points, seconds: Math.ceil(points / perSecond), withoutRedis: 'count here' };
}
