import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { REDIS_PROGRAMS } from './binary.js';

/** Why the private Redis of local mode could not be had; the message is one line, meant for a person. */
export class LocalRedisError extends Error {
  override readonly name = 'LocalRedisError';
}

/** Where a private Redis lives: its data in a folder without symbolic links, its sockets in a room of their own. */
export interface Home {
  folder: string;
  room: string;
  socketPath: string;
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
  return { folder, room, socketPath: join(room, 'redis.sock') };
}

/** Also later: a cleaner of temporary folders may have taken it. Nobody else may have made it. */
export async function openRoom({ room }: Home): Promise<void> {
  await fs.mkdir(room, { recursive: true, mode: 0o700 });
  const { uid, mode } = await fs.lstat(room);
  if (uid === process.getuid?.() && (mode & 0o077) === 0) return;
  throw new LocalRedisError(`${room} must be a folder of this user alone`);
}

/** A room that is not empty is that of another by now, or of a Redis that still runs. */
export async function closeRoom({ room }: Home, lock: Server): Promise<void> {
  lock.close();
  await fs.rmdir(room).catch(() => {});
}

/**
 * The right to keep the Redis of a folder: two that both started one would write the same append-only file. It is held by
 * listening on a socket, so that the system takes it back from a process however that ends. Undefined while another has it.
 */
export async function takeLock(home: Home): Promise<Server | undefined> {
  const path = join(home.room, 'keeper.sock');
  await openRoom(home);
  const lock = createServer((socket) => socket.destroy()).unref();
  try {
    await once(lock.listen({ path, exclusive: true }), 'listening');
    return lock;
  } catch (error) {
    if (!isOneOf(error, 'EADDRINUSE', 'ENOENT')) throw error;
    if (await answers(path)) return undefined;
  }
  // Left by a crash, or another's by now: it is put aside first, so that no living one is taken away.
  const aside = `${path}.${randomUUID().slice(0, 8)}`;
  await fs.rename(path, aside).catch(() => {});
  if (await answers(aside)) await fs.link(aside, path).catch(() => {});
  await fs.rm(aside, { force: true });
  return undefined;
}

async function answers(path: string): Promise<boolean> {
  const socket = connect(path);
  const is = await once(socket, 'connect').then(
    () => true,
    // Anything else, such as too many open files, says nothing about who listens.
    (error) => !isOneOf(error, 'ECONNREFUSED', 'ENOENT'),
  );
  socket.destroy();
  return is;
}

function isOneOf(error: unknown, ...codes: string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

/**
 * The process id of a Redis that works in the folder, also one whose socket was deleted. Only Linux tells; it is the last
 * guard against two on one append-only file.
 */
export async function workerOf({ folder }: Home): Promise<number | undefined> {
  for (const id of await fs.readdir('/proc').catch(() => [])) {
    if ((await fs.readlink(`/proc/${id}/cwd`).catch(() => undefined)) !== folder) continue;
    const program = await fs.readFile(`/proc/${id}/comm`, 'utf8').catch(() => '');
    if (REDIS_PROGRAMS.includes(program.trim())) return Number(id);
  }
  return undefined;
}
