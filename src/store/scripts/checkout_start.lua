-- checkout_start.lua: opens a checkout over the viewer's held bookings, or answers the one that is open over them.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerId, id for a new checkout
-- Reply    { checkout } or { error }

local v = viewer(ARGV[1])
if v and v.status == 'restricted' then return refuse('VIEWER_RESTRICTED') end
if not v or v.carried == 0 then return refuse('CART_EMPTY') end

local lines, deadline = {}, math.huge
for i, b in ipairs(held_bookings(v)) do
  local named = since_of[b.bookingId]
  lines[i] = { bookingId = b.bookingId, itemId = b.itemId, sku = named.sku or '', code = named.code or '',
    name = named.name, quantity = b.quantity, unitPrice = b.unitPrice, lineTotal = b.quantity * b.unitPrice }
  deadline = math.min(deadline, b.expiresAt)
end

-- Starting twice is one checkout with one timer; after a change of the cart it is a new one.
local open = wholly(v).checkout ~= '' and checkout(v.checkout)
local function same_cart()
  if #open.lines ~= #lines then return false end
  for i, line in ipairs(lines) do
    if open.lines[i].bookingId ~= line.bookingId or open.lines[i].quantity ~= line.quantity then return false end
  end
  return true
end
if open and same_cart() then return commit('{"checkout":' .. open.shown .. '}') end
if open then end_checkout(open.checkoutId, 'expired') end

local c = totals(lines)
if c.total > MOST then return refuse('VALIDATION', { total = 'is too large for one order' }) end
c.checkoutId, c.lines = ARGV[2], lines
c.expiresAt = math.min(now + minutes(settings('order.checkoutTimeoutMinutes')), deadline)
local shown = cjson.encode(c)
later('HSET', shop .. ':checkout:' .. c.checkoutId, 'shown', shown, 'viewerId', v.id, 'status', 'open')
index(':deadlines', c.expiresAt, 'checkout:' .. c.checkoutId)
v.checkout = c.checkoutId
set_field(v, 'checkout', c.checkoutId)
return commit('{"checkout":' .. shown .. '}')
