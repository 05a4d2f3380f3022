-- payments_due.lua: hands out the open online payments whose turn it is to be asked about, and sets their next turn, so
-- that no two servers ask about the same one. A server that dies in between is made good for by that next turn.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     the most to hand out
-- Reply    payments ('[]' spliced): [{ paymentId, orderId, close, overdue, since }], next: epoch ms or null, now.
--          close: no more money is wanted by it, for its order's time is over (overdue), or the order has ended, or
--          is paid or to be paid by another payment

local EVERY, RETRY = 60000, 10000 -- ms; the gateways ask for no more than one question in 10 s
-- After that: money may still come, for closing can fail, and a QR can be paid late.
local AFTERWARDS = { 60000, 300000, 1800000, 7200000, 21600000, 86400000 }

local due = redis.call('ZRANGEBYSCORE', shop .. ':payments:open', '-inf', int(now), 'LIMIT', 0, tonumber(ARGV[1]))
local list = {}
for i, id in ipairs(due) do
  local p = payment(id)
  local o = order(p.orderId)
  local awaiting = o.shown.status == 'awaiting_payment' and o.payment.id == id
  local overdue = awaiting and o.shown.expiresAt <= now
  if awaiting then
    index(':payments:open', overdue and now + RETRY or math.min(now + EVERY, o.shown.expiresAt), id)
  else
    local checks = tonumber(redis.call('HGET', shop .. ':payment:' .. id, 'checks')) + 1
    later('HSET', shop .. ':payment:' .. id, 'checks', int(checks))
    if AFTERWARDS[checks] then
      index(':payments:open', now + AFTERWARDS[checks], id)
    else
      unindex(':payments:open', id)
    end
  end
  list[i] = cjson.encode({ paymentId = id, orderId = o.id, close = overdue or not awaiting, overdue = overdue,
    since = o.shown.expiresAt })
end
commit({})
local first = redis.call('ZRANGE', shop .. ':payments:open', 0, 0, 'WITHSCORES')
local reply = cjson.encode({ now = now, next = first[2] and tonumber(first[2]) or cjson.null })
return answer(splice(reply, 'payments', list_of(list)))
