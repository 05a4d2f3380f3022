-- viewer_link_open.lua: the viewer's link is opened, once.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerId, digest of the link's secret
-- Reply    { name, guest } or { error }

local key = shop .. ':link:' .. ARGV[1]
local record = redis.call('GET', key)
local link = record and cjson.decode(record)
if not link or link.digest ~= ARGV[2] or link.endsAt <= now then
  return refuse('UNAUTHENTICATED', { link = 'was opened, has run out, or a newer one was made' })
end
later('DEL', key)
return commit({ name = link.name, guest = link.guest })
