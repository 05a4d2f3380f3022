-- gateway_reseal.lua: the key of an account, sealed with the secret of now.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     id of the account; its key, sealed
-- Reply    { resealed: boolean }

local key = shop .. ':gateways'
local record = redis.call('HGET', key, ARGV[1])
if not record then return commit({ resealed = false }) end
local account = cjson.decode(record)
account.sealedKey = ARGV[2]
later('HSET', key, ARGV[1], cjson.encode(account))
return commit({ resealed = true })
