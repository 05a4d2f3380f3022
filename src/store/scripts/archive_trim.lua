-- archive_trim.lua: takes the oldest entries off a list that grows at its head, when they are still those that the archive has.
-- It stands alone, without lib/.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     the list's suffix; how many have left it before; the entries, oldest first, as a JSON list; the number of the move
-- Reply    { trimmed: boolean }: not when the list is another, or a later move was made already
--
-- <list>:gone counts the entries that have left: places in the list are counted from its oldest entry, with those.

local key, before, expected = KEYS[1] .. ARGV[1], ARGV[2], cjson.decode(ARGV[3])
local n, gone = #expected, KEYS[1] .. ':gone'
if tonumber(ARGV[4]) <= tonumber(redis.call('HGET', gone, 'drops') or 0) then return '{"trimmed":false}' end
redis.call('HSET', gone, 'drops', ARGV[4], 'dropped_at', redis.call('TIME')[1] .. '000')
if (redis.call('GET', key .. ':gone') or '0') ~= before then return '{"trimmed":false}' end
local oldest = redis.call('LRANGE', key, -n, -1)
for i = 1, n do
  if oldest[n + 1 - i] ~= expected[i] then return '{"trimmed":false}' end
end
redis.call('LTRIM', key, 0, -(n + 1))
redis.call('INCRBY', key .. ':gone', n)
return '{"trimmed":true}'
