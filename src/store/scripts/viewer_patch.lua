-- viewer_patch.lua: the host restricts a viewer, or lifts it; and may let go of all that the viewer holds or waits for.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerId, 'active' | 'restricted' | '' (as it is), '1' to release
-- Reply    { viewer } or { error }

local v = viewer(ARGV[1])
if not v then return refuse('NOT_FOUND') end
recover(v)
if ARGV[2] ~= '' and v.status ~= ARGV[2] then
  v.status, v.rights_changed = ARGV[2], true
  set_field(v, 'status', v.status)
  if v.status == 'restricted' then emit_fact(v, 'viewer.restricted', 'status', '"restricted"') end
end
if ARGV[3] == '1' then
  for _, b in ipairs(held_bookings(v)) do release(b, b.quantity, 'cancelled', 'booking_cancelled') end
  for id in pairs(waits_of(v)) do
    local reason = v.status == 'restricted' and 'VIEWER_RESTRICTED' or nil
    end_entry(entry(id), reason and 'dropped' or 'left', reason)
  end
end
local shown = brief(v)
shown.status = v.status
return commit({ viewer = shown })
