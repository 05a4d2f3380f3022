-- booking_restore.lua: the host holds an ended booking again, for a full booking timeout; what its end cost comes back.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     bookingId, digest of the caller's requestId
-- Reply    { booking, viewer } or { error }

local id, digest = ARGV[1], ARGV[2]
local b, prior = booking(id), requests.made(digest)
if prior and prior ~= 'restore ' .. id then return refuse('REQUEST_CONFLICT') end
if not b then return refuse('NOT_FOUND') end
local v = viewer(b.viewerId)
if prior then return commit('{"booking":' .. booking_json(b) .. ',"viewer":' .. brief_json(v) .. '}') end
if b.status == 'held' or b.status == 'ordered' then return refuse('BOOKING_NOT_HELD', { status = b.status }) end

local it, cost = item(b.itemId), since_of[id].cost or 0
if it.available < b.quantity then
  return refuse('INSUFFICIENT_STOCK', { available = it.available, waiting = it.waiting })
end
if v.carried >= MOST_HELD then return refuse('MAX_BOOKINGS', { limit = MOST_HELD }) end

hold_again(b, v, it)
-- Also of an end that cost nothing: the ledger then says why it may end, and cost, once more.
recover(v)
move_reputation(v, cost, 'booking_restored', id)
emit_booking(b, v)
emit_fact(v, 'booking.restored', 'booking', booking_json(b))
requests.keep(digest, 'restore ' .. id)
return commit('{"booking":' .. booking_json(b) .. ',"viewer":' .. brief_json(v) .. '}')
