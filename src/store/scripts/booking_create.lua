-- booking_create.lua: judges a batch of booking commands in the order given and holds stock for the accepted ones.
--
-- KEYS[1]    livehold:{shopId}
-- ARGV       six values a command: bookingId, viewerId, viewerName, liveId, itemId, quantity.
--            bookingId is 'bk_' plus a digest of viewer and requestId, so the booking is its own request record.
-- Reply      a header, then one value for each command. Header: { now, expiresAt, items: { id: ItemView } }. Value: the
--            sequence of a booking that was accepted now (createdAt and expiresAt are the header's, unitPrice the
--            item's), else { booking } for a repeat or { error }. Nothing long is said twice: Redis's Lua hashes every
--            string that it makes, byte by byte.

local timeout, min_reputation, max_item, max_cart = settings('booking.bookingTimeoutMinutes', 'booking.minReputation',
  'order.maxItemQuantity', 'order.totalItemCart')
timeout = minutes(timeout)
local due_here = due_list(now + timeout)
local lives, results = {}, { '' }
local accepted_here, held_here = {}, {} -- bookingId → JSON; bookingId, item, quantity of each

local function live_of(id)
  if lives[id] == nil then
    lives[id] = { status = redis.call('HGET', shop .. ':live:' .. id, 'status'), features = {} }
  end
  return lives[id]
end

local function features(live, liveId, itemId)
  if live.features[itemId] == nil then
    live.features[itemId] = redis.call('HEXISTS', shop .. ':live:' .. liveId, 'item:' .. itemId) == 1
  end
  return live.features[itemId]
end

-- The rules of stock, limits and reputation. Answers a code and details, or nothing when the booking may stand.
local function judge(v, it, live, liveId, quantity)
  if not live.status or not it or not features(live, liveId, it.id) then return 'NOT_FOUND' end
  if live.status ~= 'live' then return 'LIVE_NOT_OPEN', { status = live.status } end
  if not it.open then return 'ITEM_CLOSED' end
  if v.status == 'restricted' then return 'VIEWER_RESTRICTED' end
  if v.reputation < min_reputation then
    return 'REPUTATION_TOO_LOW', { reputation = v.reputation, minReputation = min_reputation }
  end
  if max_item > 0 and held_of(v, it.id) + quantity > max_item then
    return 'MAX_ITEM_QUANTITY', { limit = max_item, held = held_of(v, it.id) }
  end
  if max_cart > 0 and v.units + quantity > max_cart then return 'CART_FULL', { limit = max_cart, held = v.units } end
  if it.available == 0 then return 'SOLD_OUT', { available = 0 } end
  if it.available < quantity then return 'INSUFFICIENT_STOCK', { available = it.available } end
end

local function hold(id, v, it, liveId, quantity)
  move(it, 'available', 'booked', quantity)
  change_cart(v, it.id, quantity)
  it.sequence = it.sequence + 1
  local encoded = string.format(BOOKING, id, liveId, it.id, v.id, quantity, it.price, 'held', it.sequence, now,
    now + timeout)
  queue(due_here, id)
  push(':bookings:live:' .. liveId, id)
  push(':bookings:item:' .. it.id, id)
  push(':bookings:viewer:' .. v.id, id)
  emit_to(v, 'booking', encoded)
  accepted_here[id] = encoded
  local n = #held_here
  held_here[n + 1], held_here[n + 2], held_here[n + 3] = id, it, quantity
  return it.sequence
end

-- The only writes beside commit()'s, and like those after everything has been judged: thousands take this path, and
-- putting them off costs as much again.
local function write_held()
  if #held_here == 0 then return end
  local names = {}
  for i = 1, #held_here, 3 do
    local id, it, quantity = held_here[i], held_here[i + 1], held_here[i + 2]
    names[it] = names[it] or '{"name":' .. cjson.encode(it.name) .. '}'
    write_record(id, accepted_here[id], names[it])
    redis.call('SET', shop .. ':hold:' .. id, it.id .. ' ' .. quantity, 'PX', timeout)
  end
  index(':deadlines', now + timeout, 'bookings:' .. int(now + timeout))
end

-- Whether any of the requests has been made before: hardly ever, so all are asked about in one call.
local function any_repeated()
  local keys = {}
  for i = 1, #ARGV, 6 do
    local n = #keys
    keys[n + 1], keys[n + 2] = shop .. ':booking:' .. ARGV[i], shop .. ':request:' .. ARGV[i]:sub(4)
  end
  return redis.call('EXISTS', unpack(keys)) > 0
end
local repeated = any_repeated()

-- A repeated request gets its first accepted outcome again; the same id with another body is a conflict.
local function replay(id, liveId, itemId, quantity)
  local prior = accepted_here[id]
  if not prior then
    if not repeated then return false end
    if not booking(id) then return false, redis.call('EXISTS', shop .. ':request:' .. id:sub(4)) == 1 end
    prior = accepted_of[id]
  end
  local b = cjson.decode(prior)
  local same = b.liveId == liveId and b.itemId == itemId and b.quantity == quantity
  return same and prior, not same
end

local function refused(code, details)
  return cjson.encode({ error = { code = code, details = details } })
end

for i = 1, #ARGV, 6 do
  local id, liveId, itemId, quantity = ARGV[i], ARGV[i + 3], ARGV[i + 4], tonumber(ARGV[i + 5])
  local prior, conflict = replay(id, liveId, itemId, quantity)
  local it = item(itemId)
  local result
  if conflict then
    result = refused('REQUEST_CONFLICT')
  elseif prior then
    result = '{"booking":' .. prior .. '}'
  else
    local v = open_viewer(ARGV[i + 1], ARGV[i + 2], itemId)
    local code, details = judge(v, it, live_of(liveId), liveId, quantity)
    result = code and refused(code, details) or hold(id, v, it, liveId, quantity)
  end
  results[#results + 1] = result
end
write_held()
commit({})

local views = {}
for id, it in pairs(items) do
  if it then views[#views + 1] = '"' .. id .. '":' .. item_json(it) end
end
results[1] = answer(string.format('{"now":%d,"expiresAt":%d,"items":{%s}}', now, now + timeout,
  table.concat(views, ',')))
return results
