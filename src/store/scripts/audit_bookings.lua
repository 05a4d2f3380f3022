-- audit_bookings.lua: a part of one item's bookings: where the units of each are, and whether each hold is as it should be.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     itemId; how many bookings are left, counted from the oldest, whose place never changes; how many to look at
-- Reply    { rows: [[bookingId, bucket, quantity]], missing: [bookingIds without a record], problems: [] }

local itemId, left, count = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local ids = redis.call('LRANGE', shop .. ':bookings:item:' .. itemId, -left, -math.max(left - count, 0) - 1)
local rows, missing = rows_of(ids, itemId), {}

local function check_held(id, b)
  local listed = redis.call('LPOS', shop .. due_list(b.expiresAt), id, 'MAXLEN', 1000)
  if not redis.call('ZSCORE', shop .. ':deadlines', 'bookings:' .. int(b.expiresAt))
    or not listed and redis.call('LLEN', shop .. due_list(b.expiresAt)) <= 1000 then
    problem(itemId .. ': held booking', id, 'has no deadline')
  end
  local v = viewer(b.viewerId)
  local carried = false
  for _, line in ipairs(v and cart_of(v) or {}) do
    carried = carried or line.id == id and line.itemId == itemId and line.quantity == b.quantity
  end
  if not carried then
    problem(itemId .. ': held booking', id, 'is not in the cart of', b.viewerId)
  end
  local ends = redis.call('PEXPIRETIME', shop .. ':hold:' .. id)
  if ends > 0 and math.abs(ends - b.expiresAt) > 1000 then problem(itemId .. ': hold', id, 'does not end at its deadline') end
  if ends == -1 or (ends == -2 and b.expiresAt > now + 1000) then
    problem(itemId .. ': hold', id, 'is missing or has no TTL')
  end
end

for _, id in ipairs(ids) do
  local b = booking(id)
  if not b then
    missing[#missing + 1] = '"' .. id .. '"'
  elseif b.status == 'held' then
    check_held(id, b)
  elseif redis.call('EXISTS', shop .. ':hold:' .. id) == 1 then
    problem(itemId .. ': ended booking', id, 'still has a hold')
  end
end
return commit('{"rows":' .. rows .. ',"missing":' .. list_of(missing) .. ',"problems":' .. list_of(problems) .. '}')
