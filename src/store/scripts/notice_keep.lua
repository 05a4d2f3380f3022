-- notice_keep.lua: a notice that changes nothing is kept with the reason why.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     paymentId; source; words; id of the notice ('' = none); outcome: 'ignored' | 'unclear'; reason
-- Reply    { kept: true }

local id, source, words, notice, outcome, reason = unpack(ARGV)
local p = payment(id)
keep_notice(id, p and p.orderId or '', { source = source, words = words, notice = notice }, outcome, reason)
return commit({ kept = true })
