-- payment_settle.lua: money is in. The one way an order becomes paid, whoever brought the word: webhook, poll, host or
-- sandbox. Money for an order that has ended takes the stock again if all of it is there, and else needs a refund.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     paymentId; amount in whole rupiah ('' = not a whole amount); currency ('' = not said);
--          source; id of the notice that brought the word ('' = none)
-- Reply    { outcome: 'paid' | 'needs_refund' | 'ignored', reason, order } or { error }

local id, amount, currency, source, notice = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]
local p = payment(id)
if not p then return refuse('NOT_FOUND') end
local o = order(p.orderId)

local function outcome(word, reason)
  keep_notice(id, o.id, source, word, reason, notice)
  return commit({ outcome = word, reason = reason, order = order_view(o) })
end

local flagged = redis.call('HEXISTS', shop .. ':payment:' .. id, 'mismatch') == 1
if p.status == 'paid' or flagged then return outcome('ignored', 'already_settled') end
if amount ~= p.amount or (currency ~= '' and currency ~= 'IDR') then
  -- Kept and shown to the host, never taken as payment. The order runs on to its deadline, payable anew.
  later('HSET', shop .. ':payment:' .. id, 'mismatch', ARGV[2] .. ' ' .. currency)
  set_payment_status(p, 'failed')
  unindex(':payments:open', id)
  index(':refunds', now, id)
  if o.shown.status == 'awaiting_payment' and o.payment.id == id then
    index(':deadlines', o.shown.expiresAt, 'order:' .. o.id)
    emit_order(o)
  end
  return outcome('needs_refund', 'wrong_amount')
end

set_payment_status(p, 'paid')
unindex(':payments:open', id)
later('HSET', shop .. ':payment:' .. id, 'paidAt', int(now))

local function pay(from)
  for _, line in ipairs(o.shown.lines) do move(item(line.itemId), from, 'sold', line.quantity) end
  o.shown.paidAt = now
  o.payment = p
  later('HSET', shop .. ':order:' .. o.id, 'paidAt', int(now), 'paymentId', id)
  unindex(':deadlines', 'order:' .. o.id)
  set_order_status(o, 'paid')
  change_reputation(viewer(o.shown.viewerId), settings('booking.paidRewardPerItem') * units_of(o), 'order_paid', o.id)
  emit_order(o)
end

local function all_available()
  local needed = {}
  for _, line in ipairs(o.shown.lines) do needed[line.itemId] = (needed[line.itemId] or 0) + line.quantity end
  for itemId, quantity in pairs(needed) do
    if item(itemId).available < quantity then return false end
  end
  return true
end

local status = o.shown.status
if status == 'awaiting_payment' then
  pay('allocated')
  return outcome('paid', 'in_time')
end
if (status == 'expired' or status == 'cancelled') and all_available() then
  pay('available')
  return outcome('paid', 'late_but_in_stock')
end
index(':refunds', now, id)
if status == 'paid' then return outcome('needs_refund', 'paid_twice') end
o.payment = p
later('HSET', shop .. ':order:' .. o.id, 'paymentId', id)
if status ~= 'needs_refund' then set_order_status(o, 'needs_refund') end
emit_order(o)
return outcome('needs_refund', 'late_and_gone')
