import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { TimeLimit } from '../../time-limit.js';
import { findRedisBinary } from './binary.js';
import { type Home, LocalRedisError, openRoom, take, workerOf } from './home.js';

/** Anything that takes longer to answer on a local socket is hung. */
const ANSWER_WITHIN_MS = 5_000;
const OPENS_WITHIN_MS = 15_000;
/** How long it may take to end when it is asked to, ms: writing out what it has takes less. */
const END_WITHIN_MS = 2_500;

/** Somebody accepts the connection, but nobody answers on it. */
class SilentError extends Error {
  override readonly name = 'SilentError';
}

/** A Redis that runs, and has read all its data back. */
export interface Running {
  gone: Promise<unknown>;
  kill(signal: NodeJS.Signals): void;
}

/** One that somebody else started. */
interface Found extends Running {
  /** The folder that its data lives in: what distinguishes our Redis from any other. */
  folder: string | undefined;
  /** Whether a server works with it: servers name their connections. */
  isInUse(): Promise<boolean>;
  disconnect(): void;
}

/**
 * Undefined when nobody listens there: the socket is missing, or its owner is dead. The connection never reconnects: its end
 * is a sign of death, and while it is open the process id is certain.
 */
export async function find(home: Home, signal?: AbortSignal): Promise<Found | undefined> {
  // The client puts no bound on a command that was written: a stopped Redis would hang the start.
  const answered = new TimeLimit(ANSWER_WITHIN_MS, () => new SilentError());
  const client = createClient({
    socket: { path: home.socketPath, tls: false, reconnectStrategy: false },
  });
  client.on('error', () => {});
  const gone = new Promise<void>((resolve) => {
    client.once('terminated', () => resolve()).once('end', () => resolve());
  });
  try {
    await answered.within(client.connect());
    const { dir } = await answered.within(client.configGet('dir'));
    let info = '';
    while (!info.includes('\nloading:0')) {
      if (info !== '') await delay(50, undefined, { signal });
      info = String(await answered.within(client.info()));
    }
    const processId = Number(/^process_id:(\d+)/m.exec(info)?.[1]);
    return {
      gone,
      kill: (how) => void (client.isOpen && process.kill(processId, how)),
      folder: dir,
      isInUse: async () =>
        (await answered.within(client.clientList())).some(({ name }) =>
          name.startsWith('livehold'),
        ),
      disconnect: () => client.destroy(),
    };
  } catch (error) {
    client.destroy();
    if (signal?.aborted) throw error;
    if (!(error instanceof SilentError)) return undefined;
    throw new LocalRedisError(
      `the Redis of ${home.folder} runs but does not answer: end its process (${await workerOf(home)}) with kill -9`,
    );
  }
}

/** Undefined while another works in the folder, which nobody may have found: two would write the same append-only file. */
export async function start(home: Home, signal?: AbortSignal): Promise<Running | undefined> {
  const program = await findRedisBinary();
  if (!program)
    throw new LocalRedisError(
      'there is no Redis on this machine: install redis-server 7.0 or newer, or set REDIS_URL',
    );
  await openRoom(home);
  signal?.throwIfAborted();
  const lock = await take(home.lockFile);
  if (!lock) return undefined;
  if (await workerOf(home)) {
    await lock.close();
    return undefined;
  }
  // A process group of its own: Ctrl-C in the terminal must reach the server alone, which needs its Redis to finish what
  // it is doing. It inherits the lock.
  const child = spawn(program, argumentsFor(home), {
    cwd: home.folder,
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', lock.fd],
  });
  const running = { gone: once(child, 'exit'), kill: (how: NodeJS.Signals) => child.kill(how) };
  running.gone.catch(() => {});
  try {
    await lock.close();
    const deadline = Date.now() + OPENS_WITHIN_MS;
    while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
      const found = await find(home, signal);
      found?.disconnect();
      if (found) return running;
      await Promise.race([running.gone, delay(20, undefined, { signal })]);
    }
  } catch (error) {
    await end(running);
    throw error;
  }
  await end(running);
  const logFile = join(home.folder, 'redis.log');
  const log = await readFile(logFile, 'utf8').catch(() => 'it wrote no log');
  throw new LocalRedisError(
    `Redis did not start: ${log.trimEnd().split('\n').at(-1)} (${logFile})`,
  );
}

/** Cleanly, with everything written, and then by force. */
export async function end({ gone, kill }: Running): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    kill(signal);
    const late = delay(END_WITHIN_MS, 'late', { ref: false });
    if ((await Promise.race([gone, late])) !== 'late') return;
  }
}

/** In the folder that it is started in; on a socket alone, so that no port can be taken or reached. */
function argumentsFor({ socketPath }: Home): string[] {
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
