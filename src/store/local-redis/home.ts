import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { REDIS_PROGRAMS } from './binary.js';

/** Why the private Redis of local mode could not be had; the message is one line, meant for a person. */
export class LocalRedisError extends Error {
  override readonly name = 'LocalRedisError';
}

/** Where a private Redis lives: its data in a folder without symbolic links, its socket in a room of its own. */
export interface Home {
  folder: string;
  room: string;
  socketPath: string;
  /** Locked by the Redis that works in the folder, for as long as it lives. */
  lockFile: string;
}

/**
 * The room is in `/tmp`, whatever `TMPDIR` says today: a socket's path must fit in 104 bytes, and whoever opens the same
 * data must find the same room.
 */
export async function openHome(dataDir: string): Promise<Home> {
  const given = join(dataDir, 'redis');
  await fs.mkdir(given, { recursive: true, mode: 0o700 });
  await fs.chmod(given, 0o700);
  const folder = await fs.realpath(given);
  const { dev, ino } = await fs.stat(folder);
  const room = `/tmp/livehold-${dev}-${ino}`;
  return {
    folder,
    room,
    socketPath: join(room, 'redis.sock'),
    lockFile: join(folder, 'redis.lock'),
  };
}

/** Also later: a cleaner of temporary folders may have taken it. Nobody else may have made it. */
export async function openRoom({ room }: Home): Promise<void> {
  await fs.mkdir(room, { recursive: true, mode: 0o700 });
  const { uid, mode } = await fs.lstat(room);
  if (uid === process.getuid?.() && (mode & 0o077) === 0) return;
  throw new LocalRedisError(`${room} must be a folder of this user alone`);
}

/** Of `open` on the systems that have no `flock` program: takes the lock with the file. */
const O_EXLOCK = 0x20;

/**
 * Takes the system's lock on a file in the data's folder, if it is free: whoever else has the folder, in another container
 * too, is kept away by it. It lasts until the handle is closed, here and in what has inherited it, however they end.
 */
export async function take(path: string): Promise<fs.FileHandle | undefined> {
  const { O_RDWR, O_CREAT, O_NONBLOCK } = fs.constants;
  if (process.platform !== 'linux') {
    return fs.open(path, O_RDWR | O_CREAT | O_NONBLOCK | O_EXLOCK, 0o600).catch((error) => {
      if (error.code === 'EAGAIN') return undefined;
      throw error;
    });
  }
  const file = await fs.open(path, O_RDWR | O_CREAT, 0o600);
  // Node has no call for it. The program locks the open file that it is given, and that stays locked in ours.
  const locking = spawn('flock', ['-n', '3'], { stdio: ['ignore', 'ignore', 'ignore', file.fd] });
  const [code] = await once(locking, 'exit').catch((error: unknown) => [error]);
  if (code === 0) return file;
  await file.close();
  if (code === 1) return undefined;
  throw new LocalRedisError(`${path} cannot be locked by the program flock: ${code}`);
}

/** The process id of a Redis that works in the folder, of a version too that took no lock. Known on Linux alone, and not of another container. */
export async function workerOf({ folder }: Home): Promise<number | undefined> {
  for (const id of await fs.readdir('/proc').catch(() => [])) {
    if ((await fs.readlink(`/proc/${id}/cwd`).catch(() => undefined)) !== folder) continue;
    const program = await fs.readFile(`/proc/${id}/comm`, 'utf8').catch(() => '');
    if (REDIS_PROGRAMS.includes(program.trim())) return Number(id);
  }
  return undefined;
}
