import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createClient } from 'redis';
import { findRedisBinary } from '../../src/store/local-redis/binary.js';
import { atEnd } from './at-end.js';
import { endChild, spawnChild } from './child.js';

/** `everysec` may put off a write by two seconds while the disk is busy, so a test that kills Redis needs `always`. */
type Fsync = 'everysec' | 'always';

/**
 * A Redis of the test's own: on a unix socket in a folder of its own, append-only like the product's. It can be frozen,
 * killed and started again on its data. One for a file is enough (`beforeAll`): each test takes a `newShop()`.
 */
export async function startRedis(
  appendfsync: Fsync = 'everysec',
  ...more: string[]
): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'lh-redis-'));
  const redis = new RedisServer(folder, (await findRedisBinary()) ?? 'redis-server', [
    '--appendfsync',
    appendfsync,
    ...more,
  ]);
  atEnd(async () => {
    await redis.kill();
    await rm(folder, { recursive: true, force: true });
  });
  await redis.start();
  return redis;
}

export class RedisServer {
  readonly url: string;
  readonly socketPath: string;
  readonly folder: string;
  private readonly binary: string;
  private readonly more: string[];
  private child: ChildProcess | undefined;

  constructor(folder: string, binary: string, more: string[]) {
    this.folder = folder;
    this.binary = binary;
    this.more = more;
    this.socketPath = join(folder, 'redis.sock');
    this.url = `unix://${this.socketPath}`;
  }

  /** Resolves when it takes connections, its data loaded. */
  async start(): Promise<void> {
    const options = {
      port: '0',
      unixsocket: this.socketPath,
      dir: this.folder,
      appendonly: 'yes',
      save: '',
      'maxmemory-policy': 'noeviction',
      logfile: '',
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const child = spawnChild(this.binary, [...args, ...this.more], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.child = child;
    const output = child.stdout as Readable;
    let last = '';
    for await (const line of createInterface({ input: output })) {
      last = line;
      if (!/ready to accept connections/i.test(line)) continue;
      output.resume();
      return;
    }
    throw new Error(`${this.binary} did not start: ${last}`);
  }

  /** As a power cut would: no goodbye, nothing saved that was not written yet. */
  async kill(): Promise<void> {
    if (this.child) await endChild(this.child, 'SIGKILL');
  }

  /** Connections stay open and nothing answers. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** A client for looking at what the server has written. */
  async client() {
    const client = createClient({ url: this.url }).on('error', () => {});
    atEnd(() => client.destroy());
    await client.connect();
    return client;
  }
}
