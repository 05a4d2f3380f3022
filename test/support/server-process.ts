import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { atEnd } from './at-end.js';
import { endChild, signalAll, spawnChild } from './child.js';
import type { Reachable } from './server-environment.js';
import { serverEnvironment } from './server-environment.js';

/** Whoever uses this runs in the project's folder. */
const MAIN = resolve('dist/main.js');

interface LogLine {
  level: number;
  msg: string;
  port?: number;
  pid: number;
  reason?: string;
}

export interface ServerProcess extends Reachable {
  readonly pid: number;
  /** What it has logged so far. */
  log: LogLine[];
  /** Sends a signal that it lives on after. */
  signal(signal: 'SIGHUP'): void;
  /** Resolves when it is gone, with its exit code (null when the signal ended it). */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
  /** Stops it where it stands; its connections stay open. */
  freeze(): void;
  thaw(): void;
}

type Environment = { redisUrl: string } & NodeJS.ProcessEnv;

/** The built server as a process of its own, for tests that kill it. `npm test` builds before it tests. */
export function spawnServer(environment: Environment): Promise<ServerProcess> {
  return spawnUntil('livehold is up', environment);
}

/** The same, as soon as it answers at all: its Redis may be away. */
export function spawnListening(environment: Environment): Promise<ServerProcess> {
  return spawnUntil('listening; not ready yet', environment);
}

/** One that is expected to end by itself: its exit code, and what it complained of. */
export async function spawnRefused({ redisUrl, ...overrides }: Environment) {
  const { child, complaint } = spawnMain(redisUrl, overrides);
  child.stdout?.resume();
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, complaint: complaint() };
}

/** Runs one of the program's own commands to its end. */
export async function runMain(
  command: string,
  redisUrl: string,
  overrides: NodeJS.ProcessEnv = {},
) {
  const { child, complaint } = spawnMain(redisUrl, overrides, ...command.split(' '));
  const said = await text(child.stdout as Readable);
  return { code: child.exitCode ?? (await once(child, 'exit'))[0], said: said + complaint() };
}

async function spawnUntil(
  announcement: string,
  { redisUrl, ...overrides }: Environment,
): Promise<ServerProcess> {
  const { child, complaint } = spawnMain(redisUrl, overrides);
  const lines = createInterface({ input: child.stdout as Readable });
  const log: LogLine[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    lines.on('line', (line) => {
      const entry = JSON.parse(line) as LogLine;
      log.push(entry);
      if (entry.msg === announcement && entry.port !== undefined) resolve(entry.port);
    });
    lines.once('close', () => reject(new Error(`the server did not start: ${complaint()}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    log,
    kill: (signal) => {
      // Workers of a killed server would go on for a moment.
      if (signal === 'SIGKILL' && child.pid !== undefined) signalAll(child.pid, signal);
      return endChild(child, signal);
    },
    signal: (signal) => void child.kill(signal),
    freeze: () => signalAll(child.pid ?? 0, 'SIGSTOP'),
    thaw: () => signalAll(child.pid ?? 0, 'SIGCONT'),
  };
}

function spawnMain(redisUrl: string, overrides: NodeJS.ProcessEnv, ...args: string[]) {
  const environment = serverEnvironment(redisUrl, { LOG_LEVEL: 'info', ...overrides });
  const child = spawnChild(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  atEnd(() => {
    if (child.exitCode === null && child.signalCode === null) signalAll(child.pid ?? 0, 'SIGKILL');
    return endChild(child, 'SIGKILL');
  });
  let complaint = '';
  child.stderr?.on('data', (chunk) => {
    complaint += chunk;
  });
  return { child, complaint: () => complaint };
}
