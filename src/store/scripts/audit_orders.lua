-- audit_orders.lua: holds orders against their lines, payments and indexes.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     orderIds
-- Reply    { problems: [] }

local STATUSES = { 'awaiting_payment', 'paid', 'expired', 'cancelled', 'needs_refund', 'refunded' }

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
  if status ~= 'refunded' and (status == 'paid' or status == 'needs_refund') ~= (money_in or false) then
    problem('order', o.id, 'is', status, 'but its payment is', p and p.status or 'missing')
  end
  -- A transfer's unique code comes on top.
  local most = p and p.method == 'bank_transfer' and o.shown.total + 999 or o.shown.total
  if p and (p.amount < o.shown.total or p.amount > most) then problem('order', o.id, 'is to be paid with another amount') end
end

local function listed(index, id) return redis.call('ZSCORE', shop .. index, id) and true or false end

-- Money that is not the order's own is in a refund record until it has gone back.
local function check_refunds(o)
  local open, refunded = 0, {}
  for _, id in ipairs(o.refunds) do
    local r = read_refund(id)
    if not r or r.orderId ~= o.id then
      problem('order', o.id, 'lacks its refund', id)
    else
      local is_open = r.status == 'open'
      if is_open then open = open + 1 end
      if listed(':refunds:open', id) ~= is_open or listed(':refunds:done', id) == is_open then
        problem('refund', id, 'is wrongly listed')
      end
      refunded[r.paymentId] = (refunded[r.paymentId] or 0) + r.amount
    end
  end
  local status = o.shown.status
  if status == 'needs_refund' and open == 0 then problem('order', o.id, 'needs a refund that nobody is told of') end
  if status == 'refunded' and #o.refunds == 0 and o.shown.total > 0 then
    problem('order', o.id, 'is refunded without a refund')
  end
  for _, id in ipairs(o.payments) do
    local p = payment(id)
    local own = status == 'paid' and o.payment.id == id
    if p.status == 'paid' and not own and (refunded[id] or 0) ~= p.amount then
      problem('payment', id, 'is money that is neither its order’s nor in a refund')
    end
    if redis.call('HEXISTS', shop .. ':payment:' .. id, 'mismatch') == 1 and not refunded[id] then
      problem('payment', id, 'was of another amount and is in no refund')
    end
  end
end

-- What was ever paid has an invoice. Those of before they were numbered have none, nor a fulfilment.
local function check_invoice(o)
  local invoice = o.shown.invoiceNumber
  if invoice and not o.shown.paidAt then problem('order', o.id, 'has an invoice and was never paid') end
  if invoice and redis.call('HGET', shop .. ':orders:codes', invoice) ~= o.id then
    problem('order', o.id, 'has an invoice number that is another’s')
  end
  local awaits = listed(':transfers:open', o.id)
  if awaits and o.shown.status ~= 'awaiting_payment' then problem('order', o.id, 'awaits a transfer after its end') end
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
  check_refunds(o)
  check_invoice(o)
  check_deadline(o)
  for _, status in ipairs(STATUSES) do
    if listed(':orders:' .. status, id) ~= (status == o.shown.status) then problem('order', id, 'is wrongly listed under', status) end
  end
end
return commit('{"problems":' .. list_of(problems) .. '}')
