import { type ChildProcess, execFileSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { atEnd } from './at-end.js';
import { endChild, spawnChild } from './child.js';
import { until } from './until.js';

/** Where Debian puts PostgreSQL's programs. */
const VERSIONS = '/usr/lib/postgresql';

/** Undefined where none is installed. */
export function findPostgres(): string | undefined {
  if (!existsSync(VERSIONS)) return undefined;
  const newest = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a))[0];
  return newest && join(VERSIONS, newest, 'bin');
}

/** PostgreSQL refuses to run as root. */
function asPostgres(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

interface PostgresOptions {
  /** Makes the folder ready before anything is in it, such as by mounting something there. */
  prepare?: (folder: string) => Promise<void>;
  /** Words for `initdb`, and for the server. */
  initdb?: string[];
  settings?: string[];
  /** Runs the server's command, such as `taskset` with its words. */
  launcher?: string[];
}

/** How long the processes of a killed one may take to be gone, ms. */
const GONE_WITHIN_MS = 5_000;

/** A PostgreSQL of the test's own, on a socket in a folder of its own. */
export class PostgresServer {
  readonly url: string;
  readonly folder: string;
  private readonly programs: string;
  private readonly user = asPostgres();
  private readonly settings: string[];
  private readonly launcher: string[];
  private child: ChildProcess | undefined;

  private constructor(programs: string, folder: string, options: PostgresOptions) {
    this.programs = programs;
    this.folder = folder;
    this.settings = options.settings ?? [];
    this.launcher = options.launcher ?? [];
    this.url = `postgres://postgres@/postgres?host=${encodeURIComponent(folder)}`;
  }

  static async start(programs: string, options: PostgresOptions = {}): Promise<PostgresServer> {
    const { prepare, initdb = [] } = options;
    const folder = await mkdtemp(join(tmpdir(), 'lh-pg-'));
    const server = new PostgresServer(programs, folder, options);
    atEnd(() => server.end());
    try {
      await prepare?.(folder);
      const { uid, gid } = server.user;
      if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
      const args = ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'];
      execFileSync(join(programs, 'initdb'), [...args, '--locale=C', '--no-sync', ...initdb], {
        ...server.user,
        cwd: folder,
        stdio: 'ignore',
      });
      await server.up();
      return server;
    } catch (error) {
      await server.end();
      throw error;
    }
  }

  /** Resolves when it takes connections. */
  async up(): Promise<void> {
    const { folder } = this;
    // What the system has taken survives a killed process, also without a sync to the disk.
    const args = ['-D', join(folder, 'data'), '-k', folder, '-c', 'listen_addresses='];
    args.push('-c', 'fsync=off', ...this.settings.flatMap((setting) => ['-c', setting]));
    const [program = '', ...words] = [...this.launcher, join(this.programs, 'postgres'), ...args];
    const child = spawnChild(program, words, {
      ...this.user,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child = child;
    const output = child.stderr as Readable;
    let last = '';
    for await (const line of createInterface({ input: output })) {
      last = line;
      if (!line.includes('ready to accept connections')) continue;
      output.resume();
      return;
    }
    throw new Error(`PostgreSQL did not start: ${last}`);
  }

  /** As a power cut would: all of its processes at once. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child) return;
    const workers = this.workers();
    const gone = endChild(child, 'SIGKILL');
    for (const pid of workers) signal(pid, 'SIGKILL');
    await gone;
    // They hold its shared memory until they are gone, and it does not start on that.
    await until('its processes are gone', () => !workers.some(lives), GONE_WITHIN_MS);
  }

  /** Connections stay open and nothing answers. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
    for (const pid of this.workers()) signal(pid, 'SIGSTOP');
  }

  thaw(): void {
    for (const pid of this.workers()) signal(pid, 'SIGCONT');
    this.child?.kill('SIGCONT');
  }

  /** Kills it and takes away what it wrote. */
  async end(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The processes that it has started: one for each connection, and some of its own. */
  private workers(): number[] {
    const pid = this.child?.pid;
    try {
      const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
      return list.split(' ').filter(Boolean).map(Number);
    } catch {
      return [];
    }
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}

/** One that has ended and that nobody has taken note of holds nothing any more. */
function lives(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
