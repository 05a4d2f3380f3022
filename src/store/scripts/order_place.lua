-- order_place.lua: turns a checkout's bookings into an order: all of them still held, or nothing changes.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerId, checkoutId, digest of the requestId, method, provider, id for the payment, the most that the payment
--          may be of ('' = no limit), 'ship' | 'pickup', recipient as JSON ('' = the one that is remembered), note ('' = none)
-- Reply    { order, payment: { id, status, amount } } or { error }

local viewerId, checkoutId, digest, method, provider, paymentId, most, delivery, recipient, note = unpack(ARGV)
local id = 'or_' .. digest
local asked = 'order ' .. checkoutId .. ' ' .. method
if delivery ~= 'ship' or recipient ~= '' or note ~= '' then
  asked = asked .. ' ' .. redis.sha1hex(table.concat({ delivery, recipient, note }, '\n'))
end

local function reply(o)
  return commit({ order = order_view(o), payment = { id = o.payment.id, status = o.payment.status,
    amount = o.payment.amount, method = o.payment.method } })
end

local prior = requests.made(digest)
if prior == asked then return reply(order(id)) end
-- Also when the request's record has passed away: no order is ever overwritten by another.
if prior or redis.call('EXISTS', shop .. ':order:' .. id) == 1 then return refuse('REQUEST_CONFLICT') end

local c, v = checkout(checkoutId), viewer(viewerId)
if not c or c.viewerId ~= viewerId then return refuse('NOT_FOUND') end
if v.status == 'restricted' then return refuse('VIEWER_RESTRICTED') end
if c.status ~= 'open' then return refuse('CHECKOUT_EXPIRED', { status = c.status }) end

local gone, per_item, units = {}, {}, 0
for _, line in ipairs(c.lines) do
  local b = booking(line.bookingId)
  if b.status ~= 'held' or b.quantity ~= line.quantity then gone[#gone + 1] = b.bookingId end
  per_item[line.itemId] = (per_item[line.itemId] or 0) + line.quantity
  units = units + line.quantity
end
if #gone > 0 then return refuse('BOOKING_NOT_HELD', { bookingIds = gone }) end

if delivery == 'pickup' and not settings('order.allowPickup') then
  return refuse('VALIDATION', { delivery = 'this shop ships only' })
end
local given = recipient ~= ''
if not given then recipient = redis.call('HGET', shop .. ':viewer:' .. viewerId, 'recipient') end
local to = recipient and cjson.decode(recipient) or nil
local missing = lacks(to, settings('order.recipient'), delivery)
if missing then return refuse('RECIPIENT_REQUIRED', { missing = missing }) end

local max_unpaid = settings('order.maxUnpaidOrders')
if max_unpaid > 0 and wholly(v).unpaid >= max_unpaid then
  return refuse('UNPAID_ORDERS', { limit = max_unpaid, unpaid = v.unpaid })
end
local max_item, max_cart, lifetime = settings('order.maxItemQuantity', 'order.totalItemCart',
  'order.onlineCheckoutAutoExpireMinutes')
for itemId, quantity in pairs(per_item) do
  if max_item > 0 and quantity > max_item then
    return refuse('MAX_ITEM_QUANTITY', { limit = max_item, itemId = itemId, held = quantity })
  end
end
if max_cart > 0 and units > max_cart then return refuse('CART_FULL', { limit = max_cart, held = units }) end

-- What the buyer agreed to is what the checkout said, whatever the settings have become.
local placed = cjson.decode(c.shown)
placed.checkoutId, placed.expiresAt = nil, nil
placed.delivery = delivery
if delivery == 'pickup' then placed.total, placed.shippingFee = placed.total - placed.shippingFee, 0 end
local too_much = over_limit(placed.total, most)
if too_much then return refuse('VALIDATION', too_much) end
placed.orderId, placed.code, placed.viewerId, placed.createdAt = id, new_order_code(id), viewerId, now

local lives = {}
for _, line in ipairs(c.lines) do
  local b = booking(line.bookingId)
  lives[b.liveId] = true
  move(item(b.itemId), 'booked', 'allocated', b.quantity)
  end_booking(b, v, 'ordered', id)
  emit_booking(b, v)
end
end_checkout(checkoutId, 'ordered')

local o = { id = id, payBy = now + minutes(lifetime), shown = placed, refunds = {}, payments = {} }
later('HSET', shop .. ':order:' .. id, 'placed', cjson.encode(placed), 'status', 'awaiting_payment', 'payBy',
  int(o.payBy))
if to then later('HSET', shop .. ':order:' .. id, 'recipient', recipient) end
if note ~= '' then later('HSET', shop .. ':order:' .. id, 'note', note) end
if given then set_field(v, 'recipient', recipient) end
placed.recipient, placed.note, placed.fulfilment = to, note ~= '' and note or nil, 'none'
requests.keep(digest, asked)
placed.status = 'awaiting_payment'
v.unpaid = wholly(v).unpaid + 1
set_field(v, 'unpaid', int(v.unpaid))
count('orders', 'awaiting_payment', 1)
for _, suffix in ipairs({ ':orders', ':orders:viewer:' .. viewerId, ':orders:awaiting_payment' }) do
  index(suffix, now, id)
end
for liveId in pairs(lives) do index(':orders:live:' .. liveId, now, id) end
order_news(o, 'placed')
open_payment(o, paymentId, method, provider)
emit_order(o)
return reply(o)
