-- lib/due.lua: what happens at a deadline, to what lib/look.lua has found. The last of the library: it ends what is due,
-- commits that, and only then lets the script's own text begin. So no script can forget it, and whoever asks, a due hold is gone whether or not a sweeper
-- came by.

local lateness = {} -- ms between a deadline and its ending in this call

-- Ends the bookings of one list, at most `limit`; answers how many entries it took.
local function end_lapsed(member, at, limit, penalty)
  local key = shop .. ':due:' .. member:match('%d+')
  local ids = redis.call('LRANGE', key, 0, limit - 1)
  load_bookings(ids)
  for _, id in ipairs(ids) do
    local b = booking(id)
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

-- Answers whether anything was due, and whether there may be more.
local function end_due()
  if #due == 0 then return false, false end
  local penalty, left, dropping = settings('booking.expiryPenaltyPerItem'), MOST_AT_ONCE, false
  for i = 1, #due, 2 do
    if left <= 0 then return true, true end
    local kind, id = due[i]:match('^(%a+):(.*)$')
    if kind == 'bookings' then
      left = left - end_lapsed(due[i], tonumber(due[i + 1]), left, penalty)
    elseif kind == 'serve' then
      left = left - serves_left
      touch_item(item(id))
    elseif kind == 'stock' then
      left = left - 1
      unindex(':deadlines', due[i])
      if item(id) then publish_stock(item(id)) end
    elseif kind == 'drop' then
      -- A command judged before the last has left could open the live again, and its new line would go with the old one.
      local limit = math.min(left, 100)
      local dropped = drop_entries(id, limit)
      left, dropping = left - dropped, dropping or dropped == limit
    else
      left = left - 1
      lateness[#lateness + 1] = now - due[i + 1]
      if kind == 'checkout' then end_checkout(id, 'expired') else end_order(id, 'expired', 'order_expired', penalty) end
    end
  end
  return true, dropping or left <= 0 or #due == MOST_AT_ONCE * 2
end

local function lateness_json()
  local list = {}
  for i, ms in ipairs(lateness) do list[i] = int(ms) end
  return list_of(list)
end

local ended, more_is_due = end_due()
if ended then
  write_unit()
  -- A line that could not be served whole in this call.
  for _, it in ipairs(touched_items) do more_is_due = more_is_due or it.offering ~= nil end
  begin_unit()
end
-- The caller calls again until nothing is due: its own command has not been judged yet.
if more_is_due then
  return answer(string.format('{"retry":true,"now":%d,"lateness":%s}', now, lateness_json()))
end
