import { scripts } from '../scripts/index.js';
import { BellCheck } from './bell-check.js';
import { type Connection, type RedisNode, reasonOf, withDeadline } from './connection.js';
import { StoreUnfitError } from './troubles.js';

/** Sharded pub/sub and what the scripts rely on came with it. Valkey, Redis's open fork, says 7.2 of itself. */
const OLDEST_MAJOR = 7;

/** Every command that the scripts and the readers use, by how many arguments it takes at least; a key comes first. */
export const NEEDED_COMMANDS = [
  ['TIME', 'PING', 'INFO'],
  [
    'EXISTS',
    'GET',
    'HGETALL',
    'HVALS',
    'LLEN',
    'LPOP',
    'MGET',
    'PEXPIRETIME',
    'PTTL',
    'ZCARD',
    'DEL',
    'UNLINK',
  ],
  [
    ...[
      'EXPIRE',
      'HDEL',
      'HEXISTS',
      'HGET',
      'HMGET',
      'INCRBY',
      'LPOS',
      'LPUSH',
      'MSET',
      'PEXPIRE',
      'RPUSH',
    ],
    ...['HSCAN', 'RENAME', 'SET', 'SPUBLISH', 'ZREM', 'ZREVRANK', 'ZSCAN', 'ZSCORE'],
  ],
  [
    ...['HSET', 'HSETNX', 'LRANGE', 'LREM', 'LSET', 'LTRIM', 'XRANGE', 'ZADD', 'ZCOUNT', 'ZRANGE'],
    ...['XREVRANGE', 'ZRANGEBYSCORE', 'ZREMRANGEBYRANK', 'ZREMRANGEBYSCORE', 'ZREVRANGE'],
  ],
  ['XADD'],
] as const;

/** How Redis refuses a command that the user has no right to, by what is lacking; in scripts it says so in other words. */
const LACKS: [RegExp, (command: string) => string][] = [
  [/(can't|no permissions to) access.*channel/, () => 'the channels (&livehold:*)'],
  [/(can't|no permissions to) access.*key/, () => 'the keys (~livehold:*)'],
  [/NOPERM|can't run this command|no permissions to run|unknown (redis )?command/i, (name) => name],
];

/**
 * Checks what Livehold needs of Redis: its kind and version, every command, the keys and the channels. Whether it keeps
 * what is written to it, and whether it takes writes now, is looked at all the time (`StoreHealth`), for that changes.
 * @throws StoreUnfitError when it can never serve, anything else when it cannot say so yet
 */
export async function checkRequirements(connection: Connection): Promise<void> {
  const masters = [...connection.masters()].filter(([, node]) => node.isReady);
  if (masters.length === 0) throw new Error('no master is there');
  const homes = connection.homes();
  for (const [address, node] of masters) {
    await checkServer(address, node, connection.isCluster);
    const key = homes.get(address);
    if (key === undefined) continue;
    await checkRights(address, connection, key);
    await checkBell(address, connection, key);
  }
}

async function checkServer(address: string, node: RedisNode, asCluster: boolean): Promise<void> {
  const info = await withDeadline(node.info('server')).catch((error: unknown) => {
    throw lackOf('INFO', reasonOf(error)) ? lacking(address, ['INFO']) : error;
  });
  const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';
  const version = field('redis_version');
  if (Number.parseInt(version, 10) < OLDEST_MAJOR) {
    throw new StoreUnfitError(
      `REDIS_URL leads to Redis ${version}: ${OLDEST_MAJOR}.0 or newer is needed (${address})`,
    );
  }
  const mode = field('redis_mode');
  if (mode === 'sentinel')
    throw new StoreUnfitError(`REDIS_URL leads to a sentinel: use redis+sentinel:// (${address})`);
  if (mode === 'cluster' && !asCluster)
    throw new StoreUnfitError(`REDIS_URL leads to a cluster: use redis+cluster:// (${address})`);
}

async function checkRights(address: string, connection: Connection, home: string): Promise<void> {
  const key = `${home}:try`;
  const commands = NEEDED_COMMANDS.flatMap((names, count) =>
    names.map((name) => [name, ...[key, name === 'RENAME' ? key : '0', '0', '0'].slice(0, count)]),
  );
  const tried = JSON.stringify([...commands, ['DEL', key]]);
  const { source, sha, reply } = scripts.tryCommands;
  const options = { keys: [key], arguments: [tried] };
  try {
    await withDeadline(connection.redis.eval(source, options));
    const raw = await withDeadline(connection.redis.evalSha(sha, options));
    const refused = reply.parse(JSON.parse(String(raw)));
    const lacks = refused.flatMap(([name, text]) => lackOf(name, text) ?? []);
    if (lacks.length > 0) throw lacking(address, [...new Set(lacks)]);
  } catch (error) {
    const lack = lackOf('EVAL and EVALSHA', reasonOf(error));
    throw lack === undefined ? error : lacking(address, [lack]);
  }
}

async function checkBell(address: string, connection: Connection, key: string): Promise<void> {
  const listen = (channel: string, ring: () => void) =>
    withDeadline(connection.onBell(channel, ring));
  const bell = await BellCheck.at(key, listen).catch((error: unknown) => {
    const lack = lackOf('SSUBSCRIBE', reasonOf(error));
    throw lack === undefined ? error : lacking(address, [lack]);
  });
  const options = { keys: [key], arguments: [bell.channel] };
  try {
    await bell.rings(() =>
      withDeadline(connection.redis.eval("return redis.call('SPUBLISH', ARGV[1], '')", options)),
    );
  } finally {
    await bell.stop().catch(() => {});
  }
}

function lackOf(command: string, text: string): string | undefined {
  return LACKS.find(([sign]) => sign.test(text))?.[1](command);
}

function lacking(address: string, what: string[]): StoreUnfitError {
  return new StoreUnfitError(
    `REDIS_URL: its user may not use ${what.join(', ')}; the ACL that is needed is in docs/operations.md (${address})`,
  );
}
