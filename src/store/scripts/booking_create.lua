-- booking_create.lua: judges a batch of booking commands in the order given and holds stock for the accepted ones.
--
-- KEYS[1]    livehold:{shopId}
-- ARGV       how many different wishes there are; four values for each: liveId, itemId, quantity, '1' for guests;
--            then four values a command: bookingId, viewerId, viewerName, which wish. bookingId is 'bk_' plus a digest of
--            who asks and requestId, so the booking is its own request record.
-- Reply      a header, then one value for each command. Header: { now, lifetime, items: { id: ItemView } }. Value: the
--            sequence of a booking that was accepted now, with ':' and its lifetime in ms where that is not the header's
--            (createdAt is `now`, unitPrice the item's); else { booking } for a repeat or { error }. Nothing long is said
--            twice: Redis's Lua hashes every string that it makes, byte by byte.

local ARGS = 4

-- What judge() asks of a live and its items, in one look for all of a batch.
local function look_at_live(id, itemIds)
  local fields, seen = { 'status' }, {}
  for i, itemId in ipairs(itemIds) do fields[i + 1] = 'item:' .. itemId end
  local values = redis.call('HMGET', shop .. ':live:' .. id, unpack(fields))
  for i, itemId in ipairs(itemIds) do seen[itemId] = values[i + 1] ~= false end
  lives_seen[id], featured_seen[id] = values[1], seen
end

local wishes, wanted, first = {}, {}, 2 + 4 * ARGV[1]
for i = 2, first - 1, 4 do
  local liveId, itemId, quantity, guest = unpack(ARGV, i, i + 3)
  wishes[#wishes + 1] = { liveId = liveId, itemId = itemId, quantity = tonumber(quantity), guest = guest == '1' }
  local of_live = wanted[liveId] or {}
  of_live[#of_live + 1], wanted[liveId] = itemId, of_live
end
for liveId, itemIds in pairs(wanted) do look_at_live(liveId, itemIds) end
local usual = rules().lifetime
local results = { '' }

-- Whether any of the requests has been made before: hardly ever, so all are asked about in one call.
local function any_repeated()
  local keys = {}
  for i = first, #ARGV, ARGS do
    local n = #keys
    keys[n + 1], keys[n + 2] = shop .. ':booking:' .. ARGV[i], shop .. ':request:' .. ARGV[i]:sub(4)
  end
  return redis.call('EXISTS', unpack(keys)) > 0
end
local repeated = any_repeated()

-- A repeated request gets its first accepted outcome again; the same id with another body is a conflict.
local function replay(id, viewerId, wish)
  local prior = accepted_of[id]
  if not prior then
    if not repeated then return false end
    if not booking(id) then return false, redis.call('EXISTS', shop .. ':request:' .. id:sub(4)) == 1 end
    prior = accepted_of[id]
  end
  local b = cjson.decode(prior)
  local same = b.viewerId == viewerId and b.liveId == wish.liveId and b.itemId == wish.itemId
    and b.quantity == wish.quantity
  return same and prior, not same
end

local function refused(code, details)
  return cjson.encode({ error = { code = code, details = details } })
end

local function book(id, v, it, wish)
  local code, details = judge(v, it, wish.liveId, wish.quantity)
  if not code then code, details = lacking(it, wish.quantity) end
  if code then return refused(code, details) end
  local _, _, lifetime = limits_of(v)
  local sequence = hold(id, v, it, wish.liveId, wish.quantity, 'viewer', lifetime)
  return lifetime == usual and sequence or sequence .. ':' .. lifetime
end

for i = first, #ARGV, ARGS do
  local id, viewerId, name, wish = ARGV[i], ARGV[i + 1], ARGV[i + 2], wishes[tonumber(ARGV[i + 3])]
  local prior, conflict = replay(id, viewerId, wish)
  local it, result = item(wish.itemId), nil
  if conflict then
    result = refused('REQUEST_CONFLICT')
  elseif prior then
    result = '{"booking":' .. prior .. '}'
  else
    result = book(id, open_viewer(viewerId, name, wish.guest), it, wish)
  end
  results[#results + 1] = result
end
commit({})

local views = {}
for id, it in pairs(items) do
  if it then views[#views + 1] = '"' .. id .. '":' .. item_json(it) end
end
results[1] = answer(string.format('{"now":%d,"lifetime":%d,"items":{%s}}', now, usual, table.concat(views, ',')))
return results
