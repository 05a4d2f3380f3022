import type { Logger } from 'pino';

/** Redis can never serve as it is: only a person can mend that. The message is one line, meant for that person. */
export class StoreUnfitError extends Error {
  override readonly name = 'StoreUnfitError';
}

/** Errors of a connection that no waiting mends, and what they mean. */
const HOPELESS: [RegExp, string][] = [
  [/NOPERM/, 'REDIS_URL names a user without a right that every connection needs'],
  [/DB index is out of range|invalid DB index/i, 'REDIS_URL names a database that Redis lacks'],
  [/SELECT is not allowed in cluster mode/, 'REDIS_URL names a database, but a cluster has none'],
  [/cluster support disabled/, 'REDIS_URL says redis+cluster, but this Redis is no cluster'],
  [
    /unknown command.*(HELLO|SENTINEL|CLUSTER)/i,
    'REDIS_URL does not lead to the kind of Redis that it names',
  ],
];

/**
 * What keeps us from each server, by its address, until that is over. Most of it is waited for, a wrong password too:
 * passwords are changed on both sides, one after the other. What no waiting mends ends the start.
 */
export class Troubles {
  private readonly log: Logger;
  private readonly found = new Map<string, string>();
  private giveUp: (error: StoreUnfitError) => void = () => {};
  /** Rejects with what no waiting mends, if there is such a thing. */
  readonly hopeless: Promise<never>;

  constructor(log: Logger) {
    this.log = log;
    this.hopeless = new Promise<never>((_, reject) => {
      this.giveUp = reject;
    });
    this.hopeless.catch(() => {});
  }

  note(address: string, error: unknown): void {
    const text = textOf(error);
    this.found.set(address, text);
    this.log.debug({ address, error: text }, 'redis connection');
    const known = HOPELESS.find(([sign]) => sign.test(text));
    if (known) this.giveUp(new StoreUnfitError(`${known[1]} (${address}: ${text})`));
  }

  over(address: string): void {
    this.found.delete(address);
  }

  /** Servers that are no longer asked trouble nobody. */
  keepOnly(addresses: Set<string>): void {
    for (const address of this.found.keys()) if (!addresses.has(address)) this.over(address);
  }

  /** All of it in one line; undefined when there is none. */
  get summary(): string | undefined {
    if (this.found.size === 0) return undefined;
    return [...this.found].map(([address, text]) => `${address}: ${text}`).join('; ');
  }
}

/** Of an error that several attempts share, as when a name has two addresses, the first says enough. */
function textOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return textOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? error.name : error.message;
}
