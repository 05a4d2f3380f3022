-- release_due.lua: the sweeper's step. What is due was ended by lib/due.lua; this answers when to come again.
--
-- KEYS[1]  livehold:{shopId}
-- Reply    { next, now, lateness }: the next deadline (epoch ms, null for none); Redis's clock; how late each ending of
--          this call came, ms. Or { retry: true, now, lateness }: there is more.

local first = redis.call('ZRANGE', shop .. ':deadlines', 0, 0, 'WITHSCORES')
local reply = cjson.encode({ now = now, next = first[2] and tonumber(first[2]) or cjson.null })
return answer(splice(reply, 'lateness', lateness_json()))
