-- notice_receive.lua: keeps a notice from the moment that it came in; whoever received it has some time for it.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     id of the notice (the same for every repeat), paymentId, source, words
-- Reply    { settled: boolean }: whether its payment has been paid already

local id, paymentId, source, words = unpack(ARGV)
local n = count_notice(id, paymentId, source)
n.words, n.tries = n.words or words, 0
save_notice(id, n)
index(':notices:due', now + NOTICE_HANDLED_WITHIN, id)
local p = payment(paymentId)
return commit({ settled = p ~= nil and p.status == 'paid' })
