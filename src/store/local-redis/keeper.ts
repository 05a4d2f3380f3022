import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { RedisAdmin } from './admin.js';
import { findRedisBinary } from './binary.js';
import { LocalRedisError } from './error.js';
import type { LocalRedisHome } from './home.js';

const OPENS_WITHIN_MS = 15_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;

/** One that lived this long did not die of how it was started. */
const STEADY_AFTER_MS = 10_000;

/** How long it may take to end when it is asked to, ms: writing out what it has takes less. */
const END_WITHIN_MS = 2_500;

/** Keeps one Redis running on one address: brings it up, brings it back, and ends it. */
export class LocalRedisKeeper {
  readonly url: string;
  readonly #home: LocalRedisHome;
  readonly #socketPath: string;
  readonly #log: Pick<Logger, 'info' | 'warn'>;
  readonly #stopping = new AbortController();
  /** The connection that watches it: while it is open, the process id is certain. */
  #admin: RedisAdmin | undefined;
  #processId: number | undefined;
  /** Missing while the Redis is one that an earlier server left. */
  #child: ChildProcess | undefined;
  #bringingUp: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  constructor(home: LocalRedisHome, socketPath: string, log: Pick<Logger, 'info' | 'warn'>) {
    this.#home = home;
    this.#socketPath = socketPath;
    this.#log = log;
    this.url = `unix://${socketPath.split('/').map(encodeURIComponent).join('/')}`;
  }

  /** With the Redis that an earlier server left, or a new one. The signal ends also what is just being started. */
  async start(orphan: RedisAdmin | undefined, signal?: AbortSignal): Promise<void> {
    const stop = () => void this.stop();
    signal?.addEventListener('abort', stop);
    try {
      this.#bringingUp = this.#bringUp(orphan);
      await this.#bringingUp;
    } catch (error) {
      await this.stop();
      if (error instanceof LocalRedisError) throw error;
      throw new LocalRedisError(`the Redis of ${this.#home.folder} did not start: ${error}`);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
    this.#log.info(
      { folder: this.#home.folder, processId: this.#processId },
      orphan ? 'took over the Redis that an earlier run left' : 'started a private Redis',
    );
    void this.#watch();
  }

  /** Cleanly, with everything written, and then by force; resolves when it is gone. */
  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #bringUp(orphan?: RedisAdmin): Promise<void> {
    const admin = orphan ?? (await RedisAdmin.connect(this.#socketPath)) ?? (await this.#spawn());
    this.#admin = admin;
    this.#processId = await admin.processId();
    await this.#home.remember({ socketPath: this.#socketPath, processId: this.#processId });
    await admin.loaded(this.#stopping.signal);
  }

  async #spawn(): Promise<RedisAdmin> {
    const program = await findRedisBinary();
    if (!program) {
      throw new LocalRedisError(
        'there is no Redis on this machine: install redis-server 7.0 or newer, or set REDIS_URL',
      );
    }
    await this.#predecessorGone();
    await this.#home.prepare(this.#socketPath);
    this.#stopping.signal.throwIfAborted();
    const child = spawn(program, redisArguments(this.#socketPath), {
      cwd: this.#home.folder,
      // A process group of its own: Ctrl-C in the terminal must reach the server alone, which needs
      // its Redis to finish what it is doing.
      detached: true,
      stdio: 'ignore',
    });
    this.#child = child;
    await once(child, 'spawn');
    const deadline = Date.now() + OPENS_WITHIN_MS;
    while (isRunning(child) && Date.now() < deadline) {
      const admin = await RedisAdmin.connect(this.#socketPath);
      if (admin) return admin;
      await delay(20, undefined, { signal: this.#stopping.signal });
    }
    throw new LocalRedisError(
      `Redis did not start: ${await this.#home.lastLogLine()} (${this.#home.logFile})`,
    );
  }

  /** Two on one append-only file would ruin it. */
  async #predecessorGone(): Promise<void> {
    const child = this.#child;
    if (!child || (await settles(exited(child), END_WITHIN_MS))) return;
    child.kill('SIGKILL');
    await exited(child);
  }

  /** The connection is the pulse: when it stops, whatever is not there any more is started again. */
  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    let pause = FIRST_PAUSE_MS;
    for (;;) {
      const upSince = Date.now();
      await this.#admin?.closed;
      this.#admin = undefined;
      this.#processId = undefined;
      if (signal.aborted) return;
      this.#log.warn({ folder: this.#home.folder }, 'the private Redis is gone: starting it again');
      pause = Date.now() - upSince > STEADY_AFTER_MS ? FIRST_PAUSE_MS : pause * 2;
      await delay(Math.min(pause, LONGEST_PAUSE_MS), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      this.#bringingUp = this.#bringUp();
      try {
        await this.#bringingUp;
        this.#log.info({ processId: this.#processId }, 'the private Redis is back');
      } catch (error) {
        this.#log.warn({ err: error }, 'the private Redis did not come back');
      }
    }
  }

  async #end(): Promise<void> {
    this.#stopping.abort();
    await this.#bringingUp.catch(() => undefined);
    const gone = Promise.all([this.#admin?.closed, this.#child && exited(this.#child)]);
    if (this.#admin) this.#admin.shutdown();
    else this.#kill('SIGTERM');
    if (!(await settles(gone, END_WITHIN_MS))) {
      this.#kill('SIGKILL');
      await settles(gone, END_WITHIN_MS);
    }
    await this.#home.clearAddress(this.#socketPath);
  }

  /** Its process id is forgotten with the connection that vouched for it, so no stranger is hit. */
  #kill(signal: NodeJS.Signals): void {
    if (this.#child) this.#child.kill(signal);
    else if (this.#processId !== undefined) process.kill(this.#processId, signal);
  }
}

/** In the folder that it is started in; on a socket alone, so that no port can be taken or reached. */
function redisArguments(socketPath: string): string[] {
  const settings = {
    port: '0',
    unixsocket: socketPath,
    unixsocketperm: '700',
    daemonize: 'no',
    logfile: 'redis.log',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'aof-load-truncated': 'yes',
    save: '',
    'maxmemory-policy': 'noeviction',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function exited(child: ChildProcess): Promise<void> {
  if (isRunning(child)) await once(child, 'exit');
}

/** Whether it does so in time. */
async function settles(promise: Promise<unknown>, withinMs: number): Promise<boolean> {
  const over = new AbortController();
  try {
    return await Promise.race([
      promise.then(() => true),
      delay(withinMs, false, { signal: over.signal }),
    ]);
  } finally {
    over.abort();
  }
}
