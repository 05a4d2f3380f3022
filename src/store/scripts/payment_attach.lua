-- payment_attach.lua: the gateway has taken a QRIS payment: shows it, and the order's deadline follows its expiry. If
-- the order has been paid or ended meanwhile there is nothing to show; payments_due has the payment closed.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     paymentId, QR text, expiry (epoch ms)
-- Reply    { order } or { error }. Attaching twice changes nothing more.

local p = payment(ARGV[1])
if not p then return refuse('NOT_FOUND') end
local o = order(p.orderId)
if p.status ~= 'creating' then return commit({ order = order_view(o) }) end

p.qrString, p.expiresAt = ARGV[2], tonumber(ARGV[3])
later('HSET', shop .. ':payment:' .. p.id, 'qrString', p.qrString, 'expiresAt', ARGV[3])
set_payment_status(p, 'pending')
if o.shown.status == 'awaiting_payment' and o.payment.id == p.id then
  set_order_deadline(o, p.expiresAt)
  index(':payments:open', math.min(now + FIRST_CHECK, p.expiresAt), p.id)
  emit_order(o)
end
return commit({ order = order_view(o) })
