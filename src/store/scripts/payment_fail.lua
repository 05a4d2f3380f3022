-- payment_fail.lua: the gateway will not take money for this payment any more; the order may be paid by another one.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     paymentId
-- Reply    { failed: boolean } or { error }. The reconciler goes on asking: money may still come.

local p = payment(ARGV[1])
if not p then return refuse('NOT_FOUND') end
local o = order(p.orderId)
local failed = o.shown.status == 'awaiting_payment' and o.payment.id == p.id
  and (p.status == 'pending' or p.status == 'creating')
if failed then
  set_payment_status(p, 'failed')
  emit_order(o)
end
return commit({ failed = failed })
