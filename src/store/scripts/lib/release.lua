-- lib/release.lua: the record of a booking, how it begins and how it ends. Every exit of a held booking is here.

-- livehold:{shopId}:booking:<id> is a string of two lines: the booking as it was accepted, word for word; and what is known
-- beside it: `name`, `sku` and `code` of the item then, and once it is no longer so, `status`, `quantity`, `endedAt`,
-- `orderId`, `expiresAt`, and `cost`, the points that its end took; and `asked`, of one that a host has made: booking_for.lua. One string costs a fraction of a hash, and a batch
-- writes all of its own in one call.
local function load_record(id, record)
  local line = record:find('\n', 1, true)
  local accepted, since = record:sub(1, line - 1), cjson.decode(record:sub(line + 1))
  local b = cjson.decode(accepted)
  b.status, b.quantity = since.status or b.status, since.quantity or b.quantity
  b.expiresAt, b.source = since.expiresAt or b.expiresAt, b.source or 'viewer'
  bookings[id], accepted_of[id], since_of[id] = b, accepted, since
end

-- Reads those that are not read yet, many in one call. A record is looked at through booking() alone, which knows what
-- this unit of work has changed of it.
local function load_bookings(ids)
  local missing, keys = {}, {}
  for _, id in ipairs(ids) do
    if not bookings[id] then
      missing[#missing + 1] = id
      keys[#keys + 1] = shop .. ':booking:' .. id
    end
  end
  for from = 1, #keys, PART do
    for i, record in ipairs(redis.call('MGET', unpack(keys, from, math.min(from + PART - 1, #keys)))) do
      if record then load_record(missing[from + i - 1], record) end
    end
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

-- Commands by the digest of their request id: one id, one command. In one table, for Lua counts the names that are used from
-- further out.
local requests = {}
-- What was asked with it, or nil. A booking is found by its own id, which has the digest in it.
function requests.made(digest)
  if digest == '' then return nil end
  local asked = redis.call('GET', shop .. ':request:' .. digest)
  if asked then return asked end
  return redis.call('EXISTS', shop .. ':booking:bk_' .. digest) == 1 and 'booking' or nil
end
function requests.keep(digest, asked)
  if digest ~= '' then later('SET', shop .. ':request:' .. digest, asked, 'EX', CONSTANTS.requestKept) end
end

-- A viewer's held bookings, oldest first.
local function held_bookings(v)
  local ids, held = {}, {}
  for i, line in ipairs(cart_of(v)) do ids[i] = line.id end
  load_bookings(ids)
  for i, id in ipairs(ids) do held[i] = booking(id) end
  return held
end

local BOOKING = '{"bookingId":"%s","liveId":"%s","itemId":"%s","viewerId":"%s","quantity":%d,"unitPrice":%d,'
  .. '"status":"%s","sequence":%d,"createdAt":%d,"expiresAt":%d,"source":"%s"}'
local function booking_json(b)
  return string.format(BOOKING, b.bookingId, b.liveId, b.itemId, b.viewerId, b.quantity, b.unitPrice, b.status,
    b.sequence, b.createdAt, b.expiresAt, b.source)
end

-- A new booking as booking_json() prints it, of the parts that many of a batch share.
local function new_booking(id, v, it, liveId, quantity, source, expiresAt)
  local in_live = it.booked_in
  if not in_live or in_live.liveId ~= liveId or in_live.expiresAt ~= expiresAt or in_live.source ~= source then
    in_live = { liveId = liveId, expiresAt = expiresAt, source = source,
      what = '","liveId":"' .. liveId .. '","itemId":"' .. it.id .. '","viewerId":"',
      price = ',"unitPrice":' .. int(it.price) .. ',"status":"held","sequence":',
      times = ',"createdAt":' .. int(now) .. ',"expiresAt":' .. int(expiresAt) .. ',"source":"' .. source .. '"}' }
    it.booked_in = in_live
  end
  return '{"bookingId":"' .. id .. in_live.what .. v.id .. '","quantity":' .. small(quantity) .. in_live.price
    .. int(it.sequence) .. in_live.times
end

local function emit_booking(b, v) emit_to(v, 'booking', booking_json(b)) end

-- Every booking whose time is over at the same millisecond waits in one list, and `deadlines` has one member for it.
local function due_list(expiresAt) return ':due:' .. int(expiresAt) end
-- viewerId: of a new booking, whose history it joins.
local function set_hold(id, itemId, quantity, expiresAt, viewerId)
  local due, n = due_marks[expiresAt], #holds
  if not due then
    due = { list = due_list(expiresAt), at = int(expiresAt) }
    due_marks[expiresAt] = due
    index(':deadlines', due.at, 'bookings:' .. due.at)
  end
  holds[n + 1], holds[n + 2], holds[n + 3], holds[n + 4] = id, itemId .. ' ' .. small(quantity), due.at, viewerId or false
  queue(due.list, id)
end

-- The one way units come to be held for a viewer who is judged to be entitled to them, and for whom they are there.
-- lifetime: ms. asked: whom a host has named, kept with the record. Answers the sequence, and the booking as JSON.
local function hold(id, v, it, liveId, quantity, source, lifetime, asked)
  local expiresAt = now + lifetime
  move(it, 'available', 'booked', quantity)
  add_held(v, id, it.id, quantity)
  it.sequence = it.sequence + 1
  if not it.named then
    it.words = words_of(it)
    it.named = '{' .. it.words .. '}'
    it.history = ':bookings:item:' .. it.id
  end
  local encoded = new_booking(id, v, it, liveId, quantity, source, expiresAt)
  accepted_of[id] = encoded
  write_record(id, encoded, asked and '{' .. it.words .. ',"asked":"' .. asked .. '"}' or it.named)
  set_hold(id, it.id, quantity, expiresAt, v.id)
  push(':bookings:live:' .. liveId, id)
  push(it.history, id)
  emit_to(v, 'booking', encoded)
  return it.sequence, encoded
end

-- An ended booking is held again, for a full booking timeout, and its item is the viewer's to book.
local function hold_again(b, v, it)
  local id, since = b.bookingId, since_of[b.bookingId]
  move(it, 'available', 'booked', b.quantity)
  add_held(v, id, it.id, b.quantity)
  b.status, b.expiresAt = 'held', now + minutes(rules().timeout)
  since.status, since.endedAt, since.cost, since.expiresAt = nil, nil, nil, b.expiresAt
  save_booking(b)
  set_hold(id, it.id, b.quantity, b.expiresAt)
  later('DEL', cooldown_key(v, it.id))
end

-- Takes a held booking out of the cart: it ends as `status`. cost: the points that the end took.
local function end_booking(b, v, status, orderId, cost)
  b.status = status
  local since = since_of[b.bookingId]
  since.status, since.quantity, since.endedAt, since.orderId, since.cost = status, b.quantity, now, orderId, cost
  save_booking(b)
  set_held(v, b.bookingId, 0)
  ended_holds[#ended_holds + 1] = shop .. ':hold:' .. b.bookingId
  -- One that has lapsed leaves with the rest of its list.
  if status ~= 'expired' then later('LREM', shop .. due_list(b.expiresAt), 1, b.bookingId) end
end

-- Within the first seconds a viewer takes a booking back at no cost, also when an order is made of it by then.
local function cancel_is_free(b)
  local free = settings('booking.freeCancelSeconds') * 1000
  return free > 0 and now - b.createdAt <= free
end

-- After a viewer's own cancel or lapse the item is not theirs to book for a while.
local function cool_down(v, itemId)
  local seconds = rules().cooldown
  if seconds == 0 then return end
  local ms = math.max(1, math.floor(seconds * 1000 + 0.5))
  later('SET', cooldown_key(v, itemId), int(now + ms), 'PX', int(ms))
end

-- The one release path: `quantity` units of a held booking go back. What is left stays held.
-- penalty: points for each unit; nil when the viewer has no part in it, or took it back in time to do so freely.
local function release(b, quantity, status, reason, penalty)
  local it, v = item(b.itemId), viewer(b.viewerId)
  move(it, 'booked', 'available', quantity)
  released(it, quantity, reason)
  local cost = -change_reputation(v, -(penalty or 0) * quantity, reason, b.bookingId)
  if penalty then cool_down(v, b.itemId) end
  if quantity == b.quantity then
    end_booking(b, v, status, nil, cost)
  else
    b.quantity = b.quantity - quantity
    since_of[b.bookingId].quantity = b.quantity
    save_booking(b)
    set_held(v, b.bookingId, b.quantity)
    later('SET', shop .. ':hold:' .. b.bookingId, b.itemId .. ' ' .. int(b.quantity), 'KEEPTTL')
    emit_fact(v, 'booking.cancelled', 'booking', booking_json(b))
  end
  emit_booking(b, v)
  return v
end
