-- notice_keep.lua: a notice that changes nothing is kept with the reason why.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     paymentId, source, reason, id of the notice
-- Reply    { kept: true }

local p = payment(ARGV[1])
keep_notice(ARGV[1], p and p.orderId or '', ARGV[2], 'ignored', ARGV[3], ARGV[4])
return commit({ kept = true })
