-- active_shops.lua: marks shops as active, and says which were marked lately. It stands alone, without lib/: the key is no
-- shop's. Times are Redis's, for the clocks of the servers that mark and those that look may differ.
--
-- KEYS[1]  livehold:active
-- ARGV     epoch ms ('' = name none): answer the shops marked since then; age in ms ('' = forget none): forget those that
--          were not marked for so long; then shopIds to mark, before any is forgotten
-- Reply    { now, shops: [] }

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
for i = 3, #ARGV do redis.call('ZADD', KEYS[1], now, ARGV[i]) end
if ARGV[2] ~= '' then redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2]) end
local shops = ARGV[1] == '' and {} or redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[1], '+inf')
local encoded = #shops == 0 and '[]' or cjson.encode(shops)
return string.format('{"now":%d,"shops":%s}', now, encoded)
