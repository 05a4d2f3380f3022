-- payment_returned.lua: the gateway says that money has gone back to the payer by its own or its dashboard's hand, or by
-- the payer's bank. What a person had to pay back is done by that; what nobody knew of is recorded as done.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     paymentId; rupiah gone back so far ('' = all of the payment); reason: 'gateway_refunded' | 'chargeback';
--          source; the gateway's words; id of the notice that brought them ('' = none)
-- Reply    { outcome: 'refunded' | 'ignored', reason, order } or { error }

local id, reason = ARGV[1], ARGV[3]
local said = { source = ARGV[4], words = ARGV[5], notice = ARGV[6] }
local p = payment(id)
if not p then return refuse('NOT_FOUND') end
local o = order(p.orderId)

local function outcome(word, why)
  keep_notice(id, o.id, said, word, why)
  return commit({ outcome = word, reason = why, order = order_view(o) })
end

local owed, own = read_refund('rf_' .. id), read_refund('rg_' .. id)
local is_owed, by_gateway = owed and owed.status == 'open', own and own.amount or 0
local by_hand = owed and not is_owed and owed.amount or 0
local received = owed and owed.reason == 'wrong_amount' and owed.amount + by_gateway or p.amount
local all, returned = ARGV[2] == '', tonumber(ARGV[2]) or received

if is_owed and (all or returned >= by_gateway + owed.amount) then
  close_refund(o, owed, 'gateway', said.words)
elseif returned <= by_hand + by_gateway then
  return outcome('ignored', 'already_settled')
else
  own = own or open_refund(o, p, 'rg_' .. id, returned - by_hand, reason, said.words)
  own.amount = returned - by_hand
  close_refund(o, own, 'gateway', said.words)
  if is_owed then
    owed.amount = received - returned
    save_refund(o, owed)
  end
  if o.shown.status == 'paid' and o.payment.id == id and returned >= p.amount then refund_order(o, false) end
end
emit_order(o)
return outcome('refunded', reason)
