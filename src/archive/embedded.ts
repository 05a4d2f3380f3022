import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** A PostgreSQL of our own within this process, that is up until `stop()`. */
export interface EmbeddedPostgres {
  /** For `openDatabase`; other processes of this machine may use it too. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Somebody else works with the data. */
class ArchiveInUseError extends Error {
  override readonly name = 'ArchiveInUseError';
}

/**
 * Starts the embedded database of a data directory: PGlite, PostgreSQL compiled for a worker thread. It takes one or two
 * seconds, and the first time some more. It is for one server and little memory is not its strength (300 MB); who has more
 * gives a `DATABASE_URL`.
 * @throws ArchiveInUseError
 */
export async function startEmbeddedPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  const home = join(dataDir, 'archive');
  await mkdir(home, { recursive: true, mode: 0o700 });
  const unlock = await lock(join(home, 'in-use'));
  const sockets = await mkdtemp(join(tmpdir(), 'livehold-pg-'));
  const release = async () => {
    await rm(sockets, { recursive: true, force: true });
    await rm(addressIn(dataDir), { force: true });
    await unlock();
  };
  try {
    const worker = await startWorker(join(home, 'pglite'), join(sockets, '.s.PGSQL.5432'));
    await writeFile(addressIn(dataDir), sockets, { mode: 0o600 });
    return {
      url: urlOf(sockets),
      async stop() {
        const ended = new Promise((resolve) => worker.once('exit', resolve));
        worker.postMessage('stop');
        await ended;
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

const urlOf = (sockets: string) =>
  `postgres://postgres@/postgres?host=${encodeURIComponent(sockets)}`;

const addressIn = (dataDir: string) => join(dataDir, 'archive', 'address');

/** Where the embedded database of a data directory answers, for programs beside the server that has started it. */
export async function embeddedUrl(dataDir: string): Promise<string | undefined> {
  const sockets = await readFile(addressIn(dataDir), 'utf8').catch(() => undefined);
  return sockets !== undefined && existsSync(sockets) ? urlOf(sockets) : undefined;
}

async function startWorker(folder: string, socketPath: string): Promise<Worker> {
  const program = new URL('./embedded-worker.mjs', import.meta.url);
  const worker = new Worker(program, { workerData: { folder, socketPath } });
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the embedded database ended while it started')));
  });
  worker.on('error', () => {});
  return worker;
}

/** One process at a time: two that write the same files would spoil them. A dead process holds nothing. */
async function lock(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await writeFile(path, await nameOf(process.pid), { flag: 'wx', mode: 0o600 });
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = await readFile(path, 'utf8').catch(() => '');
    const [pid] = holder.split(' ');
    if (holder !== '' && isAlive(Number(pid)) && (await nameOf(Number(pid))) === holder)
      throw new ArchiveInUseError(
        `${path}: another Livehold (process ${pid}) has the archive of this data directory; give several servers a DATABASE_URL`,
      );
    await rm(path, { force: true });
  }
}

/** A process by its number and, where the system says so, by when it began: numbers are given again. */
async function nameOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return `${pid} ${stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? ''}`;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
