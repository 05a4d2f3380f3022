import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/store/redis/connection.js';
import { NEEDED_COMMANDS } from '../../src/store/redis/requirements.js';
import { freePorts } from '../support/free-ports.js';
import { startRedisProxy } from '../support/redis-proxy.js';
import { type RedisServer, startRedis } from '../support/redis-server.js';
import { startServer } from '../support/server.js';

const SCRIPTS = fileURLToPath(new URL('../../src/store/scripts', import.meta.url));

/** Answers the one line with which the server refuses to start. */
function refusal(redisUrl: string): Promise<string> {
  return startServer({ redisUrl }).then(
    () => 'started',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

/** A user `app`, password `secret`, who may do everything but what is said. */
async function userWith(redis: RedisServer, ...rules: string[]): Promise<string> {
  const everything = ['on', '>secret', '~livehold:*', '&livehold:*', '+@all'];
  await (await redis.client()).aclSetUser('app', [...everything, ...rules]);
  return redis.url.replace('unix://', 'unix://app:secret@');
}

describe('the commands that are tried at the start', () => {
  it('are all that scripts and readers use', async () => {
    const redis = await startRedis();
    const known = new Set(
      (await (await redis.client()).commandList()).map((name) => name.toUpperCase()),
    );
    const files = readdirSync(SCRIPTS, { recursive: true, encoding: 'utf8' });
    const words = files
      .filter((file) => file.endsWith('.lua'))
      .flatMap((file) => readFileSync(`${SCRIPTS}/${file}`, 'utf8').split('\n'))
      .filter((line) => !line.trimStart().startsWith('--'))
      .flatMap((line) => line.match(/(?<=')[A-Z]+(?=')/g) ?? []);
    const limits = readFileSync(
      'node_modules/rate-limiter-flexible/lib/RateLimiterRedis.js',
      'utf8',
    );
    const counting = limits.match(/(?<=redis\.call\(')\w+/g) ?? [];
    expect(counting).toContain('incrby');
    const names = [...words, ...COMMANDS, ...counting];
    const used = new Set(names.map((name) => name.toUpperCase()));
    // The client asks by it whether Redis is still there.
    used.add('PING');
    // These two run the trial itself; this one is an option of ZRANGE to the client.
    for (const name of ['EVAL', 'EVALSHA', 'ZRANGEWITHSCORES']) used.delete(name);
    const tried: string[] = NEEDED_COMMANDS.flat();
    expect([...used].filter((name) => known.has(name) && !tried.includes(name))).toEqual([]);
    expect(tried.filter((name) => !used.has(name))).toEqual([]);
  });
});

describe('a user without a right that is needed is refused at the start, in one line that names it:', () => {
  const lacking: [string, string[], string][] = [
    ['the channels', ['resetchannels'], 'the channels (&livehold:*)'],
    ['the keys', ['resetkeys', '~other:*'], 'the keys (~livehold:*)'],
    ['a command of scripts', ['-zadd'], 'ZADD'],
    ['several', ['-time', '-lpos', '-spublish'], 'TIME, LPOS, SPUBLISH'],
    ['scripts', ['-@scripting'], 'EVAL and EVALSHA'],
    ['scripts by their digest', ['-evalsha'], 'EVAL and EVALSHA'],
    ['the bell', ['-ssubscribe'], 'SSUBSCRIBE'],
    ['INFO', ['-info'], 'INFO'],
    ['PING', ['-ping'], 'PING'],
  ];

  it.each(lacking)('%s', async (_, rules, named) => {
    const redis = await startRedis();
    expect(await refusal(await userWith(redis, ...rules))).toBe(
      `StoreUnfitError: REDIS_URL: its user may not use ${named}; ` +
        `the ACL that is needed is in docs/operations.md (${redis.socketPath})`,
    );
  });

  it('and nothing is left of the trial by one who has them all', async () => {
    const redis = await startRedis();
    expect(await refusal(await userWith(redis))).toBe('started');
    const keys = await (await redis.client()).keys('*');
    expect(keys.filter((key) => key.includes('try'))).toEqual([]);
  });
});

describe('a Redis that cannot do what is needed is refused at the start:', () => {
  it('one whose SPUBLISH has been renamed', async () => {
    const { url } = await startRedis('everysec', '--rename-command', 'SPUBLISH', '');
    expect(await refusal(url)).toContain('may not use SPUBLISH;');
  });

  it('one that is too old', async () => {
    const redis = await startRedis();
    const proxy = await startRedisProxy(redis);
    proxy.rewrite('redis_version:7', 'redis_version:6');
    expect(await refusal(proxy.url)).toMatch(/Redis 6\.\S+: 7\.0 or newer is needed/);
  });

  it('a node of a cluster that is named as one server', async () => {
    const [port = 0, bus = 0] = await freePorts(2);
    const options = { port, 'cluster-enabled': 'yes', 'cluster-port': bus };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const { url } = await startRedis('everysec', ...args);
    expect(await refusal(url)).toContain('use redis+cluster://');
  });
});
