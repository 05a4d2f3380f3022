-- lib/due.lua: what happens at a deadline. Every script that judges or reads settles what is due first.

local lateness = {} -- ms between a deadline and this release of it

-- Ends the bookings of one list, at most `limit`; answers how many.
local function end_lapsed(member, at, limit, penalty)
  local key = shop .. ':due:' .. member:match('%d+')
  local ids, keys = redis.call('LRANGE', key, 0, limit - 1), {}
  for i, id in ipairs(ids) do keys[i] = shop .. ':booking:' .. id end
  local found = #ids > 0 and redis.call('MGET', unpack(keys)) or {}
  for i, id in ipairs(ids) do
    local b = booking(id, parse_record(found[i]))
    -- Whatever else might stand here must not keep the others from being released.
    if b and b.status == 'held' then
      release(b, b.quantity, 'expired', 'booking_expired', penalty)
      lateness[#lateness + 1] = now - at
    end
  end
  if #ids > 0 then later('LPOP', key, #ids) end
  if #ids < limit then unindex(':deadlines', member) end
  return #ids
end

-- Ends what is due, at most `limit` at a time, before anything else is judged: a due hold is gone whether or not
-- a sweeper came by. Answers true when there may be more; the caller then commits { retry } and is called again.
local function settle_due(limit)
  local due = redis.call('ZRANGEBYSCORE', shop .. ':deadlines', '-inf', int(now), 'WITHSCORES', 'LIMIT', 0, limit)
  if #due == 0 then return false end
  local penalty, left = settings('booking.expiryPenaltyPerItem'), limit
  for i = 1, #due, 2 do
    if left == 0 then return true end
    local kind, id = due[i]:match('^(%a+):(.*)$')
    if kind == 'bookings' then
      left = left - end_lapsed(due[i], tonumber(due[i + 1]), left, penalty)
    else
      left = left - 1
      lateness[#lateness + 1] = now - due[i + 1]
      if kind == 'checkout' then end_checkout(id, 'expired') else end_order(id, 'expired', 'order_expired', penalty) end
    end
  end
  return left == 0 or #due == limit * 2
end
