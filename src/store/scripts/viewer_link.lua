-- viewer_link.lua: a link of a viewer's own to another phone; it takes the place of the one before.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerId; { name, guest? } as JSON; digest of the link's secret
-- Reply    { endsAt }

local LASTS = 86400000 -- ms
local link = cjson.decode(ARGV[2])
link.digest, link.endsAt = ARGV[3], now + LASTS
later('SET', shop .. ':link:' .. ARGV[1], cjson.encode(link), 'PX', int(LASTS))
return commit({ endsAt = link.endsAt })
