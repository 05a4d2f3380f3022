-- audit_orders.lua: holds orders against their lines, payments and indexes.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     orderIds
-- Reply    { problems: [] }

local STATUSES = { 'awaiting_payment', 'paid', 'expired', 'cancelled', 'needs_refund' }

local function check_totals(o)
  local subtotal, shown = 0, o.shown
  for _, line in ipairs(shown.lines) do
    if line.lineTotal ~= line.unitPrice * line.quantity then problem('order', o.id, 'has a line that does not add up') end
    subtotal = subtotal + line.lineTotal
  end
  local price = subtotal + (shown.pricesIncludePpn and 0 or shown.ppn)
  if subtotal ~= shown.subtotal or shown.total ~= price + shown.shippingFee + shown.serviceFee then
    problem('order', o.id, 'does not add up')
  end
end

local function check_bookings(o)
  for _, line in ipairs(o.shown.lines) do
    local b = booking(line.bookingId)
    if not b or b.status ~= 'ordered' or since_of[b.bookingId].orderId ~= o.id or b.quantity ~= line.quantity then
      problem('order', o.id, 'disagrees with its booking', line.bookingId)
    end
  end
end

local function check_payment(o)
  local p, status = o.payment, o.shown.status
  local money_in = p and p.status == 'paid'
  if (status == 'paid' or status == 'needs_refund') ~= (money_in or false) then
    problem('order', o.id, 'is', status, 'but its payment is', p and p.status or 'missing')
  end
  if money_in and p.amount ~= o.shown.total then problem('order', o.id, 'was paid with another amount') end
end

local function check_deadline(o)
  local alarm = redis.call('ZSCORE', shop .. ':deadlines', 'order:' .. o.id)
    or (o.payment and redis.call('ZSCORE', shop .. ':payments:open', o.payment.id))
  if o.shown.status == 'awaiting_payment' and not alarm then problem('order', o.id, 'awaits payment for ever') end
end

for _, id in ipairs(ARGV) do
  local o = order(id)
  check_totals(o)
  check_bookings(o)
  check_payment(o)
  check_deadline(o)
  for _, status in ipairs(STATUSES) do
    local listed = redis.call('ZSCORE', shop .. ':orders:' .. status, id) and true or false
    if listed ~= (status == o.shown.status) then problem('order', id, 'is wrongly listed under', status) end
  end
end
return commit('{"problems":' .. list_of(problems) .. '}')
