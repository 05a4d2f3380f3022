-- payments_due.lua: hands out the open online payments whose turn it is to be asked about, and the notices that still have
-- no outcome, and sets their next turns, so that no two servers take up the same one. A server that dies in between is
-- made good for by that next turn.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     the most of each to hand out
-- Reply    { payments, notices, next: epoch ms or null, now }. payments: [{ paymentId, orderId, close, overdue, since }];
--          close: no more money is wanted by it, for its order's time is over (overdue), or the order has ended, or
--          is paid or to be paid by another payment. notices: [{ noticeId, paymentId, source }]

local EVERY, RETRY = 60000, 10000 -- ms; the gateways ask for no more than one question in 10 s
-- After that: money may still come, for closing can fail, and a QR can be paid late.
local AFTERWARDS = { 60000, 300000, 1800000, 7200000, 21600000, 86400000 }
-- A notice is asked about ever later: the gateway's words may never become clear.
local FIRST_TRY, LAST_TRY = 30000, 3600000

local function due(suffix)
  return redis.call('ZRANGEBYSCORE', shop .. suffix, '-inf', int(now), 'LIMIT', 0, tonumber(ARGV[1]))
end

local asked = {}
for i, id in ipairs(due(':payments:open')) do
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
  asked[i] = cjson.encode({ paymentId = id, orderId = o.id, close = overdue or not awaiting, overdue = overdue,
    since = o.shown.expiresAt })
end

local notices = {}
for i, id in ipairs(due(':notices:due')) do
  local n = read_notice(id)
  n.tries = n.tries + 1
  save_notice(id, n)
  index(':notices:due', now + math.min(FIRST_TRY * 2 ^ (n.tries - 1), LAST_TRY), id)
  notices[i] = cjson.encode({ noticeId = id, paymentId = n.paymentId, source = n.source })
end
commit({})

local next_turn
for _, suffix in ipairs({ ':payments:open', ':notices:due' }) do
  local at = tonumber(redis.call('ZRANGE', shop .. suffix, 0, 0, 'WITHSCORES')[2])
  if at and (not next_turn or at < next_turn) then next_turn = at end
end
local reply = cjson.encode({ now = now, next = next_turn or cjson.null })
return answer(splice(splice(reply, 'payments', list_of(asked)), 'notices', list_of(notices)))
