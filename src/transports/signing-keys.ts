import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import type { Logger } from 'pino';
import { AppError } from '../protocol/errors.js';

/** How long a key may be fetched, ms: whoever signs in waits for it. */
const FETCH_MS = 3_000;
/** After the keys were fetched a token with another key waits so long for its own at most, ms: a key may have been added since. */
const FETCH_AGAIN_MS = 2_000;
/** Keys that were fetched are believed for so much longer while their address is down, ms. */
const STALE_MS = 3_600_000;
/** How often the log says again that keys cannot be fetched, ms. */
const LOG_EVERY_MS = 10_000;

/** The keys by which a shop's own system signs (`AUTH_JWKS_URL`), fetched when they are needed and kept. */
export class SigningKeys {
  private readonly keys: ReturnType<typeof createRemoteJWKSet>;
  private readonly log: Logger;
  /** When the keys were last known to be those of their address, epoch ms. */
  private fetchedAt = 0;
  private loggedAt = Number.NEGATIVE_INFINITY;

  constructor(url: string, log: Logger) {
    this.keys = createRemoteJWKSet(new URL(url), {
      timeoutDuration: FETCH_MS,
      cooldownDuration: FETCH_AGAIN_MS,
    });
    this.log = log;
  }

  /** The key that a token names. @throws AUTH_UNAVAILABLE when that cannot be judged */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const { keys } = this;
    try {
      const key = await keys(header, token);
      this.fetchedAt = Date.now();
      return key;
    } catch (error) {
      // The keys are there, and this token's is not among them.
      if (error instanceof errors.JWKSNoMatchingKey) throw error;
      if (error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      this.complain(error);
      const known = Date.now() - this.fetchedAt < STALE_MS ? keys.jwks() : undefined;
      const key = known && (await createLocalJWKSet(known)(header, token).catch(() => undefined));
      if (key) return key;
      throw new AppError('AUTH_UNAVAILABLE');
    }
  };

  private complain(error: unknown): void {
    const now = performance.now();
    if (now - this.loggedAt < LOG_EVERY_MS) return;
    this.loggedAt = now;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    this.log.error({ error: String(cause) }, 'the keys of AUTH_JWKS_URL cannot be fetched');
  }
}
