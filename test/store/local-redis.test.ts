import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import {
  access,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient } from 'redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config.js';
import { take } from '../../src/store/local-redis/home.js';
import {
  type LocalRedis,
  LocalRedisError,
  startLocalRedis,
} from '../../src/store/local-redis/index.js';
import { openStores } from '../../src/stores.js';

const announcements = new EventEmitter();
const log = {
  info(_context: unknown, message = '') {
    announcements.emit(message);
  },
  warn() {},
};

/** With a space, as in a newcomer's `~/My Projects`. */
let dataDir: string;
const running = new Set<LocalRedis>();
const clients = new Set<ReturnType<typeof open>>();
const hosts = new Set<ChildProcess>();

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'local redis test '));
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  await Promise.all([...running].map((redis) => redis.stop()));
  for (const host of hosts) {
    host.kill('SIGKILL');
    // What it left running is taken over once more, to be stopped.
    await (await startLocalRedis({ dataDir, log })).stop();
  }
  hosts.clear();
  clients.clear();
  running.clear();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(): Promise<LocalRedis> {
  const redis = await startLocalRedis({ dataDir, log });
  running.add(redis);
  return redis;
}

function open(url: string, name?: string) {
  return createClient({
    url,
    ...(name ? { name } : {}),
    socket: { reconnectStrategy: 20 },
  }).on('error', () => {});
}

async function connect(url: string, name?: string) {
  const client = open(url, name);
  clients.add(client);
  await client.connect();
  return client;
}

function socketPathOf(redis: LocalRedis): string {
  return decodeURIComponent(redis.url.slice('unix://'.length));
}

/** Not `once` of node:events, which takes the errors on the way for the end. */
function lost(client: ReturnType<typeof open>): Promise<void> {
  return new Promise((resolve) => client.once('reconnecting', () => resolve()));
}

async function processIdOf(client: ReturnType<typeof open>): Promise<number> {
  return Number(/^process_id:(\d+)/m.exec(String(await client.info('server')))?.[1]);
}

const HOST = fileURLToPath(new URL('local-redis-host.mjs', import.meta.url));

/** A process of its own that starts the Redis of `dataDir` and then does nothing. */
async function startInAnotherProcess(
  program = process.execPath,
  args = [HOST, dataDir],
): Promise<{ host: ChildProcess; url: string }> {
  const host = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  hosts.add(host);
  const [url] = await once(createInterface({ input: host.stdout }), 'line');
  return { host, url };
}

/** As a container is: a /tmp and processes of its own. */
const CONTAINER = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
const canUnshare = spawnSync('unshare', [...CONTAINER, 'true']).status === 0;

async function kill(host: ChildProcess): Promise<void> {
  host.kill('SIGKILL');
  await once(host, 'exit');
}

describe('the private Redis', () => {
  it('is up when the start resolves, and gone when the stop does', async () => {
    const redis = await start();
    const client = await connect(redis.url);
    expect(await client.ping()).toBe('PONG');
    const processId = await processIdOf(client);
    client.destroy();

    await redis.stop();

    expect(() => process.kill(processId, 0)).toThrow('ESRCH');
    await expect(access(dirname(socketPathOf(redis)))).rejects.toThrow('ENOENT');
  });

  it('is closed to other users of the machine, and set up to lose nothing and evict nothing', async () => {
    const redis = await start();
    const client = await connect(redis.url);

    expect(
      await client.configGet(['appendonly', 'appendfsync', 'maxmemory-policy', 'save', 'port']),
    ).toMatchObject({
      appendonly: 'yes',
      appendfsync: 'everysec',
      'maxmemory-policy': 'noeviction',
      save: '',
      port: '0',
    });
    for (const folder of [join(dataDir, 'redis'), dirname(socketPathOf(redis))]) {
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
    }
  });

  it('keeps its data over a stop and a start', async () => {
    const first = await start();
    const client = await connect(first.url);
    await client.set('kept', 'yes');
    client.destroy();
    await first.stop();

    const second = await start();

    expect(await (await connect(second.url)).get('kept')).toBe('yes');
  });

  it('comes back on the same address with its data when it is killed', async () => {
    const redis = await start();
    const client = await connect(redis.url);
    await client.set('kept', 'yes');
    const processId = await processIdOf(client);

    const back = once(announcements, 'the private Redis is back');
    process.kill(processId, 'SIGKILL');
    await back;

    expect(await client.get('kept')).toBe('yes');
    expect(await processIdOf(client)).not.toBe(processId);
  });

  it('does not come back after a stop', async () => {
    const redis = await start();
    const client = await connect(redis.url);
    const refused = new Promise((resolve) => {
      client.on('error', ({ code }) => code === 'ENOENT' && resolve(code));
    });

    await Promise.all([redis.stop(), redis.stop()]);

    expect(await refused).toBe('ENOENT');
    expect(await readdir(join(dataDir, 'redis'))).toEqual([
      'appendonlydir',
      'keeper.lock',
      'redis.log',
    ]);
  });

  it('can be stopped while it is coming back', async () => {
    const redis = await start();
    const client = await connect(redis.url);
    const gone = lost(client);
    process.kill(await processIdOf(client), 'SIGKILL');
    await gone;
    client.destroy();

    await redis.stop();

    expect(await readdir(join(dataDir, 'redis'))).not.toContain('address.json');
    await expect(access(socketPathOf(redis))).rejects.toThrow('ENOENT');
  });

  it('can be stopped even when it hangs', async () => {
    const redis = await start();
    const client = await connect(redis.url);
    const processId = await processIdOf(client);
    process.kill(processId, 'SIGSTOP');
    await redis.stop();
    expect(() => process.kill(processId, 0)).toThrow('ESRCH');
  });

  it('reads what it can of a file that a crash cut short', async () => {
    const first = await start();
    const client = await connect(first.url);
    await client.set('kept', 'yes');
    await client.set('cut', 'off');
    client.destroy();
    await first.stop();
    const folder = join(dataDir, 'redis', 'appendonlydir');
    const part = (await readdir(folder)).find((name) => name.endsWith('.incr.aof'));
    const path = join(folder, String(part));
    await truncate(path, (await stat(path)).size - 3);

    const again = await connect((await start()).url);

    expect(await again.mGet(['kept', 'cut'])).toEqual(['yes', null]);
  });

  it('says in one line why it cannot start', async () => {
    const first = await start();
    await first.stop();
    const folder = join(dataDir, 'redis', 'appendonlydir');
    const manifest = (await readdir(folder)).find((name) => name.endsWith('.manifest'));
    await writeFile(join(folder, String(manifest)), 'not a manifest');

    const error = await start().catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(LocalRedisError);
    expect(String(error)).toMatch(/^LocalRedisError: Redis did not start: .*redis\.log\)$/);
  });
});

describe('a Redis that a killed server left running', () => {
  it('is taken over with its data, kept up and stopped like any other', async () => {
    const { host, url } = await startInAnotherProcess();
    const client = await connect(url);
    await client.set('kept', 'yes');
    const processId = await processIdOf(client);
    await kill(host);

    const redis = await start();

    expect(redis.url).toBe(url);
    expect(await processIdOf(client)).toBe(processId);
    expect(await client.get('kept')).toBe('yes');

    const back = once(announcements, 'the private Redis is back');
    process.kill(processId, 'SIGKILL');
    await back;
    expect(await client.get('kept')).toBe('yes');

    const reborn = await processIdOf(client);
    client.destroy();
    await redis.stop();
    expect(() => process.kill(reborn, 0)).toThrow('ESRCH');
  });

  it('is stopped cleanly though it is nobody’s child', async () => {
    const { host, url } = await startInAnotherProcess();
    const client = await connect(url);
    await client.set('kept', 'yes');
    const gone = lost(client);
    await kill(host);

    await (await start()).stop();

    await gone;
    const words = await readFile(join(dataDir, 'redis', 'redis.log'), 'utf8');
    expect(words).toContain('User requested shutdown');
  });

  it('leaves no trouble behind when it was killed too', async () => {
    const { host, url } = await startInAnotherProcess();
    const client = await connect(url);
    await client.set('kept', 'yes');
    const processId = await processIdOf(client);
    await kill(host);
    const gone = lost(client);
    process.kill(processId, 'SIGKILL');
    await gone;

    const redis = await start();

    expect(redis.url).toBe(url);
    expect(await (await connect(redis.url)).get('kept')).toBe('yes');
  });

  it('is ended when its folder is gone and another has the address by now', async () => {
    const { host, url } = await startInAnotherProcess();
    const client = await connect(url);
    await client.set('kept', 'yes');
    await kill(host);
    client.destroy();
    // Where a folder is deleted, the next one may get its place on the disk, and so its address.
    await rename(join(dataDir, 'redis'), join(dataDir, 'elsewhere'));
    const first = await start();
    await first.stop();
    await rename(
      dirname(decodeURIComponent(url.slice('unix://'.length))),
      dirname(socketPathOf(first)),
    );

    const redis = await start();

    expect(redis.url).toBe(first.url);
    expect(await (await connect(redis.url)).get('kept')).toBeNull();
    const words = await readFile(join(dataDir, 'elsewhere', 'redis.log'), 'utf8');
    expect(words).toContain('User requested shutdown');
  });
});

describe('a data directory that is in use', () => {
  it('is refused while another Livehold keeps its Redis', async () => {
    await startInAnotherProcess();
    await expect(start()).rejects.toThrow(/^another Livehold already runs on this data directory/);
  });

  it('is refused while a server works with a Redis whose keeper is gone', async () => {
    const { host, url } = await startInAnotherProcess();
    const server = await connect(url, 'livehold:server');
    await kill(host);

    await expect(start()).rejects.toThrow(LocalRedisError);

    server.destroy();
    const redis = await start();
    expect(redis.url).toBe(url);
  });

  it('is given to one of several that start at the same time', async () => {
    const outcomes = await Promise.allSettled([start(), start(), start()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
    ]);
  });

  it('is given to one of several that start at the same time after a crash', async () => {
    const { host } = await startInAnotherProcess();
    await kill(host);
    const outcomes = await Promise.allSettled([start(), start(), start()]);
    const given = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(given).toHaveLength(1);
  });

  it('is given to one at a time, whoever comes and goes', async () => {
    const path = join(dataDir, 'some.lock');
    const held = { now: 0, most: 0 };
    const party = async () => {
      for (let times = 0; times < 10; ) {
        const lock = await take(path);
        if (!lock) continue;
        times += 1;
        held.now += 1;
        held.most = Math.max(held.most, held.now);
        await delay(Math.random() * 3);
        held.now -= 1;
        await lock.close();
      }
    };

    await Promise.all([party(), party(), party()]);

    expect(held.most).toBe(1);
  });

  it('is refused though a cleaner has emptied /tmp and its Redis is away', async () => {
    const { host, url } = await startInAnotherProcess();
    const client = await connect(url);
    const processId = await processIdOf(client);
    const gone = lost(client);
    // It cannot see to it now, and it lives.
    host.kill('SIGSTOP');
    process.kill(processId, 'SIGKILL');
    await gone;
    client.destroy();
    await rm(dirname(decodeURIComponent(url.slice('unix://'.length))), { recursive: true });

    await expect(start()).rejects.toThrow(/^another Livehold already runs on this data directory/);
  });

  it('is refused while a Redis works in it that cannot be reached', async () => {
    const { host, url } = await startInAnotherProcess();
    const client = await connect(url);
    const processId = await processIdOf(client);
    const gone = lost(client);
    await kill(host);
    await rm(dirname(decodeURIComponent(url.slice('unix://'.length))), { recursive: true });

    await expect(start()).rejects.toThrow(`or else end process ${processId}`);

    process.kill(processId, 'SIGKILL');
    await gone;
    await start();
  });

  it.skipIf(!canUnshare)(
    'is refused in a container that has the folder and a /tmp and processes of its own',
    async () => {
      const inContainer = `mount --bind "$1" /mnt && mount -t tmpfs tmpfs /tmp && exec "$2" "$3" /mnt`;
      const { host } = await startInAnotherProcess('unshare', [
        ...CONTAINER,
        ...['sh', '-c', inContainer, 'sh', dataDir, process.execPath, HOST],
      ]);

      await expect(start()).rejects.toThrow(
        /^another Livehold already runs on this data directory/,
      );

      await kill(host);
      await start();
    },
  );

  it('is given though a command beside the server still reads it', async () => {
    const { host, url } = await startInAnotherProcess();
    const config = { dataDir, archive: undefined, redisUrl: undefined };
    const { close } = await openStores(config as Partial<Config> as Config);
    await kill(host);

    const redis = await start();

    expect(redis.url).toBe(url);
    await close();
  });
});
