-- viewer_open.lua: what a viewer has in this shop; makes the viewer known at the first call.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerId, name from the token ('' = keep)
-- Reply    Me, or { retry: true }

if settle_due(200) then return commit({ retry = true }) end

local v = open_viewer(ARGV[1], ARGV[2])
local held, orders_shown = {}, {}
if v.units > 0 then
  for _, field in ipairs(redis.call('HKEYS', shop .. ':viewer:' .. v.id)) do
    local id = field:match('^booking:(.*)$')
    local b = id and booking(id)
    if b and b.status == 'held' then held[#held + 1] = b end
  end
  table.sort(held, function(a, b)
    if a.createdAt ~= b.createdAt then return a.createdAt < b.createdAt end
    return a.bookingId < b.bookingId
  end)
end
for i, b in ipairs(held) do held[i] = cjson.encode(b) end
for i, id in ipairs(redis.call('ZREVRANGE', shop .. ':orders:viewer:' .. v.id, 0, 19)) do
  orders_shown[i] = cjson.encode(order_view(order(id)))
end

local me = cjson.encode({ viewerId = v.id, name = v.name, reputation = v.reputation, status = v.status })
me = splice(splice(me, 'bookings', list_of(held)), 'orders', list_of(orders_shown))
local open = v.checkout ~= '' and checkout(v.checkout)
return commit(splice(me, 'checkout', open and open.shown or 'null'))
