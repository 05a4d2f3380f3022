import type { RedisServer } from '../../test/support/redis-server.js';

/** What there is of one kind of key. */
interface Kind {
  keys: number;
  /** Members of sets and lists, fields of hashes, entries of streams; one for a string. */
  entries: number;
  bytes: number;
}

/** By the words of the keys' names without what they name: `booking`, `orders:viewer`, `ledger:gone`. */
export type Census = Map<string, Kind>;

type RedisClient = Awaited<ReturnType<RedisServer['client']>>;

/** A part of all keys: name, entries, bytes, and the time left to each, which is below 0 for those that stay. */
const LOOK = `
local LENGTH = { list = 'LLEN', hash = 'HLEN', set = 'SCARD', zset = 'ZCARD', stream = 'XLEN' }
local part, rows = redis.call('SCAN', ARGV[1], 'COUNT', 500), {}
for i, key in ipairs(part[2]) do
  local kind = redis.call('TYPE', key).ok
  rows[i] = { key, LENGTH[kind] and redis.call(LENGTH[kind], key) or 1,
    redis.call('MEMORY', 'USAGE', key, 'SAMPLES', 0) or 0, redis.call('PTTL', key) }
end
return { part[1], rows }`;

/** Takes a day off what is left to every key that was to live for more than an hour, as a night would. */
const AGE = `
local part = redis.call('SCAN', ARGV[1], 'COUNT', 1000)
for _, key in ipairs(part[2]) do
  local left = redis.call('PTTL', key)
  if left > 3600000 then redis.call('PEXPIRE', key, math.max(1, left - 86400000)) end
end
return { part[1], {} }`;

/** @param which `staying`: keys without a time to live; `all` otherwise */
export async function takeCensus(
  client: RedisClient,
  which: 'all' | 'staying' = 'all',
): Promise<Census> {
  const census: Census = new Map();
  const seen = new Set<string>();
  for await (const rows of parts(client, LOOK)) {
    for (const [key, entries, bytes, left] of rows) {
      // A scan may come by a key twice.
      if (seen.has(key) || (which === 'staying' && left >= 0)) continue;
      seen.add(key);
      const kind = census.get(kindOf(key)) ?? { keys: 0, entries: 0, bytes: 0 };
      kind.keys += 1;
      kind.entries += entries;
      kind.bytes += bytes;
      census.set(kindOf(key), kind);
    }
  }
  return census;
}

export async function passADay(client: RedisClient): Promise<void> {
  for await (const _ of parts(client, AGE));
}

type Row = [key: string, entries: number, bytes: number, left: number];

async function* parts(client: RedisClient, script: string): AsyncGenerator<Row[]> {
  let cursor = '0';
  do {
    const reply = await client.eval(script, { arguments: [cursor] });
    const [next, rows] = reply as unknown as [string, Row[]];
    yield rows;
    cursor = next;
  } while (cursor !== '0');
}

/** Ids have digits or capitals in them; the words of the product's names have none. */
function kindOf(key: string): string {
  const words = key
    .split(':')
    .slice(1)
    .filter((word) => /^[a-z_-]+$/.test(word));
  return words.join(':') || 'shop';
}

export function bytesOf(census: Census): number {
  return [...census.values()].reduce((sum, { bytes }) => sum + bytes, 0);
}

/** As `archive_drop.lua` keeps the codes of orders that have left: six characters, by their first three. */
const CODES = `
local chars, n = '23456789ABCDEFGHJKMNPQRSTVWXYZ', tonumber(ARGV[1])
local function some()
  local text = ''
  for _ = 1, 3 do
    local i = math.random(#chars)
    text = text .. chars:sub(i, i)
  end
  return text
end
for _ = 1, n do redis.call('HSET', 'livehold:{year}:weighed:' .. some(), some(), '') end
return { '0', {} }`;

/** What the codes of so many orders that have left weigh, bytes: they share their hashes, so few cost more each. */
export async function weighCodes(client: RedisClient, orders: number): Promise<number> {
  for (let left = orders; left > 0; left -= 5_000)
    await client.eval(CODES, { arguments: [String(Math.min(left, 5_000))] });
  const bytes = (await takeCensus(client)).get('weighed')?.bytes ?? 0;
  await client.eval(
    "for _, key in ipairs(redis.call('KEYS', 'livehold:{year}:weighed:*')) do redis.call('UNLINK', key) end",
  );
  return bytes;
}
