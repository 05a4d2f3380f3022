-- booking_cancel.lua: gives back a held booking, whole or part, for its viewer or for the host.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     bookingId, viewerId ('' = the host: no penalty), quantity ('' = all of it), digest of the requestId ('' = none)
-- Reply    { booking, reputation, viewer } or { error }

local id, viewerId, quantity, digest = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local by_host, asked = viewerId == '', 'cancel ' .. id .. ' ' .. ARGV[3]
local b = booking(id)
if not b or (not by_host and b.viewerId ~= viewerId) then return refuse('NOT_FOUND') end

local prior = requests.made(digest)
if prior then
  if prior:sub(1, #asked + 1) == asked .. '\n' then return commit(prior:sub(#asked + 2)) end
  return refuse('REQUEST_CONFLICT')
end
if b.status ~= 'held' then return refuse('BOOKING_NOT_HELD', { status = b.status }) end
quantity = quantity or b.quantity
if quantity > b.quantity then return refuse('VALIDATION', { held = b.quantity }) end

local penalty = not by_host and not cancel_is_free(b) and settings('booking.cancelPenaltyPerItem') or nil
local v = release(b, quantity, 'cancelled', 'booking_cancelled', penalty)
local reply = string.format('{"booking":%s,"reputation":%d,"viewer":%s}', booking_json(b), v.reputation, brief_json(v))
requests.keep(digest, asked .. '\n' .. reply)
return commit(reply)
