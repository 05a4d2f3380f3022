-- refund_done.lua: somebody has paid the money back.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     refundId; note; by: 'host' | 'gateway'; digest of the caller's requestId ('' = none)
-- Reply    { refundId, order } or { error }. Twice is one effect: the first note stays.

local id, note, by, digest = unpack(ARGV)
-- The note is what somebody wrote, so not it is kept with the request, but its digest.
local asked = 'refund_done ' .. id .. ' ' .. redis.sha1hex(digest .. note)
local prior = requests.made(digest)
if prior and prior ~= asked then return refuse('REQUEST_CONFLICT') end
local r = read_refund(id)
if not r then return refuse('NOT_FOUND') end
local o = order(r.orderId)
requests.keep(digest, asked)
if r.status == 'open' then
  close_refund(o, r, by, note)
  emit_order(o)
end
return commit({ refundId = id, order = order_view(o) })
