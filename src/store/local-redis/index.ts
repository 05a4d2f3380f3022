import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { RedisAdmin, RedisSilentError } from './admin.js';
import { LocalRedisError } from './error.js';
import { isPrivate, LocalRedisHome, newSocketPath } from './home.js';
import { LocalRedisKeeper } from './keeper.js';
import { takeStartLock } from './start-lock.js';

export { LocalRedisError };

/** A server that died a moment ago leaves traces that its Redis or the system has yet to clear. */
const TRACES_FADE_WITHIN_MS = 1_000;

export interface LocalRedisOptions {
  /** The Redis keeps its data in `redis/` below it. */
  dataDir: string;
  log: Pick<Logger, 'info' | 'warn'>;
  /** Ends a start that is no longer wanted, and what it has started. */
  signal?: AbortSignal;
}

/** A private Redis that is up, and stays up until `stop()`. */
export interface LocalRedis {
  /** `unix:///…`; good until `stop()`: a Redis that died comes back on the same address. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the private Redis of a data directory, or takes over the one that a killed server left.
 * Refuses with a `LocalRedisError` when a living Livehold already works with it.
 */
export async function startLocalRedis({
  dataDir,
  log,
  signal,
}: LocalRedisOptions): Promise<LocalRedis> {
  const home = await LocalRedisHome.open(dataDir).catch((error: unknown) => {
    throw new LocalRedisError(`DATA_DIR: the folder of its Redis cannot be used: ${error}`);
  });
  const unlock = await takeStartLock(home.folder);
  if (!unlock) throw alreadyUsed(home);
  try {
    const orphan = await findOrphan(home);
    if (signal?.aborted) orphan?.disconnect();
    signal?.throwIfAborted();
    const keeper = new LocalRedisKeeper(home, await addressFor(home, orphan), log);
    await keeper.start(orphan, signal);
    return keeper;
  } finally {
    await unlock();
  }
}

/** The Redis that an earlier server left running on this directory; never one that is in use. */
async function findOrphan(home: LocalRedisHome): Promise<RedisAdmin | undefined> {
  const last = await home.lastSeen();
  if (!last) return undefined;
  try {
    const admin = await RedisAdmin.connect(last.socketPath);
    if (admin) return await claim(home, admin);
  } catch (error) {
    if (error instanceof LocalRedisError) throw error;
    if (error instanceof RedisSilentError) throw deaf(home, last.processId);
    // The connection broke off: its owner is just stopping it, and the wait below sees it go.
  }
  await waitWhile(
    () => home.isWorkplaceOf(last.processId),
    () => deaf(home, last.processId),
  );
  return undefined;
}

async function claim(home: LocalRedisHome, admin: RedisAdmin): Promise<RedisAdmin | undefined> {
  try {
    if ((await admin.folder()) === home.folder) {
      await waitWhile(
        () => admin.isInUse(),
        () => alreadyUsed(home),
      );
      return admin;
    }
  } catch (error) {
    admin.disconnect();
    throw error;
  }
  // Another program's Redis by now: neither it nor its address is ours.
  admin.disconnect();
  await home.forgetAddress();
  return undefined;
}

/** The address of last time as long as nobody else can have taken it, so that no folder is left behind. */
async function addressFor(home: LocalRedisHome, orphan: RedisAdmin | undefined): Promise<string> {
  const last = await home.lastSeen();
  if (last && (orphan || (await isPrivate(last.socketPath)))) return last.socketPath;
  return await newSocketPath();
}

async function waitWhile(
  condition: () => Promise<boolean>,
  failure: () => LocalRedisError,
): Promise<void> {
  const deadline = Date.now() + TRACES_FADE_WITHIN_MS;
  while (await condition()) {
    if (Date.now() > deadline) throw failure();
    await delay(25);
  }
}

function alreadyUsed({ folder }: LocalRedisHome): LocalRedisError {
  return new LocalRedisError(
    `another Livehold already runs on this data directory (${folder}): stop it, or use another DATA_DIR`,
  );
}

function deaf({ folder }: LocalRedisHome, processId: number | undefined): LocalRedisError {
  return new LocalRedisError(
    `the Redis of ${folder} runs but does not answer: end its process (${processId}) with kill -9`,
  );
}
