-- audit_item.lua: one item's counters at one moment, with the bookings that changed since the caller looked at them.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     itemId; the place in the event stream up to which the caller knows what changed; when the caller began, epoch ms
-- Reply    { itemId, available, booked, allocated, sold, pending, expected, rows: [[bookingId, bucket, quantity]], back: rows of
--          bookings that had left Redis, goneSold: units of those that have,
--          left: those that have since the caller began, restocks, bookings: how many there ever were,
--          at: the newest entry, problems: [] }.
--          `pending`: units on their way to the waiting line, which are counted as booked.
--          Of much that has happened since that place only a part is looked at: { behind: { rows, position: up to where } }.
--          { lost: true } when what follows the place is no longer in the stream.

-- Much, for under load all that happens while an answer is on its way must be less than one call takes in.
local it, MOST_ENTRIES, MOST_BOOKINGS = item(ARGV[1]), 600, 500
if not it then return refuse('NOT_FOUND') end

local since = redis.call('XRANGE', shop .. ':events', '(' .. ARGV[2], '+', 'COUNT', MOST_ENTRIES)
local follows = since[1] and since[1][2][2] or redis.call('GET', shop .. ':events:last') or '0-0'
if follows ~= ARGV[2] then return commit('{"lost":true}') end

local changed, seen, position = {}, {}, ARGV[2]
for _, happened in ipairs(since) do
  if #changed > MOST_BOOKINGS then break end
  for i = 1, #happened[2], 2 do
    -- Bookings and orders name bookings; nothing else has to be read of them.
    for id in happened[2][i + 1]:gmatch('"bookingId":"([^"]+)"') do
      if not seen[id] then changed[#changed + 1] = id end
      seen[id] = true
    end
  end
  position = happened[1]
end
if #since == MOST_ENTRIES or since[1] and position ~= since[#since][1] then
  return commit('{"behind":{"position":"' .. position .. '","rows":' .. rows_of(changed, it.id) .. '}}')
end

local expected = 0
for _, restock in ipairs(redis.call('LRANGE', shop .. ':restocks:' .. it.id, 0, -1)) do
  expected = expected + tonumber(restock:match('"quantity":(%-?%d+)'))
end
local sum = it.available + it.booked + it.allocated + it.sold
if sum ~= expected then problem(it.id .. ': the buckets add up to', int(sum), 'but stock was', int(expected)) end
if it.available < 0 then problem(it.id .. ': available is', int(it.available)) end

-- The line, by its members alone: its entries are looked at in parts, by audit_line.
local waiting = shop .. ':waiting:' .. it.id
local first = redis.call('ZRANGE', waiting, 0, 0, 'WITHSCORES')
local length = redis.call('ZCARD', waiting)
if length ~= it.waiting then problem(it.id .. ': waiting is', int(it.waiting), 'but the line has', int(length)) end
if first[2] and tonumber(first[2]) ~= it.head then
  problem(it.id .. ': head is', int(it.head), 'but the first ticket is', first[2])
end
if it.open and it.available > 0 and length > 0 then
  for _, member in ipairs(redis.call('ZRANGE', waiting, 0, 4999)) do
    local quantity, id = member:match('^(%d+) (.+)$')
    if tonumber(quantity) <= it.available then problem(it.id .. ': units are free that entry', id, 'waits for') end
  end
end

local pending = tonumber((it.offering or '0'):match('^%d+'))
local reply = string.format('{"itemId":"%s","available":%d,"booked":%d,"allocated":%d,"sold":%d,"pending":%d,'
  .. '"expected":%d,"rows":%s}', it.id, it.available, it.booked, it.allocated, it.sold, pending, expected,
  rows_of(changed, it.id))
-- Bookings that had left Redis and are back, for something happened to their order; and what those that have left sold.
reply = splice(reply, 'back', rows_of(redis.call('ZRANGE', shop .. ':bookings:back:' .. it.id, 0, -1), it.id))
reply = splice(reply, 'goneSold', redis.call('HGET', shop .. ':item:' .. it.id, 'goneSold') or '0')
local left = {}
for i, id in ipairs(redis.call('ZRANGEBYSCORE', shop .. ':left:' .. it.id, ARGV[3], '+inf')) do left[i] = '"' .. id .. '"' end
reply = splice(reply, 'left', list_of(left))
local gone = redis.call('GET', shop .. ':bookings:item:' .. it.id .. ':gone') or '0'
reply = splice(reply, 'bookings', int(redis.call('LLEN', shop .. ':bookings:item:' .. it.id) + tonumber(gone)))
reply = splice(reply, 'restocks', int(redis.call('LLEN', shop .. ':restocks:' .. it.id)))
reply = splice(reply, 'at', '"' .. (redis.call('GET', shop .. ':events:last') or '0-0') .. '"')
return commit(splice(reply, 'problems', list_of(problems)))
