-- lib/release.lua: how a held booking ends. Every exit of a booking is here.

-- `accepted` is the booking as it was acked, word for word; status and quantity are what may change after.
local bookings = {}
local function booking(id)
  if bookings[id] then return bookings[id] end
  local f = redis.call('HMGET', shop .. ':booking:' .. id, 'accepted', 'status', 'quantity')
  if not f[1] then return nil end
  local b = cjson.decode(f[1])
  b.status, b.quantity = f[2], tonumber(f[3])
  bookings[id] = b
  return b
end

local function booking_json(b)
  return string.format('{"bookingId":"%s","liveId":"%s","itemId":"%s","viewerId":"%s","quantity":%d,"unitPrice":%d,'
    .. '"status":"%s","sequence":%d,"createdAt":%d,"expiresAt":%d}', b.bookingId, b.liveId, b.itemId, b.viewerId,
    b.quantity, b.unitPrice, b.status, b.sequence, b.createdAt, b.expiresAt)
end

local function emit_booking(b, v)
  emit('booking', '{"booking":' .. booking_json(b) .. ',"viewer":' .. brief_json(v) .. '}')
end

-- Takes a held booking out of the cart: it ends as `status`.
local function end_booking(b, v, status)
  b.status = status
  change_cart(v, b.itemId, -b.quantity)
  v.gone[#v.gone + 1] = 'booking:' .. b.bookingId
  later('HSET', shop .. ':booking:' .. b.bookingId, 'status', status, 'endedAt', now)
  later('DEL', shop .. ':hold:' .. b.bookingId)
  unindex(':deadlines', 'booking:' .. b.bookingId)
end

-- The one release path: `quantity` units of a held booking go back to the public. What is left stays held.
-- penalty: points for each unit, 0 for none.
local function release(b, quantity, status, reason, penalty)
  local it, v = item(b.itemId), viewer(b.viewerId)
  move(it, 'booked', 'available', quantity)
  released(it, quantity, reason)
  change_reputation(v, -penalty * quantity, reason, b.bookingId)
  if quantity == b.quantity then
    end_booking(b, v, status)
  else
    b.quantity = b.quantity - quantity
    change_cart(v, b.itemId, -quantity)
    later('HSET', shop .. ':booking:' .. b.bookingId, 'quantity', b.quantity)
    later('SET', shop .. ':hold:' .. b.bookingId, b.itemId .. ' ' .. int(b.quantity), 'KEEPTTL')
  end
  emit_booking(b, v)
  return v
end
