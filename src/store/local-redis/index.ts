import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type FileHandle, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Home, LocalRedisError, openHome, take, workerOf } from './home.js';
import { end, find, type Running, start } from './running.js';

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
  const lock = await inTime(
    () => take(join(home.folder, 'keeper.lock')),
    () => alreadyUsed(home),
  );
  try {
    const redis = await inTime(
      () => takeOverOrStart(home, log, signal),
      () => unreachable(home),
    );
    return keep(home, lock, redis, log);
  } catch (error) {
    await leave(home, lock);
    if (error instanceof LocalRedisError) throw error;
    throw new LocalRedisError(`the Redis of ${home.folder} did not start: ${error}`);
  }
}

/** Where the Redis of a data directory answers, for programs beside the server that has started it. */
export async function localRedisUrl(dataDir: string): Promise<string | undefined> {
  const { socketPath } = await openHome(dataDir);
  return existsSync(socketPath) ? `unix://${socketPath}` : undefined;
}

/** Never one that is in use. Undefined while one that works in the folder cannot be reached. */
async function takeOverOrStart(
  home: Home,
  log: LocalRedisOptions['log'],
  signal?: AbortSignal,
): Promise<Running | undefined> {
  const { folder } = home;
  const orphan = await find(home, signal);
  if (orphan) {
    const isFree = async () => !(await orphan.isInUse());
    await inTime(isFree, () => alreadyUsed(home)).catch((error) => {
      orphan.disconnect();
      throw error;
    });
  }
  if (orphan?.folder === folder) {
    log.info({ folder }, 'took over the Redis that an earlier run left');
    return orphan;
  }
  // Its folder was deleted, and ours has the place on the disk.
  if (orphan) await end(orphan);
  const started = await start(home, signal);
  if (started) log.info({ folder }, 'started a private Redis');
  return started;
}

/** Brings it back when it dies: its end is noticed by the one sign that there is. */
function keep(
  home: Home,
  lock: FileHandle,
  first: Running,
  log: LocalRedisOptions['log'],
): LocalRedis {
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
        redis = (await find(home, signal)) ?? (await start(home, signal));
        if (!redis) throw await unreachable(home);
        log.info({}, 'the private Redis is back');
      } catch (error) {
        if (!signal.aborted) log.warn({ err: error }, 'the private Redis did not come back');
      }
    }
    if (redis) await end(redis);
    await rm(home.socketPath, { force: true });
    await rm(home.lockFile, { force: true });
    await leave(home, lock);
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

/** The lock comes last: what it guards is then as the next one must find it. */
async function leave({ room }: Home, lock: FileHandle): Promise<void> {
  // Not empty: a Redis still runs there.
  await rmdir(room).catch(() => {});
  await lock.close();
}

/** The first answer that is one. */
async function inTime<T>(
  ask: () => Promise<T | undefined | false>,
  failure: () => LocalRedisError | Promise<LocalRedisError>,
): Promise<T> {
  const deadline = Date.now() + TRACES_FADE_WITHIN_MS;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw await failure();
    await delay(25);
  }
}

function alreadyUsed({ folder }: Home): LocalRedisError {
  return new LocalRedisError(
    `another Livehold already runs on this data directory (${folder}): stop it, or use another DATA_DIR`,
  );
}

async function unreachable(home: Home): Promise<LocalRedisError> {
  const { folder, socketPath } = home;
  return new LocalRedisError(
    `a Redis works in ${folder} and cannot be reached (${socketPath} is gone): stop the Livehold that uses it, which may have another /tmp, or else end process ${await workerOf(home)}`,
  );
}
