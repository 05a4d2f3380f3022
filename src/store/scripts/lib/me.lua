-- lib/me.lua: all that a viewer has in this shop, for the scripts that answer it.

local NEWEST = 20 -- orders; older ones are read page by page

-- A checkout of which nothing is held any more shows what is gone; placing it says so.
local function holds_any(c)
  for _, line in ipairs(c.lines) do
    local b = booking(line.bookingId)
    if b and b.status == 'held' then return true end
  end
  return false
end

-- recipient: JSON. Answers Me as JSON.
local function me_json(v, recipient)
  local held, waits, orders_shown = held_bookings(v), {}, {}
  for i, b in ipairs(held) do held[i] = booking_json(b) end
  for id in pairs(waits_of(v)) do waits[#waits + 1] = entry(id) end
  table.sort(waits, function(a, b) return a.createdAt == b.createdAt and a.ticket < b.ticket or a.createdAt < b.createdAt end)
  for i, e in ipairs(waits) do waits[i] = entry_json(e) end
  local newest = redis.call('ZREVRANGE', shop .. ':orders:viewer:' .. v.id, 0, NEWEST)
  for i = 1, math.min(#newest, NEWEST) do orders_shown[i] = cjson.encode(order_view(order(newest[i]))) end
  local me = cjson.encode({ viewerId = v.id, name = v.name, reputation = v.reputation, status = v.status,
    hasOlderOrders = #newest > NEWEST or wholly(v).orders_left == true })
  me = splice(splice(splice(me, 'bookings', list_of(held)), 'waitlist', list_of(waits)), 'orders', list_of(orders_shown))
  local open = wholly(v).checkout ~= '' and checkout(v.checkout)
  if open and not holds_any(open) then open = nil end
  me = splice(splice(me, 'recipient', recipient), 'rights', rights_json(v))
  return splice(me, 'checkout', open and open.shown or 'null')
end

local function kept_recipient(v)
  if v.is_new then return redis.call('GET', shop .. ':recipient:' .. v.id) or 'null' end
  return redis.call('HGET', shop .. ':viewer:' .. v.id, 'recipient') or 'null'
end
