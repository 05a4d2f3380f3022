-- checkout_leave.lua: the viewer goes back from checkout; the bookings stay held. Leaving twice is no error.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerId, checkoutId
-- Reply    { left: true } or { error }

local c = checkout(ARGV[2])
if not c or c.viewerId ~= ARGV[1] then return refuse('NOT_FOUND') end
if c.status == 'open' then end_checkout(c.checkoutId, 'left') end
return commit({ left = true })
