import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** A unix socket's path must fit in 104 bytes on the strictest system. */
const LONGEST_TEMP_FOLDER = 70;

const StateSchema = z.object({ socketPath: z.string(), processId: z.number().optional() });

/** Where the Redis of this folder was last seen. A hint: whoever reads it asks that Redis itself. */
export type LastSeen = z.infer<typeof StateSchema>;

/** The folder that a private Redis lives in, and the note there of where it listens. */
export class LocalRedisHome {
  /** Without symbolic links, as Redis itself reports it. */
  readonly folder: string;
  readonly logFile: string;
  readonly #stateFile: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.logFile = join(folder, 'redis.log');
    this.#stateFile = join(folder, 'address.json');
  }

  static async open(dataDir: string): Promise<LocalRedisHome> {
    const folder = join(dataDir, 'redis');
    await fs.mkdir(folder, { recursive: true, mode: 0o700 });
    await fs.chmod(folder, 0o700);
    return new LocalRedisHome(await fs.realpath(folder));
  }

  async lastSeen(): Promise<LastSeen | undefined> {
    try {
      return StateSchema.parse(JSON.parse(await fs.readFile(this.#stateFile, 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** Written whole or not at all: a torn note would hide a running Redis. */
  async remember(seen: LastSeen): Promise<void> {
    const draft = `${this.#stateFile}.${process.pid}`;
    await fs.writeFile(draft, JSON.stringify(seen), { mode: 0o600 });
    await fs.rename(draft, this.#stateFile);
  }

  /** A cleaner of temporary folders may have taken the socket's. */
  async prepare(socketPath: string): Promise<void> {
    await fs.mkdir(dirname(socketPath), { recursive: true, mode: 0o700 });
  }

  async forgetAddress(): Promise<void> {
    await fs.rm(this.#stateFile, { force: true });
  }

  /** Leaves the data and its log, and nothing else. */
  async clearAddress(socketPath: string): Promise<void> {
    await this.forgetAddress();
    await fs.rm(dirname(socketPath), { recursive: true, force: true });
  }

  /** Redis's own last words, for the one line that says why it did not start. */
  async lastLogLine(): Promise<string> {
    const TAIL_BYTES = 4_096;
    const file = await fs.open(this.logFile).catch(() => undefined);
    if (!file) return 'it wrote no log';
    try {
      const { size } = await file.stat();
      const start = Math.max(0, size - TAIL_BYTES);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, start);
      return buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').at(-1) ?? '';
    } finally {
      await file.close();
    }
  }

  /**
   * Whether the process works in this folder. Only Linux tells; it is the last guard against two
   * Redis servers on one append-only file when the socket of a living one was deleted.
   */
  async isWorkplaceOf(processId: number | undefined): Promise<boolean> {
    if (processId === undefined) return false;
    const place = await fs.readlink(`/proc/${processId}/cwd`).catch(() => undefined);
    return place === this.folder;
  }
}

/** A new address in a folder of our own: short enough for a socket, and closed to other users. */
export async function newSocketPath(): Promise<string> {
  const temp = tmpdir().length <= LONGEST_TEMP_FOLDER ? tmpdir() : '/tmp';
  return join(await fs.mkdtemp(join(temp, 'livehold-')), 'redis.sock');
}

/** Whether an address used before may be used again: its folder must still be ours alone. */
export async function isPrivate(socketPath: string): Promise<boolean> {
  const folder = await fs.lstat(dirname(socketPath)).catch(() => undefined);
  return (
    folder?.isDirectory() === true &&
    folder.uid === process.getuid?.() &&
    (folder.mode & 0o077) === 0
  );
}
