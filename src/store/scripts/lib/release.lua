-- lib/release.lua: how a held booking ends. Every exit of a booking is here.

-- livehold:{shopId}:booking:<id> is a string of two lines: the booking as it was acked, word for word; and what is known
-- beside it: `name` of the item then, and once it is no longer so, `status`, `quantity`, `endedAt` and `orderId`. One
-- string costs a fraction of a hash, and a batch writes all of its own in one call.
local function load_record(id, record)
  local line = record:find('\n', 1, true)
  local accepted, since = record:sub(1, line - 1), cjson.decode(record:sub(line + 1))
  local b = cjson.decode(accepted)
  b.status, b.quantity = since.status or b.status, since.quantity or b.quantity
  bookings[id], accepted_of[id], since_of[id] = b, accepted, since
end

-- Reads those that are not read yet, all in one call. A record is looked at through booking() alone, which knows what
-- this unit of work has changed of it.
local function load_bookings(ids)
  local missing, keys = {}, {}
  for _, id in ipairs(ids) do
    if not bookings[id] then
      missing[#missing + 1] = id
      keys[#keys + 1] = shop .. ':booking:' .. id
    end
  end
  if #missing == 0 then return end
  for i, record in ipairs(redis.call('MGET', unpack(keys))) do
    if record then load_record(missing[i], record) end
  end
end

-- nil when there is no such booking.
local function booking(id)
  if not bookings[id] then load_bookings({ id }) end
  return bookings[id]
end

local function write_record(id, accepted, since)
  local n = #records
  records[n + 1], records[n + 2] = shop .. ':booking:' .. id, accepted .. '\n' .. since
end
local function save_booking(b)
  write_record(b.bookingId, accepted_of[b.bookingId], cjson.encode(since_of[b.bookingId]))
end

-- Every booking whose time is over at the same millisecond waits in one list, and `deadlines` has one member for it.
local function due_list(expiresAt) return ':due:' .. int(expiresAt) end

-- A viewer's held bookings, oldest first: searched from the newest until every unit of the cart is found.
local function held_bookings(v)
  local STEP, held, units, from = 50, {}, 0, 0
  while units < v.units do
    local ids = redis.call('LRANGE', shop .. ':bookings:viewer:' .. v.id, from, from + STEP - 1)
    load_bookings(ids)
    for _, id in ipairs(ids) do
      local b = booking(id)
      if b.status == 'held' then
        held[#held + 1] = b
        units = units + b.quantity
      end
    end
    if #ids < STEP then break end
    from = from + STEP
  end
  table.sort(held, function(a, b)
    if a.createdAt ~= b.createdAt then return a.createdAt < b.createdAt end
    return a.bookingId < b.bookingId
  end)
  return held
end

local BOOKING = '{"bookingId":"%s","liveId":"%s","itemId":"%s","viewerId":"%s","quantity":%d,"unitPrice":%d,'
  .. '"status":"%s","sequence":%d,"createdAt":%d,"expiresAt":%d}'
local function booking_json(b)
  return string.format(BOOKING, b.bookingId, b.liveId, b.itemId, b.viewerId, b.quantity, b.unitPrice, b.status,
    b.sequence, b.createdAt, b.expiresAt)
end

local function emit_booking(b, v)
  emit_to(v, 'booking', booking_json(b))
end

-- Takes a held booking out of the cart: it ends as `status`.
local function end_booking(b, v, status, orderId)
  b.status = status
  local since = since_of[b.bookingId]
  since.status, since.quantity, since.endedAt, since.orderId = status, b.quantity, now, orderId
  save_booking(b)
  change_cart(v, b.itemId, -b.quantity)
  ended_holds[#ended_holds + 1] = shop .. ':hold:' .. b.bookingId
  -- One that has lapsed leaves with the rest of its list.
  if status ~= 'expired' then later('LREM', shop .. due_list(b.expiresAt), 1, b.bookingId) end
end

-- The one release path: `quantity` units of a held booking go back to the public. What is left stays held.
-- penalty: points for each unit, 0 for none.
local function release(b, quantity, status, reason, penalty)
  local it, v = item(b.itemId), viewer(b.viewerId, b.itemId)
  move(it, 'booked', 'available', quantity)
  released(it, quantity, reason)
  change_reputation(v, -penalty * quantity, reason, b.bookingId)
  if quantity == b.quantity then
    end_booking(b, v, status)
  else
    b.quantity = b.quantity - quantity
    since_of[b.bookingId].quantity = b.quantity
    save_booking(b)
    change_cart(v, b.itemId, -quantity)
    later('SET', shop .. ':hold:' .. b.bookingId, b.itemId .. ' ' .. int(b.quantity), 'KEEPTTL')
  end
  emit_booking(b, v)
  return v
end
