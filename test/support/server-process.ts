import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { atEnd } from './at-end.js';
import { endChild, spawnChild } from './child.js';
import type { Reachable } from './server.js';
import { serverEnvironment } from './server-environment.js';

/** Whoever uses this runs in the project's folder. */
const MAIN = resolve('dist/main.js');

export interface ServerProcess extends Reachable {
  readonly pid: number;
  /** Resolves when it is gone, with its exit code (null when the signal ended it). */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
  /** Stops it where it stands; its connections stay open. */
  freeze(): void;
  thaw(): void;
}

/** The built server as a process of its own, for tests that kill it. `npm test` builds before it tests. */
export async function spawnServer({
  redisUrl,
  ...overrides
}: { redisUrl: string } & NodeJS.ProcessEnv): Promise<ServerProcess> {
  const environment = serverEnvironment(redisUrl, { LOG_LEVEL: 'info', ...overrides });
  const child = spawnChild(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = (signal: 'SIGKILL' | 'SIGTERM') => endChild(child, signal);
  atEnd(() => kill('SIGKILL'));

  const output = child.stdout as Readable;
  let complaint = '';
  child.stderr?.on('data', (chunk) => {
    complaint += chunk;
  });
  for await (const line of createInterface({ input: output })) {
    const { msg, port } = JSON.parse(line) as { msg: string; port?: number };
    if (msg !== 'livehold is up') continue;
    output.resume();
    return {
      url: `http://127.0.0.1:${port}`,
      pid: child.pid ?? 0,
      kill,
      freeze: () => void child.kill('SIGSTOP'),
      thaw: () => void child.kill('SIGCONT'),
    };
  }
  throw new Error(`the server did not start: ${complaint}`);
}
