-- notice_decide.lua: a person has looked into a notice that was unclear. Decided once; money that came is settled after it.
--
-- KEYS[1]  livehold:{shopId}
-- ARGV     id of the notice; { money: 'came' | 'none', by, name?, note? } as JSON
-- Reply    { paymentId, words, settle: whether its money is to be settled } or { error }

local id, decision = ARGV[1], cjson.decode(ARGV[2])
local n = read_notice(id)
if not n then return refuse('NOT_FOUND') end
if n.outcome == 'unclear' then
  decision.at = now
  n.decision = decision
  if decision.money == 'none' then n.outcome, n.reason = 'ignored', 'decided' end
  save_notice(id, n)
  unindex(':notices:due', id)
end
return commit({ paymentId = n.paymentId, words = n.words or '', settle = n.outcome == 'unclear' })
