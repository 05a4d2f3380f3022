-- webhook_save.lua: makes, changes or takes away a webhook. It stands alone, without lib/.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     webhookId; 'create' | 'patch' | 'delete'; fields as a JSON object of texts, null takes one away; the most of a shop
-- Reply    { saved: true } or { error }
--
-- livehold:{shopId}:webhooks        sorted set of ids by when they were made; `webhooked` is there while it has any
-- livehold:{shopId}:webhook:<id>    hash: url, types, secrets, status, reason, createdAt; `cursor`, the last entry of the
--                                   stream that is delivered; `failingSince`; `version`, which changes with each save

local shop, id, mode, fields = KEYS[1], ARGV[1], ARGV[2], cjson.decode(ARGV[3])
local key, list, clock = shop .. ':webhook:' .. id, shop .. ':webhooks', redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function refuse(code, details) return cjson.encode({ error = { code = code, details = details } }) end

if mode == 'create' then
  if redis.call('ZCARD', list) >= tonumber(ARGV[4]) then
    return refuse('VALIDATION', { limit = tonumber(ARGV[4]), webhooks = 'the shop has as many as it may' })
  end
  redis.call('ZADD', list, now, id)
  redis.call('SET', shop .. ':webhooked', '1')
  redis.call('HSET', key, 'createdAt', string.format('%d', now), 'status', 'active', 'cursor',
    redis.call('GET', shop .. ':events:last') or '0-0')
elseif redis.call('EXISTS', key) == 0 then
  return refuse('NOT_FOUND')
elseif mode == 'delete' then
  redis.call('DEL', key)
  redis.call('DEL', key .. ':deliveries')
  redis.call('ZREM', list, id)
  if redis.call('ZCARD', list) == 0 then redis.call('DEL', shop .. ':webhooked') end
  return '{"saved":true}'
end
for name, value in pairs(fields) do
  if value == cjson.null then redis.call('HDEL', key, name) else redis.call('HSET', key, name, value) end
end
redis.call('HSET', key, 'version', string.format('%d', now) .. '.' .. clock[2])
-- Whoever follows it looks at once.
redis.pcall('SPUBLISH', shop .. ':bell', '')
return '{"saved":true}'
