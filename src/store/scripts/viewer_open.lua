-- viewer_open.lua: what a viewer has in this shop; makes the viewer known at the first call.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerId, name from the token ('' = keep)
-- Reply    Me

local v = open_viewer(ARGV[1], ARGV[2])
local held, orders_shown = held_bookings(v), {}
for i, b in ipairs(held) do held[i] = cjson.encode(b) end
for i, id in ipairs(redis.call('ZREVRANGE', shop .. ':orders:viewer:' .. v.id, 0, 19)) do
  orders_shown[i] = cjson.encode(order_view(order(id)))
end

local me = cjson.encode({ viewerId = v.id, name = v.name, reputation = v.reputation, status = v.status })
me = splice(splice(me, 'bookings', list_of(held)), 'orders', list_of(orders_shown))
local open = v.checkout ~= '' and checkout(v.checkout)
return commit(splice(me, 'checkout', open and open.shown or 'null'))
