-- lib/due.lua: what happens at a deadline. Every script that judges or reads settles what is due first.

local lateness = {} -- ms between a deadline and this release of it

-- Ends what is due, at most `limit` at a time, before anything else is judged: a due hold is gone whether or not
-- a sweeper came by. Answers true when there may be more; the caller then commits { retry } and is called again.
local function settle_due(limit)
  local due = redis.call('ZRANGEBYSCORE', shop .. ':deadlines', '-inf', int(now), 'WITHSCORES', 'LIMIT', 0, limit)
  if #due == 0 then return false end
  local penalty = settings('booking.expiryPenaltyPerItem')
  for i = 1, #due, 2 do
    local kind, id = due[i]:match('^(%a+):(.*)$')
    lateness[#lateness + 1] = now - due[i + 1]
    if kind == 'booking' then
      local b = booking(id)
      release(b, b.quantity, 'expired', 'booking_expired', penalty)
    elseif kind == 'checkout' then
      end_checkout(id, 'expired')
    else
      end_order(id, 'expired', 'order_expired', penalty)
    end
  end
  return #due == limit * 2
end
