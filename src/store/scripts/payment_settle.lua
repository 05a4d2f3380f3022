-- payment_settle.lua: money is in. The one way an order becomes paid, whichever way the notification came: webhook, poll, host or
-- sandbox. Money for an order that has ended takes the stock again if all of it is there, and else needs a refund.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     paymentId; amount in whole rupiah ('' = not a whole amount); currency ('' = not said); what was received, rupiah
--          rounded up (0 = nobody knows from the gateway's words); source; the gateway's words; id of the notice that brought them ('' = none)
-- Reply    { outcome: 'paid' | 'needs_refund' | 'ignored' | 'unclear', reason, order } or { error }

local id, amount, currency = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local received, said = tonumber(ARGV[4]), { source = ARGV[5], words = ARGV[6], notice = ARGV[7] }
local p = payment(id)
if not p then return refuse('NOT_FOUND') end
local o = order(p.orderId)

local function outcome(word, reason)
  keep_notice(id, o.id, said, word, reason)
  return commit({ outcome = word, reason = reason, order = order_view(o) })
end

local gone = read_refund('rg_' .. id)
local gone_rupiah = gone and gone.amount or 0

-- A person pays back what came in, less what the gateway has paid back by itself.
local function needs_refund(reason, rupiah)
  open_refund(o, p, 'rf_' .. id, math.max(rupiah - gone_rupiah, 0), reason, said.words)
  emit_order(o)
  return outcome('needs_refund', reason)
end

-- All of it had gone back, and now it is there: a dispute that was won, or the gateway contradicts itself.
if gone_rupiah >= p.amount then return outcome('unclear', 'returned_before') end

local flagged = redis.call('HEXISTS', shop .. ':payment:' .. id, 'mismatch') == 1
if p.status == 'paid' or flagged then return outcome('ignored', 'already_settled') end
if amount ~= p.amount or (currency ~= '' and currency ~= 'IDR') then
  -- Kept and shown to the host, never taken as payment. The order runs on to its deadline, payable again.
  later('HSET', shop .. ':payment:' .. id, 'mismatch', ARGV[2] .. ' ' .. currency)
  set_payment_status(p, 'failed')
  unindex(':payments:open', id)
  if o.shown.status == 'awaiting_payment' and o.payment.id == id then
    index(':deadlines', o.shown.expiresAt, 'order:' .. o.id)
  end
  return needs_refund('wrong_amount', received)
end

set_payment_status(p, 'paid')
unindex(':payments:open', id)
later('HSET', shop .. ':payment:' .. id, 'paidAt', int(now))

local function pay(from, reason)
  if o.payment.id ~= id then close_soon(o.payment) end
  pay_order(o, p, from)
  emit_order(o)
  return outcome('paid', reason)
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
if status == 'awaiting_payment' then return pay('allocated', 'in_time') end
if (status == 'expired' or status == 'cancelled') and all_available() then
  return pay('available', 'late_but_in_stock')
end
if status == 'paid' then return needs_refund('paid_twice', p.amount) end
-- That is final, whatever still comes.
if status == 'refunded' then return needs_refund('late_and_gone', p.amount) end
o.payment = p
later('HSET', shop .. ':order:' .. o.id, 'paymentId', id)
if status ~= 'needs_refund' then set_order_status(o, 'needs_refund') end
return needs_refund('late_and_gone', p.amount)
