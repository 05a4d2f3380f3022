import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const HEARTBEAT_MS = 1_000;

/** A holder that missed this many heartbeats is dead, even if another process now wears its pid. */
const STALE_AFTER_MS = 5 * HEARTBEAT_MS;

/**
 * Lets one process at a time decide whether a folder's Redis must be started: two that found none
 * and both started one would write the same append-only file.
 *
 * Held only while starting, never for a whole run, so nothing is left to clean up after a crash.
 * Answers the function that lets go, or `undefined` when another process is starting just now.
 */
export async function takeStartLock(folder: string): Promise<(() => Promise<void>) | undefined> {
  const path = join(folder, 'starting.lock');
  while (!(await create(path))) {
    if (await isHeld(path)) return undefined;
    await discard(path);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {
      // Discarded by someone who thought us dead: there is nothing left to keep fresh.
    });
  }, HEARTBEAT_MS);
  return async () => {
    clearInterval(heartbeat);
    await rm(path, { force: true });
  };
}

async function create(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function isHeld(path: string): Promise<boolean> {
  try {
    const [{ mtimeMs }, pid] = await Promise.all([stat(path), readFile(path, 'utf8')]);
    if (Date.now() - mtimeMs > STALE_AFTER_MS) return false;
    return pid === '' || isAlive(Number(pid));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** By a rename first, so that of two who found it stale only one takes it away. */
async function discard(path: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
    await rm(aside, { force: true });
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
