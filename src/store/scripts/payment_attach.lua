-- payment_attach.lua: the gateway has taken a QRIS payment: shows it, and the order's deadline follows its expiry. If
-- the order has been paid or ended meanwhile there is nothing to show; payments_due has the payment closed.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     paymentId; QR text; expiry (epoch ms; '' = the gateway names no time that there is); the longest that its
--          payments can be open, ms
-- Reply    { order, followed: whether the gateway's expiry was believed } or { error }. Attaching twice changes nothing more.

local LATEST, USUAL = 3600000, 900000 -- ms: an hour, the gateways' 15 minutes

local p = payment(ARGV[1])
if not p then return refuse('NOT_FOUND') end
local o = order(p.orderId)
if p.status ~= 'creating' then return commit({ order = order_view(o), followed = true }) end

-- An expiry that no QR has would hold the stock for ever, or end the order at once. The usual one holds then, and the
-- payment is closed at the gateway when it is over, as every payment is.
local expiry = tonumber(ARGV[3])
local followed = expiry ~= nil and expiry <= now + tonumber(ARGV[4]) and expiry > now - LATEST
p.qrString, p.expiresAt = ARGV[2], followed and expiry or now + USUAL
later('HSET', shop .. ':payment:' .. p.id, 'qrString', p.qrString, 'expiresAt', int(p.expiresAt))
set_payment_status(p, 'pending')
if o.shown.status == 'awaiting_payment' and o.payment.id == p.id then
  set_order_deadline(o, p.expiresAt)
  index(':payments:open', math.min(now + FIRST_CHECK, p.expiresAt), p.id)
  emit_order(o)
end
return commit({ order = order_view(o), followed = followed })
