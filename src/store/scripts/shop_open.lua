-- shop_open.lua: makes sure that a shop exists. Settings that nobody has changed are not stored: defaults apply.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     shopId
-- Reply    { created: boolean }

local created = redis.call('HSETNX', shop, 'createdAt', int(now)) == 1
redis.call('HSETNX', shop, 'name', ARGV[1])
return commit({ created = created })
