-- archive_gone.lua: says again what has left, for a Redis that came back without knowing. It stands alone, without lib/.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     JSON: the time of the newest that has left, by index, epoch ms as text; see archive_drop.lua
-- Reply    {}; what is said to be newer already stays

local gone = KEYS[1] .. ':gone'
for index, at in pairs(cjson.decode(ARGV[1])) do
  if tonumber(at) > tonumber(redis.call('HGET', gone, index) or 0) then redis.call('HSET', gone, index, at) end
end
redis.call('HSETNX', gone, 'drops', '0')
return '{}'
