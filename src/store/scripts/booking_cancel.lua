-- booking_cancel.lua: gives back a held booking, whole or part, for its viewer or for the host.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     bookingId, viewerId ('' = the host: no penalty), quantity ('' = all of it)
-- Reply    { booking, reputation, viewer }, or { error }

local id, viewerId, quantity = ARGV[1], ARGV[2], tonumber(ARGV[3])
local by_host = viewerId == ''
local b = booking(id)
if not b or (not by_host and b.viewerId ~= viewerId) then return refuse('NOT_FOUND') end
if b.status ~= 'held' then return refuse('BOOKING_NOT_HELD', { status = b.status }) end
quantity = quantity or b.quantity
if quantity > b.quantity then return refuse('VALIDATION', { held = b.quantity }) end

local penalty = by_host and 0 or settings('booking.cancelPenaltyPerItem')
local v = release(b, quantity, 'cancelled', 'booking_cancelled', penalty)
return commit({ booking = b, reputation = v.reputation, viewer = brief(v) })
