import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createClient } from 'redis';
import { findRedisBinary } from '../../src/store/local-redis/binary.js';
import { atEnd } from './at-end.js';
import { endChild, spawnChild } from './child.js';

/** What every Redis of these tests is started with: the product's persistence, and no waiting before a first copy. */
const OPTIONS = {
  bind: '127.0.0.1',
  appendonly: 'yes',
  save: '',
  logfile: '',
  'repl-diskless-sync-delay': '0',
};

export type RedisClient = Awaited<ReturnType<RedisProcess['client']>>;

/** A Redis on a port, for what needs several that know of each other: clusters, replicas, sentinels. */
export class RedisProcess {
  readonly port: number;
  private readonly args: string[];
  private readonly folder: string;
  private child: ChildProcess | undefined;

  /** @param args options, or a configuration file followed by options, as `redis-server` takes them */
  constructor(port: number, folder: string, args: string[]) {
    this.port = port;
    this.folder = join(folder, String(port));
    this.args = args;
    atEnd(() => this.kill());
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Resolves once it says the words. */
  async start(ready = /ready to accept connections/i): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const binary = (await findRedisBinary()) ?? 'redis-server';
    const child = spawnChild(binary, this.args, {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.child = child;
    const output = child.stdout as Readable;
    let last = '';
    for await (const line of createInterface({ input: output })) {
      last = line;
      if (ready.test(line)) {
        output.resume();
        return;
      }
    }
    throw new Error(`Redis on ${this.address} did not start: ${last}`);
  }

  /** As a power cut would. */
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

  /** A client of this very server, whatever it is to the others. */
  async client() {
    const client = createClient({ url: `redis://${this.address}` }).on('error', () => {});
    atEnd(() => client.destroy());
    await client.connect();
    return client;
  }
}

export function optionsOf(more: Record<string, string>): string[] {
  return Object.entries({ ...OPTIONS, ...more }).flatMap(([name, value]) => [`--${name}`, value]);
}

/** The value of one field of INFO. */
export async function infoOf(client: RedisClient, field: string): Promise<string | undefined> {
  return new RegExp(`^${field}:(.*)$`, 'm').exec(await client.info())?.[1]?.trim();
}
