-- booking_restore.lua: the host holds an ended booking again, for a full booking timeout; what its end cost comes back.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     bookingId, digest of the caller's requestId
-- Reply    { booking, viewer } or { error }

local id, request = ARGV[1], shop .. ':request:' .. ARGV[2]
local b, prior = booking(id), redis.call('GET', request)
if prior and prior ~= 'restore ' .. id then return refuse('REQUEST_CONFLICT') end
if not b then return refuse('NOT_FOUND') end
local v = viewer(b.viewerId)
if prior then return commit('{"booking":' .. booking_json(b) .. ',"viewer":' .. brief_json(v) .. '}') end
if b.status == 'held' or b.status == 'ordered' then return refuse('BOOKING_NOT_HELD', { status = b.status }) end

local it, since = item(b.itemId), since_of[id]
if it.available < b.quantity then
  return refuse('INSUFFICIENT_STOCK', { available = it.available, waiting = it.waiting })
end
if v.carried >= MOST_HELD then return refuse('MAX_BOOKINGS', { limit = MOST_HELD }) end

local cost = since.cost or 0
move(it, 'available', 'booked', b.quantity)
add_held(v, id, it.id, b.quantity)
b.status, b.expiresAt = 'held', now + minutes(rules().timeout)
since.status, since.endedAt, since.cost, since.expiresAt = nil, nil, nil, b.expiresAt
save_booking(b)
set_hold(id, it.id, b.quantity, b.expiresAt)
later('DEL', cooldown_key(v, it.id))
-- Also of an end that cost nothing: the ledger then says why it may end, and cost, once more.
recover(v)
move_reputation(v, cost, 'booking_restored', id)
emit_booking(b, v)
emit_fact(v, 'booking.restored', 'booking', booking_json(b))
later('SET', request, 'restore ' .. id, 'EX', CONSTANTS.requestKept)
return commit('{"booking":' .. booking_json(b) .. ',"viewer":' .. brief_json(v) .. '}')
