import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { atEnd } from './support/at-end.js';
import { endChild, spawnChild } from './support/child.js';
import { freePorts } from './support/free-ports.js';
import { startRedis } from './support/redis-server.js';
import { spawnRefused } from './support/server-process.js';
import { until } from './support/until.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** The built server in local mode, with a Redis of its own in a new data folder. */
async function spawnLocal(port: number, ...nodeArgs: string[]) {
  const dataDir = await mkdtemp(join(tmpdir(), 'lh-start-'));
  const redisDir = join(dataDir, 'redis');
  const child = spawnChild(process.execPath, [...nodeArgs, MAIN], {
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const complaint = text(child.stderr as Readable);
  const log = child.stdout as Readable;
  atEnd(async () => {
    await endChild(child, 'SIGKILL');
    for (const id of await redisesLeft(redisDir)) process.kill(id, 'SIGKILL');
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  });
  return { child, closed, complaint, log, redisDir };
}

/** Whatever Redis has written its log into the folder and is still there. */
async function redisesLeft(redisDir: string): Promise<number[]> {
  const words = await readFile(join(redisDir, 'redis.log'), 'utf8').catch(() => '');
  const ids = new Set([...words.matchAll(/^(\d+):[CM] /gm)].map((match) => Number(match[1])));
  return [...ids].filter((id) => {
    try {
      return process.kill(id, 0);
    } catch {
      return false;
    }
  });
}

/** Its data and its log may stay, and nothing that says where it is. */
async function expectNothingLeft(redisDir: string): Promise<void> {
  expect(await redisesLeft(redisDir)).toEqual([]);
  const left = await readdir(redisDir).catch(() => []);
  expect(
    left.filter((name) => !['appendonlydir', 'keeper.lock', 'redis.log'].includes(name)),
  ).toEqual([]);
}

describe('a start that fails', () => {
  it('for a port that is taken says so in one line, before anything else is started', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    atEnd(() => other.close());
    const { port } = other.address() as AddressInfo;

    const { closed, complaint, log, redisDir } = await spawnLocal(port);
    log.resume();

    expect(await closed).toEqual([1, null]);
    expect(await complaint).toMatch(new RegExp(`^livehold: PORT: .*EADDRINUSE.*:${port}\\n$`));
    await expectNothingLeft(redisDir);
  });
});

describe('the log', () => {
  it('is written in words on a terminal, and as JSON anywhere else', async () => {
    const terminal = 'data:text/javascript,process.stdout.isTTY=true';
    for (const [nodeArgs, line] of [
      [['--import', terminal], /^\S*\[\d\d:\d\d:\d\d\.\d+\]\S* .*INFO.*listening; not ready yet/],
      [[], /^\{"level":30,.*"msg":"listening; not ready yet"\}$/],
    ] as const) {
      const { log } = await spawnLocal(0, ...nodeArgs);
      for await (const first of createInterface({ input: log })) {
        expect(first).toMatch(line);
        break;
      }
    }
  });
});

describe('a file .env', () => {
  it('is read, and what the environment has comes before it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lh-start-'));
    atEnd(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, '.env'), 'DATA_DIR=/dev/null\nPORT=1');
    const reader = new URL('../scripts/env-file.mjs', import.meta.url).href;
    const child = spawnChild(process.execPath, ['--import', reader, MAIN], {
      cwd: folder,
      env: { PATH: process.env.PATH, PORT: 'one' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    expect(await text(child.stderr as Readable)).toMatch(/^livehold: PORT: /);
    const other = spawnChild(process.execPath, ['--import', reader, MAIN], {
      cwd: folder,
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    expect(await text(other.stderr as Readable)).toMatch(/^livehold: DATA_DIR: /);
  });
});

describe('a data folder that cannot be used', () => {
  it.runIf(process.getuid?.() === 0)('is named in one line when it is another user’s', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lh-start-'));
    atEnd(() => rm(folder, { recursive: true, force: true }));
    const child = spawnChild(process.execPath, [MAIN], {
      env: { PATH: process.env.PATH, DATA_DIR: folder, PORT: '0' },
      uid: 65_534,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const complaint = text(child.stderr as Readable);
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(await complaint).toMatch(/^livehold: DATA_DIR: .*EACCES.*\n$/);
  });
});

describe('a Redis that can never serve', () => {
  it.each([
    ['lacks the database', (url: string) => `${url}?db=99`, /database that Redis lacks/],
    [
      'is no cluster',
      (_: string, port: number) => `redis+cluster://127.0.0.1:${port}`,
      /no cluster/,
    ],
    ['is no sentinel', (_: string, port: number) => `redis+sentinel://127.0.0.1:${port}/m`, /kind/],
  ])('because it %s ends the start with one line', async (_, address, complaint) => {
    const redis = await startRedis();
    const [port = 0] = await freePorts(1);
    await (await redis.client()).configSet('port', String(port));
    const ended = await spawnRefused({ redisUrl: address(redis.url, port) });
    expect(ended.code).toBe(1);
    expect(ended.complaint).toMatch(/^livehold: REDIS_URL .*\n$/);
    expect(ended.complaint).toMatch(complaint);
  });
});

describe('SIGTERM to a server that does not listen yet', () => {
  it('ends it when it comes right after the spawn', async () => {
    const { child, closed, complaint, log, redisDir } = await spawnLocal(0);
    log.resume();
    child.kill('SIGTERM');
    await closed;
    expect(await complaint).toBe('');
    await expectNothingLeft(redisDir);
  });

  it('ends the Redis that is just being started as well', async () => {
    const { child, closed, complaint, log, redisDir } = await spawnLocal(0);
    log.resume();
    await until('the Redis is being started', () => existsSync(redisDir));
    child.kill('SIGTERM');
    expect(await closed).toEqual([0, null]);
    expect(await complaint).toBe('');
    await expectNothingLeft(redisDir);
  });

  it('ends the Redis that is up already as well', async () => {
    const { child, closed, complaint, log, redisDir } = await spawnLocal(0);
    for await (const line of createInterface({ input: log })) {
      if ((JSON.parse(line) as { msg: string }).msg === 'started a private Redis') break;
    }
    log.resume();
    child.kill('SIGTERM');
    expect(await closed).toEqual([0, null]);
    expect(await complaint).toBe('');
    await expectNothingLeft(redisDir);
  });
});
