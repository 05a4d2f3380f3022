-- shop_open.lua: makes sure that a shop exists and has every setting that this version knows.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     shopId, then default settings as name, value, name, value …
-- Reply    { created: boolean }

local created = redis.call('HSETNX', shop, 'createdAt', int(now)) == 1
redis.call('HSETNX', shop, 'name', ARGV[1])
for i = 2, #ARGV, 2 do redis.call('HSETNX', shop .. ':settings', ARGV[i], ARGV[i + 1]) end
return commit({ created = created })
