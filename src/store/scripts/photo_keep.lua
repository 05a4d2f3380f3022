-- photo_keep.lua: keeps a picture while the shop has room, which pictures that no item has had for an hour make.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     name, the picture in base64, its size in bytes, what all may take
-- Reply    { kept: true } or { error }

local name, data, most = ARGV[1], ARGV[2], tonumber(ARGV[4])
local size = math.max(tonumber(ARGV[3]), 1024) -- each costs something, however small
local UNUSED_MS = 3600000 -- it may be about to become an item's
local MOST_FORGOTTEN = 300 -- more than one photo needs to make room, each of at least 1 KB
local photos = shop .. ':photos'

local total, known, used = unpack(redis.call('HMGET', photos, 'bytes', name .. ' size', name .. ' uses'))
if known then
  if tonumber(used or 0) == 0 then index(':photos:unused', now, name) end
  return commit({ kept = true })
end

total = tonumber(total or 0) + size
if total > most then
  local old = redis.call('ZRANGEBYSCORE', shop .. ':photos:unused', 0, now - UNUSED_MS, 'LIMIT', 0, MOST_FORGOTTEN)
  for _, other in ipairs(old) do
    if total <= most then break end
    total = total - tonumber(redis.call('HGET', photos, other .. ' size'))
    later('DEL', shop .. ':photo:' .. other)
    later('HDEL', photos, other .. ' size', other .. ' uses')
    unindex(':photos:unused', other)
  end
end
if total > most then return refuse('VALIDATION', { limit = most, body = 'the shop has no room for more photos' }) end

later('SET', shop .. ':photo:' .. name, data)
later('HSET', photos, 'bytes', int(total), name .. ' size', int(size))
index(':photos:unused', now, name)
return commit({ kept = true })
