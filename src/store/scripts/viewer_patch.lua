-- viewer_patch.lua: the host restricts a viewer, or lifts it.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerId, 'active' | 'restricted'
-- Reply    { viewer } or { error }

local v = viewer(ARGV[1])
if not v then return refuse('NOT_FOUND') end
v.status = ARGV[2]
set_field(v, 'status', v.status)
local shown = brief(v)
shown.status = v.status
return commit({ viewer = shown })
