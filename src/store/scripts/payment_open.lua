-- payment_open.lua: another attempt at paying an unpaid order; the one before was closed at the gateway.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     viewerId, orderId, method, provider, id for the payment, the most that it may be of ('' = no limit), id of
--          the payment that is replaced ('' = none)
-- Reply    { order, payment: { id, status, amount, method } } or { error }

local viewerId, orderId, method, provider, paymentId, most, replaced = unpack(ARGV)
local o = order(orderId)
if not o or o.shown.viewerId ~= viewerId then return refuse('NOT_FOUND') end
-- Only within the order's own lifetime: else ever new payments would hold stock for ever.
if o.shown.status ~= 'awaiting_payment' or o.payBy <= now then
  return refuse('ORDER_NOT_PAYABLE', { status = o.shown.status })
end

local too_much = over_limit(o.shown.total, most)
if too_much then return refuse('VALIDATION', too_much) end

-- Another tab may have been faster; its payment stands.
if (o.payment and o.payment.id or '') == replaced then
  set_payment_status(o.payment, 'cancelled')
  open_payment(o, paymentId, method, provider)
  emit_order(o)
end
return commit({ order = order_view(o), payment = { id = o.payment.id, status = o.payment.status,
  amount = o.payment.amount, method = o.payment.method } })
