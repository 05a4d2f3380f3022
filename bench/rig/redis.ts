import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { CLIENT_CORE, pinned } from './cores.js';

const PROGRAMS = ['redis-server', 'valkey-server'];
const program = PROGRAMS.find((name) => spawnSync(name, ['--version']).status === 0);

/** What Redis spent since `resetStats`, µs. */
export interface RedisUsage {
  /** CPU time of its main thread: scripts, reading, writing, the append-only file. */
  threadMicros: number;
  /** Time inside commands, without the reading and writing around them. */
  commandMicros: number;
  /** By command as the clients sent them, µs and calls. */
  commands: Record<string, { calls: number; micros: number }>;
}

const running = new Set<PrivateRedis>();
process.on('exit', () => {
  for (const redis of running) redis.kill();
});

/** A Redis of the rig's own with the settings of local mode: append-only file, fsync each second, no eviction. */
export class PrivateRedis {
  readonly url: string;
  readonly client: ReturnType<typeof createClient>;
  private readonly child: ChildProcess;
  private readonly folder: string;
  private threadMicrosBefore = 0;

  private constructor(child: ChildProcess, folder: string) {
    this.child = child;
    this.folder = folder;
    this.url = `unix://${folder}/redis.sock`;
    // Busy on purpose, it may take longer to answer than the client's own patience.
    this.client = createClient({ url: this.url, commandOptions: { timeout: 120_000 } });
    this.client.on('error', () => {});
    running.add(this);
  }

  /** @param settings further lines of its configuration */
  static async start(settings: Record<string, string> = {}): Promise<PrivateRedis> {
    if (!program) throw new Error('there is no Redis on this machine: install redis-server');
    const folder = mkdtempSync(join(tmpdir(), 'livehold-bench-'));
    const all = {
      port: '0',
      unixsocket: join(folder, 'redis.sock'),
      dir: folder,
      appendonly: 'yes',
      appendfsync: 'everysec',
      save: '',
      'maxmemory-policy': 'noeviction',
      ...settings,
    };
    const options = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
    const [file = program, ...args] = pinned(CLIENT_CORE, [program, ...options]);
    const redis = new PrivateRedis(spawn(file, args, { stdio: 'ignore' }), folder);
    for (let attempt = 0; ; attempt++) {
      try {
        await redis.client.connect();
        return redis;
      } catch (error) {
        if (attempt === 100) throw error;
        await delay(50);
      }
    }
  }

  async version(): Promise<string> {
    const info = await this.client.info('server');
    return /^(?:valkey|redis)_version:(\S+)/m.exec(info)?.[1] ?? 'unknown';
  }

  async resetStats(): Promise<void> {
    await this.client.configResetStat();
    this.threadMicrosBefore = await this.threadMicros();
  }

  /** Commands inside scripts are part of the script's own time, so only what clients send is added up. */
  async usage(): Promise<RedisUsage> {
    const threadMicros = (await this.threadMicros()) - this.threadMicrosBefore;
    const info = await this.client.info('commandstats');
    const commands: RedisUsage['commands'] = {};
    for (const [, name = '', calls, micros] of info.matchAll(
      /^cmdstat_([^:]+):calls=(\d+),usec=(\d+)/gm,
    )) {
      commands[name] = { calls: Number(calls), micros: Number(micros) };
    }
    const sum = SENT_BY_CLIENTS.reduce((total, name) => total + (commands[name]?.micros ?? 0), 0);
    return { threadMicros, commandMicros: sum, commands };
  }

  async stop(): Promise<void> {
    if (this.client.isOpen) this.client.destroy();
    const gone = this.child.exitCode === null ? once(this.child, 'exit') : undefined;
    this.kill();
    await gone;
  }

  kill(): void {
    running.delete(this);
    this.child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async threadMicros(): Promise<number> {
    const info = await this.client.info('cpu');
    const seconds = (name: string) =>
      Number(new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? 0);
    return (seconds('used_cpu_user_main_thread') + seconds('used_cpu_sys_main_thread')) * 1_000_000;
  }
}

/** What the subjects send themselves; the rest of the statistics is what scripts do inside. */
const SENT_BY_CLIENTS = ['evalsha', 'eval', 'xrange', 'watch', 'multi', 'exec', 'unwatch'];
