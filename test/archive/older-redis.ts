import type { RedisServer } from '../support/redis-server.js';

const DUMP = `local all = {}
  for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
    all[#all + 1] = key
    all[#all + 1] = redis.call('DUMP', key):gsub('.', function(c) return string.format('%02x', c:byte()) end)
  end
  return all`;
const RESTORE = `for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end
  for i = 2, #ARGV, 2 do
    local text = ARGV[i + 1]:gsub('..', function(c) return string.char(tonumber(c, 16)) end)
    redis.call('RESTORE', ARGV[i], 0, text)
  end`;

/** Keeps what Redis has of a shop, and answers what puts it back at once, as a restart with an older file does. */
export async function keep(redis: RedisServer, shop: string): Promise<() => Promise<unknown>> {
  const client = await redis.client();
  const pattern = `livehold:{${shop}}*`;
  const dumped = (await client.eval(DUMP, { arguments: [pattern] })) as string[];
  return () => client.eval(RESTORE, { arguments: [pattern, ...dumped] });
}
