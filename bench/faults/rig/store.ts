import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findRedisBinary } from '../../../src/store/local-redis/binary.js';
import { RedisServer } from '../../../test/support/redis-server.js';

const run = promisify(execFile);

/** This machine does not let us make what the fault needs. */
export class NotPermitted extends Error {
  override name = 'NotPermitted';
}

export type Fsync = 'always' | 'everysec';

/** A Redis in a folder of its own, on a disk of its own if it is to be small. */
export class StoreProcess {
  private static readonly all = new Set<StoreProcess>();
  readonly redis: RedisServer;
  readonly folder: string;
  private readonly mounted: boolean;

  private constructor(redis: RedisServer, folder: string, mounted: boolean) {
    this.redis = redis;
    this.folder = folder;
    this.mounted = mounted;
    StoreProcess.all.add(this);
  }

  /** Ends all that are left. */
  static async endAll(): Promise<void> {
    await Promise.all([...StoreProcess.all].map((store) => store.end()));
  }

  /** @param diskMb the size of its disk; undefined: this machine's. @throws NotPermitted */
  static async start(fsync: Fsync, diskMb?: number): Promise<StoreProcess> {
    const binary = await findRedisBinary();
    if (binary === undefined) throw new Error('there is no Redis here: install redis-server');
    const folder = await mkdtemp(join(tmpdir(), 'lh-faults-'));
    const mounted = diskMb !== undefined;
    const store = new StoreProcess(
      new RedisServer(folder, binary, ['--appendfsync', fsync]),
      folder,
      mounted,
    );
    try {
      if (mounted) await mountSmallDisk(folder, diskMb);
      await store.redis.start();
      return store;
    } catch (error) {
      await store.end();
      throw error;
    }
  }

  /** Does something with a client that is there for that alone. */
  async ask<Answer>(work: (client: StoreClient) => Promise<Answer>): Promise<Answer> {
    const client = await this.redis.client();
    try {
      return await work(client);
    } finally {
      client.destroy();
    }
  }

  command(...args: string[]): Promise<unknown> {
    return this.ask((client) => client.sendCommand(args));
  }

  /** The append-only file that is being written, with its length in bytes. */
  async appendOnlyFile(): Promise<{ path: string; size: number }> {
    const folder = join(this.folder, 'appendonlydir');
    const names = (await readdir(folder)).filter((name) => name.endsWith('.incr.aof'));
    const path = join(folder, names.sort().at(-1) ?? '');
    return { path, size: (await stat(path)).size };
  }

  /** Kills it and takes everything away. */
  async end(): Promise<void> {
    StoreProcess.all.delete(this);
    await this.redis.kill();
    if (this.mounted) await unmount(this.folder);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Mounts a disk of so many MB on a folder. @throws NotPermitted */
export async function mountSmallDisk(folder: string, megabytes: number): Promise<void> {
  const options = ['-t', 'tmpfs', '-o', `size=${megabytes}m`];
  await run('mount', [...options, 'tmpfs', folder]).catch((error: Error) => {
    throw new NotPermitted(`a small disk cannot be mounted: ${error.message.trim()}`);
  });
}

export async function unmount(folder: string): Promise<void> {
  await run('umount', [folder]).catch(() => {});
}

type StoreClient = Awaited<ReturnType<RedisServer['client']>>;
