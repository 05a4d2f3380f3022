import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Older servers lack what the scripts and their keys rely on. */
const OLDEST_MAJOR = 7;

/** Redis itself first; Valkey is its open fork and speaks the same. */
export const REDIS_PROGRAMS = ['redis-server', 'valkey-server'];

/** The name of a Redis or Valkey on the PATH that is new enough, if this machine has one. */
export async function findRedisBinary(): Promise<string | undefined> {
  for (const name of REDIS_PROGRAMS) {
    if ((await majorVersion(name)) >= OLDEST_MAJOR) return name;
  }
  return undefined;
}

/** Asks the program itself: `Redis server v=7.0.15 …`, `Valkey server v=8.1.1 …`. 0 when there is none. */
async function majorVersion(name: string): Promise<number> {
  try {
    const { stdout } = await promisify(execFile)(name, ['--version'], { timeout: 5_000 });
    return Number(/\bv=(\d+)\./.exec(stdout)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
