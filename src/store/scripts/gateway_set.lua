-- gateway_set.lua: the account that takes a shop's payments from now on. Accounts of before are kept as long as their
-- payments may still be paid, closed, refunded or disputed.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     id of the account ('' = the server's); its base URL; its key, sealed
-- Reply    { set: true }

local KEPT = 400 * 86400000 -- ms
local key = shop .. ':gateways'
local id, base_url, sealed_key = unpack(ARGV)
local fields = redis.call('HGETALL', key)
local former
for i = 1, #fields, 2 do
  if fields[i] == 'current' then former = fields[i + 1] end
end
for i = 1, #fields, 2 do
  if fields[i] ~= 'current' then
    local account = cjson.decode(fields[i + 1])
    if fields[i] == former then
      account.endedAt = now
      later('HSET', key, fields[i], cjson.encode(account))
    elseif account.endedAt and account.endedAt + KEPT < now then
      later('HDEL', key, fields[i])
    end
  end
end
if id ~= '' then later('HSET', key, id, cjson.encode({ baseUrl = base_url, sealedKey = sealed_key, at = now })) end
later('HSET', key, 'current', id)
return commit({ set = true })
