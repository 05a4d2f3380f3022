-- order_end.lua: ends an unpaid order: the viewer or the host cancels it, or its online payment ran out.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     orderId; who: 'viewer' | 'host' | 'deadline'; viewerId for 'viewer', else ''
-- Reply    { order, reputation, ended: boolean } or { error }. 'deadline' ends only what is due, and
--          answers what stands otherwise; the payment was closed at the gateway before.

local id, who, viewerId = unpack(ARGV)
local o = order(id)
if not o or (who == 'viewer' and o.shown.viewerId ~= viewerId) then return refuse('NOT_FOUND') end
local v = viewer(o.shown.viewerId)
local awaiting = o.shown.status == 'awaiting_payment'
local function reply(ended) return { order = order_view(o), reputation = v.reputation, ended = ended } end

if who == 'deadline' then
  if not awaiting or o.shown.expiresAt > now then return commit(reply(false)) end
  end_order(id, 'expired', 'order_expired', settings('booking.expiryPenaltyPerItem'))
else
  if not awaiting then return refuse('ORDER_NOT_PAYABLE', { status = o.shown.status }) end
  local penalty = who == 'viewer' and settings('booking.cancelPenaltyPerItem') or nil
  end_order(id, 'cancelled', 'order_cancelled', penalty)
end
return commit(reply(true))
