import { type ChildProcess, execFileSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { atEnd } from './at-end.js';
import { endChild, spawnChild } from './child.js';

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

/** A PostgreSQL of the test's own, on a socket in a folder of its own. */
export class PostgresServer {
  readonly url: string;
  readonly folder: string;
  private readonly programs: string;
  private readonly user = asPostgres();
  private child: ChildProcess | undefined;

  private constructor(programs: string, folder: string) {
    this.programs = programs;
    this.folder = folder;
    this.url = `postgres://postgres@/postgres?host=${encodeURIComponent(folder)}`;
  }

  static async start(programs: string): Promise<PostgresServer> {
    const folder = await mkdtemp(join(tmpdir(), 'lh-pg-'));
    const server = new PostgresServer(programs, folder);
    const { uid, gid } = server.user;
    if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
    atEnd(async () => {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    });
    const options = ['-D', join(folder, 'data'), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'];
    execFileSync(join(programs, 'initdb'), [...options, '--locale=C', '--no-sync'], {
      ...server.user,
      cwd: folder,
      stdio: 'ignore',
    });
    await server.up();
    return server;
  }

  /** Resolves when it takes connections. */
  async up(): Promise<void> {
    const { folder } = this;
    // What the system has taken survives a killed process, also without a sync to the disk.
    const args = ['-D', join(folder, 'data'), '-k', folder, '-c', 'listen_addresses='];
    args.push('-c', 'fsync=off');
    const child = spawnChild(join(this.programs, 'postgres'), args, {
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

  /** As a power cut would: its workers notice, and end themselves. */
  async kill(): Promise<void> {
    if (this.child) await endChild(this.child, 'SIGKILL');
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }
}
