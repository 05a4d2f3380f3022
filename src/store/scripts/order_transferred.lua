-- order_transferred.lua: the buyer says that the transfer is made. For the host to see; nothing else changes.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerId, orderId
-- Reply    { order } or { error }. Twice is one effect: the first time stays.

local o = order(ARGV[2])
if not o or o.shown.viewerId ~= ARGV[1] then return refuse('NOT_FOUND') end
if o.shown.status ~= 'awaiting_payment' then return refuse('ORDER_NOT_PAYABLE', { status = o.shown.status }) end
-- Also while another method is looked at: the transfer can be made, and confirmed, all the same.
if o.payment.method ~= 'bank_transfer' and not o.shown.transferOpened then
  return refuse('ORDER_NOT_PAYABLE', { status = o.shown.status, payment = 'is not a bank transfer' })
end
if not o.payment.claimedAt then
  o.payment.claimedAt = now
  later('HSET', shop .. ':payment:' .. o.payment.id, 'claimedAt', int(now))
  emit_order(o)
  emit_fact(viewer(ARGV[1]), 'payment.claimed', 'order', cjson.encode(order_view(o)))
end
return commit({ order = order_view(o) })
