import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { closeRoom, type Home, LocalRedisError, openHome, takeLock, workerOf } from './home.js';
import { end, type Found, find, RedisSilentError, type Running, start } from './running.js';

export { LocalRedisError };

/** A server that died a moment ago leaves traces that its Redis or the system has yet to clear. */
const TRACES_FADE_WITHIN_MS = 1_000;

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;
/** One that lived this long did not die of how it was started. */
const STEADY_AFTER_MS = 10_000;

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
  /** Cleanly, with everything written, and then by force; resolves when it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts the private Redis of a data directory, or takes over the one that a killed server left.
 * Refuses with a `LocalRedisError` when a living Livehold already works with it.
 */
export async function startLocalRedis(options: LocalRedisOptions): Promise<LocalRedis> {
  const { dataDir, log, signal } = options;
  const home = await openHome(dataDir).catch((error: unknown) => {
    throw new LocalRedisError(`DATA_DIR: the folder of its Redis cannot be used: ${error}`);
  });
  const { folder } = home;
  const lock = await inTime(() => takeLock(home), alreadyUsed(home));
  let orphan: Found | undefined;
  try {
    orphan = await findOrphan(home, signal);
    const redis = orphan ?? (await start(home, signal));
    const words = orphan
      ? 'took over the Redis that an earlier run left'
      : 'started a private Redis';
    log.info({ folder }, words);
    return keep(home, lock, redis, log);
  } catch (error) {
    orphan?.disconnect();
    await closeRoom(home, lock);
    if (error instanceof LocalRedisError) throw error;
    throw new LocalRedisError(`the Redis of ${folder} did not start: ${error}`);
  }
}

/** Where the Redis of a data directory answers, for programs beside the server that has started it. */
export async function localRedisUrl(dataDir: string): Promise<string | undefined> {
  const { socketPath } = await openHome(dataDir);
  return existsSync(socketPath) ? `unix://${socketPath}` : undefined;
}

/** The Redis that an earlier server left running on this directory; never one that is in use. */
async function findOrphan(home: Home, signal?: AbortSignal): Promise<Found | undefined> {
  const deaf = async () =>
    new LocalRedisError(
      `the Redis of ${home.folder} runs but does not answer: end its process (${await workerOf(home)}) with kill -9`,
    );
  const found = await find(home, signal).catch(async (error: unknown) => {
    throw error instanceof RedisSilentError ? await deaf() : error;
  });
  await inTime(async () => !(await found?.isInUse()), alreadyUsed(home)).catch((error) => {
    found?.disconnect();
    throw error;
  });
  if (found?.folder === home.folder) return found;
  // Its folder was deleted, and ours has the place on the disk.
  if (found) await end(found);
  // Either there is none, or somebody has just stopped it, or the socket of a living one was deleted.
  await inTime(async () => !(await workerOf(home)), await unreachable(home));
  return undefined;
}

async function unreachable(home: Home): Promise<LocalRedisError> {
  return new LocalRedisError(
    `a Redis works in ${home.folder} and cannot be reached (${home.socketPath} is gone): stop the Livehold that uses it, which may have another /tmp, or else end process ${await workerOf(home)}`,
  );
}

/** Brings it back when it dies: its end is noticed by the one sign that there is. */
function keep(home: Home, lock: Server, first: Running, log: LocalRedisOptions['log']): LocalRedis {
  const stopping = new AbortController();
  const { signal } = stopping;
  const aborted = once(signal, 'abort');

  async function watch(): Promise<void> {
    let redis: Running | undefined = first;
    let pause = FIRST_PAUSE_MS;
    for (;;) {
      const upSince = Date.now();
      await Promise.race([redis?.gone, aborted]);
      if (signal.aborted) break;
      redis = undefined;
      log.warn({ folder: home.folder }, 'the private Redis is gone: starting it again');
      pause = Date.now() - upSince > STEADY_AFTER_MS ? FIRST_PAUSE_MS : pause * 2;
      try {
        await delay(Math.min(pause, LONGEST_PAUSE_MS), undefined, { signal });
        redis = await find(home, signal);
        // One that cannot be reached still writes the same file.
        if (!redis && (await workerOf(home))) throw await unreachable(home);
        redis ??= await start(home, signal);
        log.info({}, 'the private Redis is back');
      } catch (error) {
        if (!signal.aborted) log.warn({ err: error }, 'the private Redis did not come back');
      }
    }
    if (redis) await end(redis);
    await rm(home.socketPath, { force: true });
    await closeRoom(home, lock);
  }

  const watching = watch();
  return {
    url: `unix://${home.socketPath}`,
    stop() {
      stopping.abort();
      return watching;
    },
  };
}

/** The first answer that is one. */
async function inTime<T>(
  ask: () => Promise<T | undefined | false>,
  failure: LocalRedisError,
): Promise<T> {
  const deadline = Date.now() + TRACES_FADE_WITHIN_MS;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw failure;
    await delay(25);
  }
}

function alreadyUsed({ folder }: Home): LocalRedisError {
  return new LocalRedisError(
    `another Livehold already runs on this data directory (${folder}): stop it, or use another DATA_DIR`,
  );
}
