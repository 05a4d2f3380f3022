-- webhook_step.lua: takes or renews the lease of a webhook, and writes how far its deliveries have come, for the holder of the
-- lease alone. It stands alone, without lib/.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     webhookId; the server's token; ms that the lease lasts; the `version` that what follows goes by ('' = nothing
--          follows); fields as a JSON object of texts, null takes one away; deliveries as a JSON list of texts
-- Reply    { mine: false }, or { mine: true, now, state: the webhook's fields }. With another version nothing was written.

local id, token, lasts, version = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local key = KEYS[1] .. ':webhook:' .. id
local lease = key .. ':lease'
local holder = redis.call('GET', lease)
if holder and holder ~= token then return '{"mine":false}' end
local function state()
  local fields, list = {}, redis.call('HGETALL', key)
  for i = 1, #list, 2 do fields[list[i]] = list[i + 1] end
  return fields
end
local before = state()
if not before.url then return '{"mine":false}' end
redis.call('SET', lease, token, 'PX', lasts)

if version ~= '' and before.version == version then
  for name, value in pairs(cjson.decode(ARGV[5])) do
    if value == cjson.null then redis.call('HDEL', key, name) else redis.call('HSET', key, name, value) end
  end
end
local deliveries = version ~= '' and cjson.decode(ARGV[6]) or {}
if #deliveries > 0 then
  local list = key .. ':deliveries'
  for i = 1, #deliveries, 1000 do
    redis.call('LPUSH', list, unpack(deliveries, i, math.min(i + 999, #deliveries)))
  end
  redis.call('LTRIM', list, 0, 9999)
  redis.call('PEXPIRE', list, 604800000)
end
local clock = redis.call('TIME')
return cjson.encode({ mine = true, now = clock[1] * 1000 + math.floor(clock[2] / 1000), state = state() })
