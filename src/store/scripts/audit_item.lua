-- audit_item.lua: recomputes one item's stock from its restocks, bookings and orders, and holds it against the
-- counters. One moment for each item, so the answer is exact under load.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     itemId
-- Reply    { itemId, available, booked, allocated, sold, expected, ok, problems: [] }

local it = item(ARGV[1])
if not it then return refuse('NOT_FOUND') end
local expected, found, problems = 0, { booked = 0, allocated = 0, sold = 0 }, {}

local held_seen = 0
local function problem(...) problems[#problems + 1] = cjson.encode(it.id .. ': ' .. table.concat({ ... }, ' ')) end

local CHECKED = 2000 -- holds looked at one by one: bounds how long Redis is busy; all of them are counted
local function check_held(id, b)
  found.booked = found.booked + b.quantity
  held_seen = held_seen + 1
  if held_seen > CHECKED then return end
  local listed = redis.call('LPOS', shop .. due_list(b.expiresAt), id)
  if not listed or not redis.call('ZSCORE', shop .. ':deadlines', 'bookings:' .. int(b.expiresAt)) then
    problem('held booking', id, 'has no deadline')
  end
  local v = viewer(b.viewerId)
  if not v or not (';' .. v.held .. ';'):find(';' .. id .. ' ' .. b.itemId .. ' ' .. int(b.quantity) .. ';', 1, true) then
    problem('held booking', id, 'is not in the cart of', b.viewerId)
  end
  local ends = redis.call('PEXPIRETIME', shop .. ':hold:' .. id)
  if ends > 0 and math.abs(ends - b.expiresAt) > 1000 then problem('hold', id, 'does not end at its deadline') end
  if ends == -1 or (ends == -2 and b.expiresAt > now + 1000) then problem('hold', id, 'is missing or has no TTL') end
end

for _, entry in ipairs(redis.call('LRANGE', shop .. ':restocks:' .. it.id, 0, -1)) do
  expected = expected + cjson.decode(entry).quantity
end
local bucket_of = { awaiting_payment = 'allocated', paid = 'sold' }
for _, id in ipairs(redis.call('LRANGE', shop .. ':bookings:item:' .. it.id, 0, -1)) do
  local b = booking(id)
  if b.status == 'held' then
    check_held(id, b)
  elseif b.status == 'ordered' then
    local bucket = bucket_of[redis.call('HGET', shop .. ':order:' .. since_of[id].orderId, 'status')]
    if bucket then found[bucket] = found[bucket] + b.quantity end
  elseif redis.call('EXISTS', shop .. ':hold:' .. id) == 1 then
    problem('ended booking', id, 'still has a hold')
  end
end

-- Units on their way to the line are counted as booked until they are handed over.
found.booked = found.booked + tonumber((it.offering or '0'):match('^%d+'))

local line = redis.call('ZRANGE', shop .. ':waiting:' .. it.id, 0, -1, 'WITHSCORES')
if #line / 2 ~= it.waiting then problem('waiting is', int(it.waiting), 'but the line has', int(#line / 2)) end
if line[2] and tonumber(line[2]) ~= it.head then problem('head is', int(it.head), 'but the first ticket is', line[2]) end
for i = 1, #line, 2 do
  local quantity, id = line[i]:match('^(%d+) (.+)$')
  local e = entry(id)
  if not e or e.status ~= 'waiting' or e.ticket ~= tonumber(line[i + 1]) then
    problem('entry', id, 'is in the line but not waiting')
  end
  if it.open and tonumber(quantity) <= it.available then problem('units are free that entry', id, 'waits for') end
end

for bucket, units in pairs(found) do
  if units ~= it[bucket] then problem(bucket, 'is', int(it[bucket]), 'but the records say', int(units)) end
end
local sum = it.available + it.booked + it.allocated + it.sold
if sum ~= expected then problem('the buckets add up to', int(sum), 'but stock was', int(expected)) end
if it.available < 0 then problem('available is', int(it.available)) end

local reply = cjson.encode({ itemId = it.id, available = it.available, booked = it.booked, allocated = it.allocated,
  sold = it.sold, expected = expected, ok = #problems == 0 })
return commit(splice(reply, 'problems', list_of(problems)))
