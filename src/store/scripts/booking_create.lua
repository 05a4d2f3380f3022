-- booking_create.lua: judges a batch of booking commands in the order given and holds stock for the accepted ones.
--
-- KEYS[1]    livehold:{shopId}
-- ARGV       six values a command: bookingId, viewerId, viewerName, liveId, itemId, quantity.
--            bookingId is 'bk_' plus a digest of viewer and requestId, so the booking is its own request record.
-- Reply      { results: [{ booking } | { error }], items: { itemId: ItemView } }, or { retry: true }

if settle_due(200) then return commit({ retry = true }) end

local timeout, min_reputation, max_item, max_cart = settings('booking.bookingTimeoutMinutes', 'booking.minReputation',
  'order.maxItemQuantity', 'order.totalItemCart')
timeout = minutes(timeout)
local lives, accepted_here, results = {}, {}, {}

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
  local b = { bookingId = id, liveId = liveId, itemId = it.id, viewerId = v.id, quantity = quantity,
    unitPrice = it.price, status = 'held', sequence = it.sequence, createdAt = now, expiresAt = now + timeout }
  local encoded = cjson.encode(b)
  later('HSET', shop .. ':booking:' .. id, 'accepted', encoded, 'status', 'held', 'quantity', int(quantity), 'name',
    it.name)
  later('SET', shop .. ':hold:' .. id, it.id .. ' ' .. int(quantity), 'PX', int(timeout))
  set_field(v, 'booking:' .. id, '')
  index(':deadlines', b.expiresAt, 'booking:' .. id)
  index(':bookings:live:' .. liveId, now, id)
  index(':bookings:item:' .. it.id, now, id)
  index(':bookings:viewer:' .. v.id, now, id)
  emit('booking', '{"booking":' .. encoded .. ',"viewer":' .. cjson.encode(brief(v)) .. '}')
  accepted_here[id] = encoded
  return encoded
end

-- A repeated request gets its first accepted outcome again; the same id with another body is a conflict.
local function replay(id, liveId, itemId, quantity)
  local prior = accepted_here[id] or redis.call('HGET', shop .. ':booking:' .. id, 'accepted')
  if prior then
    local b = cjson.decode(prior)
    local same = b.liveId == liveId and b.itemId == itemId and b.quantity == quantity
    return same and prior, not same
  end
  return false, redis.call('EXISTS', shop .. ':request:' .. id:sub(4)) == 1
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
    local v = open_viewer(ARGV[i + 1], ARGV[i + 2])
    local code, details = judge(v, it, live_of(liveId), liveId, quantity)
    result = code and refused(code, details) or '{"booking":' .. hold(id, v, it, liveId, quantity) .. '}'
  end
  results[#results + 1] = result
end

local views = {}
for id, it in pairs(items) do
  if it then views[#views + 1] = cjson.encode(id) .. ':' .. cjson.encode(item_view(it)) end
end
return commit('{"results":' .. list_of(results) .. ',"items":{' .. table.concat(views, ',') .. '}}')
