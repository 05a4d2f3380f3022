-- lib/orders.lua: how checkouts and orders end, by hand, by payment or by deadline.

-- `shown` is the checkout as it was answered; its lines are what an order is made of. A finished one has none.
local function checkout(id)
  if checkouts[id] then return checkouts[id] end
  local f = redis.call('HMGET', shop .. ':checkout:' .. id, 'shown', 'viewerId', 'status')
  if not f[2] then return nil end
  local c = f[1] and cjson.decode(f[1]) or {}
  if f[1] and not c.taxBase then
    complete_totals(c)
    f[1] = cjson.encode(c)
  end
  c.viewerId, c.status, c.shown = f[2], f[3], f[1]
  checkouts[id] = c
  return c
end

-- Of a finished checkout only whose it was and how it ended is kept, to answer a page that was left open; then nothing.
local FINISHED_KEPT = 86400 -- s
local function end_checkout(id, status)
  local c = checkout(id)
  local v = viewer(c.viewerId)
  c.status = status
  local key = shop .. ':checkout:' .. id
  later('HDEL', key, 'shown')
  later('HSET', key, 'status', status)
  later('EXPIRE', key, FINISHED_KEPT)
  unindex(':deadlines', 'checkout:' .. id)
  if wholly(v).checkout == id then
    v.checkout = ''
    set_field(v, 'checkout', '')
  end
  if status == 'expired' then emit_to(v, 'checkout', '{"checkoutId":"' .. id .. '"}') end
end

local function words_of(text)
  local list = {}
  for word in (text or ''):gmatch('%S+') do list[#list + 1] = word end
  return list
end

local function read_refund(id)
  local record = redis.call('GET', shop .. ':refund:' .. id)
  return record and cjson.decode(record)
end

local function refund_view(r)
  return { refundId = r.refundId, amount = r.amount, reason = r.reason, status = r.status }
end

-- `placed` is what never changes after placing: lines, prices, PPN, totals, delivery. The rest lives in fields of its own;
-- so do recipient and note, for they can be erased.
local function order(id)
  if orders[id] then return orders[id] end
  local f = redis.call('HMGET', shop .. ':order:' .. id, 'placed', 'status', 'expiresAt', 'paidAt', 'paymentId',
    'payBy', 'transferId', 'refunds', 'payments', 'recipient', 'note', 'fulfilment', 'tracking', 'invoiceNumber')
  if not f[1] then return nil end
  local shown = cjson.decode(f[1])
  complete_totals(shown)
  shown.status, shown.expiresAt, shown.paidAt = f[2], tonumber(f[3]), tonumber(f[4])
  shown.transferOpened, shown.code = f[7] and true or nil, shown.code or ''
  orders[id] = { id = id, shown = shown, payment = f[5] and payment(f[5]) or nil, payBy = tonumber(f[6]),
    refunds = words_of(f[8]), payments = words_of(f[9]) }
  shown.delivery, shown.recipient, shown.note = shown.delivery or 'ship', f[10] and cjson.decode(f[10]) or nil, f[11] or nil
  shown.fulfilment, shown.tracking, shown.invoiceNumber = f[12] or 'none', f[13] or nil, f[14] or nil
  for i, refund_id in ipairs(orders[id].refunds) do
    shown.refunds = shown.refunds or {}
    shown.refunds[i] = refund_view(read_refund(refund_id))
  end
  return orders[id]
end

-- What people say and search: 6 characters of an alphabet in which none is taken for another, unique in the shop.
local CODE_CHARACTERS = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
local function new_order_code(id)
  for attempt = 1, 100 do
    local n, code = tonumber(redis.sha1hex(id .. ' ' .. attempt):sub(1, 12), 16), ''
    for _ = 1, 6 do
      local place = n % #CODE_CHARACTERS + 1
      code, n = code .. CODE_CHARACTERS:sub(place, place), math.floor(n / #CODE_CHARACTERS)
    end
    if redis.call('HEXISTS', shop .. ':orders:codes', code) == 0
      and redis.call('HEXISTS', shop .. ':orders:used:' .. code:sub(1, 3), code:sub(4)) == 0 then
      later('HSET', shop .. ':orders:codes', code, id)
      return code
    end
  end
  error('no code is left for ' .. id)
end

local function order_view(o)
  o.shown.payment = payment_view(o.payment)
  return o.shown
end

local function order_news(o, what)
  o.facts = o.facts or {}
  o.facts[#o.facts + 1] = 'order.' .. what
end
local function emit_order(o)
  local v, encoded = viewer(o.shown.viewerId), cjson.encode(order_view(o))
  emit_to(v, 'order', encoded)
  for _, what in ipairs(o.facts or {}) do emit_fact(v, what, 'order', encoded) end
  o.facts = nil
end

local function set_order_status(o, status)
  if o.shown.status == 'awaiting_payment' then
    local v = viewer(o.shown.viewerId)
    v.unpaid = wholly(v).unpaid - 1
    set_field(v, 'unpaid', int(v.unpaid))
    end_transfers(o)
  end
  unindex(':orders:' .. o.shown.status, o.id)
  index(':orders:' .. status, o.shown.createdAt, o.id)
  o.shown.status = status
  order_news(o, status)
  later('HSET', shop .. ':order:' .. o.id, 'status', status)
  count('orders', status, 1)
end

local function set_order_deadline(o, at)
  o.shown.expiresAt = at
  later('HSET', shop .. ':order:' .. o.id, 'expiresAt', int(at))
end

local function units_in(lines)
  local units = 0
  for _, line in ipairs(lines) do units = units + line.quantity end
  return units
end

-- The one way an order becomes paid: its units are sold. from: the bucket that they are in.
local function pay_order(o, p, from)
  for _, line in ipairs(o.shown.lines) do move(item(line.itemId), from, 'sold', line.quantity) end
  o.shown.paidAt = now
  o.payment = p
  later('HSET', shop .. ':order:' .. o.id, 'paidAt', int(now), 'paymentId', p.id)
  index(':orders:paid_at', now, o.id)
  unindex(':deadlines', 'order:' .. o.id)
  give_invoice_number(o)
  set_order_status(o, 'paid')
  change_reputation(viewer(o.shown.viewerId), settings('booking.paidRewardPerItem') * units_in(o.shown.lines), 'order_paid', o.id)
end

-- A new attempt at paying an order. A transfer is open at once. A QRIS payment is `creating` until the gateway has
-- taken it; the reconciler asks about it from `payments:open`, for money may move before the gateway's answer
-- reaches us. Its order is not in `deadlines`: the payment must be closed at the gateway before the stock goes back.
-- Of an order that costs nothing nobody is asked: it is paid at once, whatever the method.
local FIRST_CHECK = 30000 -- ms
local function open_payment(o, id, method, provider)
  local free = o.shown.total == 0
  -- Who has said that a transfer is made has said so of the order, whatever is looked at afterwards.
  local claimedAt = o.payment and o.payment.claimedAt or nil
  local p = { id = id, orderId = o.id, claimedAt = claimedAt, method = method, provider = free and 'manual' or provider,
    amount = not free and method == 'bank_transfer' and transfer_amount(o) or o.shown.total, status = free and 'paid' or method == 'qris' and 'creating' or 'pending' }
  payments[id] = p
  o.payment = p
  later('HSET', shop .. ':payment:' .. id, 'orderId', o.id, 'method', method, 'provider', p.provider, 'status',
    p.status, 'amount', int(p.amount), 'createdAt', int(now), 'checks', '0')
  if claimedAt then later('HSET', shop .. ':payment:' .. id, 'claimedAt', int(claimedAt)) end
  o.payments[#o.payments + 1] = id
  later('HSET', shop .. ':order:' .. o.id, 'paymentId', id, 'payments', table.concat(o.payments, ' '))
  set_order_deadline(o, o.payBy)
  if free then return pay_order(o, p, 'allocated') end
  if method == 'qris' then
    unindex(':deadlines', 'order:' .. o.id)
    index(':payments:open', math.min(now + FIRST_CHECK, o.payBy), id)
  else
    -- The host may confirm it whatever the buyer looks at afterwards.
    o.shown.transferOpened = true
    later('HSET', shop .. ':order:' .. o.id, 'transferId', id)
    index(':deadlines', o.payBy, 'order:' .. o.id)
  end
end

-- The lines that a viewer's own cancel costs something.
local function lines_that_cost(o)
  local lines = {}
  for _, line in ipairs(o.shown.lines) do
    local b = booking(line.bookingId)
    if not b or not cancel_is_free(b) then lines[#lines + 1] = line end
  end
  return lines
end

-- The one way an unpaid order ends: its stock goes back. penalty: points for each unit; nil when the viewer has no part in it.
local function end_order(id, status, reason, penalty)
  local o = order(id)
  for _, line in ipairs(o.shown.lines) do
    local it = item(line.itemId)
    move(it, 'allocated', 'available', line.quantity)
    released(it, line.quantity, reason)
  end
  local v = viewer(o.shown.viewerId)
  local costing = not penalty and {} or status == 'cancelled' and lines_that_cost(o) or o.shown.lines
  change_reputation(v, -(penalty or 0) * units_in(costing), reason, id)
  for _, line in ipairs(costing) do cool_down(v, line.itemId) end
  set_order_status(o, status)
  set_payment_status(o.payment, status)
  unindex(':deadlines', 'order:' .. id)
  emit_order(o)
  return o
end
